import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { UsageError } from '../../command.ts';
import type { TapIntake } from '../run-walk-test.ts';
import { tapEventsOf } from './tap-request.ts';

/** 2,000 events of 120 bytes. */
const bodyBytesMax = 256 * 1024;
const tokenBytes = 16;

export interface TapServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** What the address must contain; a random one by default. */
  readonly token?: string | undefined;
  /** The words of the page. */
  readonly words: Readonly<Record<string, string>>;
  readonly nowSeconds: () => number;
  /** Null until the test has begun: telephones keep their taps so long. */
  readonly intake: () => TapIntake | null;
}

/** A page with large buttons on the observer's telephone, served while a walk test runs. */
export interface TapServer {
  /** With the token: whoever has it may tap. */
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the page's server. Throws `UsageError` where the port cannot be had. */
export async function openTapServer(options: TapServerOptions): Promise<TapServer> {
  const token = options.token ?? randomBytes(tokenBytes).toString('base64url');
  const page = readFileSync(new URL('./tap-page.html', import.meta.url), 'utf8').replace('"__WORDS__"', () =>
    JSON.stringify(options.words).replaceAll('<', '\\u003c'),
  );
  const server = createServer((request, response) => {
    answer({ request, response }, { options, token, page }).catch(() => {
      if (!response.headersSent) response.writeHead(400, headers('text/plain'));
      response.end();
    });
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${addressOf(options.host)}:${port}/${token}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { options, token, page }: { options: TapServerOptions; token: string; page: string },
): Promise<void> {
  const [, given, rest] = /^\/([\w-]{1,200})\/(taps)?$/.exec(request.url ?? '') ?? [];
  if (given === undefined || !same(given, token)) {
    response.writeHead(404, headers('text/plain')).end('404\n');
  } else if (request.method === 'GET' && rest === undefined) {
    response.writeHead(200, headers('text/html; charset=utf-8')).end(page);
  } else if (request.method === 'POST' && rest === 'taps') {
    await takeTaps({ request, response }, options);
  } else response.writeHead(405, headers('text/plain')).end('405\n');
}

async function takeTaps(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  options: TapServerOptions,
): Promise<void> {
  const events = tapEventsOf(JSON.parse(await bodyOf(request)), options.nowSeconds());
  const intake = options.intake();
  if (events === null || intake === null) {
    response.writeHead(events === null ? 400 : 503, headers('text/plain')).end();
    return;
  }
  for (const event of events) intake.take(event);
  response.writeHead(200, headers('application/json')).end(JSON.stringify({ standing: intake.standing() }));
}

/** The page loads nothing from anywhere, is framed by nobody, and its address with the token goes to nobody. */
function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'",
  };
}

function same(given: string, token: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > bodyBytesMax) throw new RangeError('too much');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function listen(server: Server, { host, port }: TapServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new UsageError(`--phone-port ${port}: ${cause.message}`)));
    server.listen(port, host, resolve);
  });
}

/** An address at which others reach this machine. */
function addressOf(host: string): string {
  if (host !== '0.0.0.0') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  return outside?.address ?? '127.0.0.1';
}

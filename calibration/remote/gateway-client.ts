import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Refusal, UsageError } from '../command.ts';

const answerSecondsMax = 15;
/** A sheet of paper with pictures; more is no answer to anything asked here. */
const answerBytesMax = 8 * 1024 * 1024;

export interface GatewayAccess {
  /** As http://gateway:8080. */
  readonly url: string;
  /** Sent as a bearer token; null where the gateway is open. */
  readonly key: string | null;
  /** PEM of a gateway's own certificate. */
  readonly ca: string | null;
  readonly signal: AbortSignal;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** What a verb's command line says about the gateway; null where it names none. Throws `UsageError`. */
export function gatewayAccess(
  values: {
    readonly gateway?: string | undefined;
    readonly 'key-file'?: string | undefined;
    readonly 'ca-file'?: string | undefined;
  },
  signal: AbortSignal,
): GatewayAccess | null {
  if (values.gateway === undefined) return null;
  if (!/^https?:\/\/[^/]/.test(values.gateway)) {
    throw new UsageError(`--gateway ${values.gateway}: http:// or https://`);
  }
  const read = (option: 'key-file' | 'ca-file') => {
    const file = values[option];
    if (file === undefined) return null;
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw new UsageError(`--${option} ${file}: ${(cause as Error).message}`);
    }
  };
  const key = read('key-file')?.split('\n')[0]?.trim() ?? process.env['PASSANT_KEY'] ?? null;
  return { url: values.gateway.replace(/\/+$/, ''), key, ca: read('ca-file'), signal };
}

/** Asks the gateway. Throws `Refusal` `gateway-unreachable` where no answer comes; answers of any status are returned. */
export function askGateway(
  { url, key, ca, signal }: GatewayAccess,
  path: string,
  put?: { readonly body: unknown },
): Promise<GatewayAnswer> {
  const target = new URL(url + path);
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const text = put === undefined ? null : JSON.stringify(put.body);
  const unreachable = (cause: Error) =>
    new Refusal(
      'gateway-unreachable',
      `${target.origin}: ${cause.message || (cause as NodeJS.ErrnoException).code}`,
    );
  return new Promise((resolve, reject) => {
    const sent = request(
      target,
      {
        method: put === undefined ? 'GET' : 'PUT',
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerSecondsMax * 1000)]),
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(text === null ? {} : { 'content-type': 'application/json' }),
        },
        ...(ca === null ? {} : { ca }),
      },
      (response) => {
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          parts.push(part);
          if (bytes > answerBytesMax) response.destroy(new Error(`more than ${answerBytesMax} bytes`));
        });
        response.on('error', (cause) => reject(unreachable(cause)));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    sent.on('error', (cause) => reject(unreachable(cause)));
    sent.end(text ?? undefined);
  });
}

/** Asks for JSON. Throws `Refusal` `gateway-refused` with the gateway's own words where the status is no success. */
export async function askGatewayJson(
  access: GatewayAccess,
  path: string,
  put?: { body: unknown },
): Promise<unknown> {
  const answer = await askGateway(access, path, put);
  if (answer.status >= 200 && answer.status < 300) {
    return answer.body.length === 0 ? null : JSON.parse(answer.body.toString('utf8'));
  }
  throw new Refusal('gateway-refused', `${access.url}${path}: ${answer.status} ${detailOf(answer)}`, {
    status: answer.status,
  });
}

function detailOf(answer: GatewayAnswer): string {
  try {
    const problem = JSON.parse(answer.body.toString('utf8')) as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? '';
  } catch {
    return answer.body.toString('utf8').slice(0, 200);
  }
}

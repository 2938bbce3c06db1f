import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { openPinnedSocket, TrustError } from '../../edge-agent/uplink/pinned-socket.ts';
import { Refusal } from '../command.ts';
import type { EnrolmentMessages } from '../messages/enrolment.ts';

const answerMsMax = 15_000;
/** What is known of a device, with a hundred profiles and conflicts. */
const answerBytesMax = 1024 * 1024;

/** A gateway as it stands in a code: its address, and the fingerprint of the key that answers there. */
export interface PinnedGateway {
  readonly url: string;
  /** Null: its certificate comes from an authority, or it is this very machine. */
  readonly pin: string | null;
  /** A device's name and password; null for a claim. */
  readonly credentials: { readonly device: string; readonly password: string } | null;
  readonly signal: AbortSignal;
}

export interface ClientAnswer {
  readonly status: number;
  /** The code of the problem, as `code-used`; null where there is none. */
  readonly problem: string | null;
  readonly body: Record<string, unknown>;
}

/**
 * Asks the gateway that was pinned and nobody else. Throws `Refusal`: `gateway-untrusted` where another
 * key answers or the certificate has expired, `gateway-unreachable` where nobody does.
 */
export async function askPinned(
  gateway: PinnedGateway,
  asked: { readonly method: string; readonly path: string; readonly body?: unknown },
  text: EnrolmentMessages,
): Promise<ClientAnswer> {
  try {
    return await answered(await requestTo(gateway, asked), asked.body);
  } catch (cause) {
    if (gateway.signal.aborted) throw cause;
    if (cause instanceof TrustError) {
      throw new Refusal('gateway-untrusted', text.untrusted(gateway.url, cause.fault), {
        fault: cause.fault,
      });
    }
    const { message, code } = cause as NodeJS.ErrnoException;
    throw new Refusal('gateway-unreachable', text.unreachable(gateway.url, message || String(code)));
  }
}

async function requestTo(
  { url, pin, credentials, signal }: PinnedGateway,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<ClientRequest> {
  const target = new URL(path, url);
  const basic =
    credentials && Buffer.from(`${credentials.device}:${credentials.password}`).toString('base64');
  const options = {
    method,
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(basic === null ? {} : { authorization: `Basic ${basic}` }),
    },
  };
  if (pin === null) return (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, options);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = Number(target.port || 443);
  const socket = await openPinnedSocket({
    host,
    port,
    pin,
    nowMs: Date.now(),
    timeoutMs: answerMsMax,
    signal,
  });
  // HTTP over the connection that has proved itself: it is TLS already. With an agent, even none of its
  // own, Node would open another connection, in the clear.
  const plain = new URL(target.href.replace(/^https:/, 'http:'));
  return httpRequest(plain, { ...options, createConnection: () => socket });
}

function answered(sent: ClientRequest, body: unknown): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      let received = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        received += part;
        if (received.length > answerBytesMax) response.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('end', () => resolve(read(response.statusCode ?? 0, received)));
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function read(status: number, received: string): ClientAnswer {
  let body: Record<string, unknown> = {};
  try {
    if (received !== '') body = JSON.parse(received) as Record<string, unknown>;
  } catch {
    // Something answers that is no gateway; its status tells.
  }
  const [, problem] = /^\/problems\/([a-z-]+)$/.exec(String(body['type'] ?? '')) ?? [];
  return { status, problem: problem ?? null, body };
}

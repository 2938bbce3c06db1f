import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import { join } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { keyFingerprint } from '../../../gateway/certificate/key-fingerprint.ts';
import type { EnrolmentClaim, IssuedCode } from '../../../gateway/contract/enrolment.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { newToken, tokenHash } from '../../../gateway/web/access/credentials.ts';
import { type GatewayBed, openGatewayBed } from '../gateway-bed.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** Fingerprint of the key that answered. */
  readonly pin: string | null;
}

/** A gateway that speaks TLS, with two lines and a technician's key. */
export interface EnrolmentBed {
  readonly gateway: GatewayBed['gateway'];
  readonly dataDirectory: string;
  ask(method: string, path: string, options?: { body?: unknown; authorization?: string }): Promise<Answer>;
  /** As the technician. */
  code(line?: string, changes?: object): Promise<IssuedCode>;
  technician: string;
  close(): Promise<void>;
}

export const lines = [
  { id: 'shop-door', name: 'Door' },
  { id: 'shop-back', name: 'Back door' },
];

export const password = () => randomBytes(32).toString('base64url');
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
export const basic = (device: string, secret: string) =>
  `Basic ${Buffer.from(`${device}:${secret}`).toString('base64')}`;

/** What a counter with one ceiling sensor would send. */
export function claimOf(code: string, secret: string, changes: Partial<EnrolmentClaim> = {}): EnrolmentClaim {
  return {
    version: 1,
    code,
    passwordSha256: sha256(secret),
    sensors: [{ sensor: 'door', kind: 'crossing' }],
    ...changes,
  };
}

export async function openEnrolmentBed(
  options: { config?: object; now?: () => number; dataDirectory?: string } = {},
): Promise<EnrolmentBed> {
  const bed = await openGatewayBed({
    ...options,
    config: {
      http: { port: 0, tls: true },
      broker: { kind: 'embedded', port: 0, tls: true },
      sites: [{ id: 'shop', name: 'Shop', lines }],
      ...options.config,
    },
  });
  const technician = await giveKey(bed.dataDirectory);
  const ask: EnrolmentBed['ask'] = (method, path, asked) =>
    askOver(new URL(path, bed.gateway.url), method, asked);
  return {
    gateway: bed.gateway,
    dataDirectory: bed.dataDirectory,
    technician,
    ask,
    code: async (line = 'shop-door', changes = {}) => {
      const { status, body } = await ask('POST', '/v1/enrolment-codes', {
        body: { site: 'shop', line, ...changes },
        authorization: technician,
      });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body as IssuedCode;
    },
    close: () => bed.close(),
  };
}

/** Gives a technician of the shop a key, beside the running gateway; the header to send. */
async function giveKey(dataDirectory: string): Promise<string> {
  const store = await openSqliteCountStore(join(dataDirectory, 'counts.sqlite'));
  const token = newToken('psk');
  const body = {
    name: 'Test',
    role: 'technician',
    sites: ['shop'],
    tokenSha256: tokenHash(token),
    expiresMs: Date.parse('2100-01-01T00:00:00Z'),
  };
  await store.put([{ kind: 'api-key', id: 'technician', body }], Date.now());
  await store.close();
  return `Bearer ${token}`;
}

/** One request over TLS that notes which key answered, as an attacker or a test may look at it. */
export function askOver(
  url: URL,
  method: string,
  { body, authorization }: { body?: unknown; authorization?: string } = {},
): Promise<Answer> {
  const text = body === undefined ? null : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    let pin: string | null = null;
    const asked = request(
      url,
      {
        method,
        rejectUnauthorized: false,
        // A connection of its own, so that there is a handshake to look at.
        agent: false,
        headers: {
          ...(text === null ? {} : { 'content-type': 'application/json' }),
          ...(authorization === undefined ? {} : { authorization }),
        },
      },
      (response) => {
        let received = '';
        response.on('data', (chunk) => {
          received += String(chunk);
        });
        response.on('end', () => {
          const json = received === '' ? {} : (JSON.parse(received) as Record<string, unknown>);
          resolve({ status: response.statusCode!, body: json, pin });
        });
      },
    );
    asked.on('socket', (socket) =>
      socket.once('secureConnect', () => {
        const { raw } = (socket as unknown as { getPeerCertificate(): PeerCertificate }).getPeerCertificate();
        pin = keyFingerprint(new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'pem' }));
      }),
    );
    asked.on('error', reject);
    asked.end(text ?? undefined);
  });
}

import { createHash, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

/** Why a server that answered is not trusted. */
export type TrustFault = 'other-key' | 'expired' | 'not-yet-valid';

/** A server that answered, and is not the one that was pinned, or not at this time. Nothing was sent to it. */
export class TrustError extends Error {
  readonly fault: TrustFault;
  constructor(fault: TrustFault, message: string) {
    super(message);
    this.name = 'TrustError';
    this.fault = fault;
  }
}

export interface PinnedServer {
  readonly host: string;
  readonly port: number;
  /** SHA-256 over the public key (SPKI), base64url. */
  readonly pin: string;
  /** Milliseconds since 1970; null while nobody knows the time: then no date is judged, the key still is. */
  readonly nowMs: number | null;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Opens a TLS connection to a server known by its key alone: no authority and no name is asked, since
 * nobody else has the key. The handshake proves that the server holds it (RFC 8446, section 4.4.3), and
 * nothing is written before that is known. Rejects with a `TrustError`, or the network's error.
 */
export function openPinnedSocket(server: PinnedServer): Promise<TLSSocket> {
  const { host, port, pin, nowMs, timeoutMs, signal } = server;
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // The pin takes the place of the authorities; see below.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  });
  const give = (error: Error) => {
    socket.destroy();
    reject(error);
  };
  const timer = setTimeout(() => give(new Error(`${host}:${port} does not answer`)), timeoutMs);
  // Until it is handed over; whoever has it then says good-bye in his own way.
  const stop = () => give(new Error('stopped'));
  signal?.addEventListener('abort', stop, { once: true });
  socket.once('error', give);
  const closed = () => give(new Error(`${host}:${port} closed the connection`));
  socket.once('close', closed);
  socket.once('secureConnect', () => {
    const fault = trustFault(socket.getPeerX509Certificate(), { pin, nowMs });
    if (fault !== null) return give(fault);
    socket.off('error', give).off('close', closed);
    socket.setNoDelay(true);
    resolve(socket);
  });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  });
}

function trustFault(
  certificate: X509Certificate | undefined,
  { pin, nowMs }: { readonly pin: string; readonly nowMs: number | null },
): TrustError | null {
  const found = certificate === undefined ? 'none' : fingerprintOf(certificate);
  if (certificate === undefined || found !== pin) {
    return new TrustError(
      'other-key',
      `the key that answers is not the pinned one (pinned ${pin}, found ${found}): somebody else answers, or the gateway has a new key and this device must be enrolled anew`,
    );
  }
  if (nowMs === null) return null;
  const { validFrom, validTo } = certificate;
  if (nowMs > Date.parse(validTo)) {
    return new TrustError(
      'expired',
      `the gateway's certificate ended on ${validTo}: it must be renewed there`,
    );
  }
  if (nowMs < Date.parse(validFrom)) {
    return new TrustError(
      'not-yet-valid',
      `the gateway's certificate begins on ${validFrom}: one of the two clocks is wrong`,
    );
  }
  return null;
}

function fingerprintOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64url');
}

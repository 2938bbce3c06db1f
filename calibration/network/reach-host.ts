import { connect } from 'node:net';

/** A gateway that does not take a connection within this is not there for us. */
const answerMs = 5_000;

export type Reach =
  | { readonly kind: 'reached'; readonly milliseconds: number }
  | { readonly kind: 'name-unknown' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' };

/** Whether a host takes connections at a port. Never rejects. */
export function reachHost(host: string, port: number): Promise<Reach> {
  const startedAt = performance.now();
  // Brackets belong to URLs, not to IPv6 addresses.
  const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
  socket.setTimeout(answerMs);
  return new Promise<Reach>((resolve) => {
    socket.once('connect', () =>
      resolve({ kind: 'reached', milliseconds: Math.round(performance.now() - startedAt) }),
    );
    socket.once('timeout', () => resolve({ kind: 'silent' }));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') resolve({ kind: 'name-unknown' });
      else resolve({ kind: code === 'ECONNREFUSED' ? 'refused' : 'silent' });
    });
  }).finally(() => socket.destroy());
}

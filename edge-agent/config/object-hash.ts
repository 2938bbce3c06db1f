import { createHash } from 'node:crypto';

/** First 64 bits of the SHA-256 over a JSON value with sorted keys: its name wherever it is spoken of. */
export function objectHash(value: unknown): string {
  return createHash('sha256').update(sorted(value)).digest('hex').slice(0, 16);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

import { createHash } from 'node:crypto';
import type { Interval } from '../contract/count-batch.ts';

/**
 * The first 64 bits of the SHA-256 of an interval's contents without its sequence, as the signed
 * number that databases keep. Names are sorted, so that the order in which an agent writes them
 * does not matter.
 */
export function intervalHash(interval: Interval): bigint {
  const { sequence: _, ...contents } = interval;
  return createHash('sha256').update(canonical(contents)).digest().readBigInt64BE(0);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

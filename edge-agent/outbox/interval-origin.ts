import { hash } from 'node:crypto';

/** Where and when an interval was closed, and the first key it got. */
export interface IntervalBirth {
  readonly epoch: string;
  readonly sequence: number;
  readonly boot: string;
  readonly sensor: string;
  readonly atMs: number;
}

/**
 * What an interval is, in 64 bits: the same on every copy of the card that holds it, and another one
 * for whatever else a copy closes under the same key. It stays when the key changes.
 */
export function intervalOrigin({ epoch, sequence, boot, sensor, atMs }: IntervalBirth): string {
  return hash('sha256', `${epoch}/${sequence}/${boot}/${sensor}/${atMs}`).slice(0, 16);
}

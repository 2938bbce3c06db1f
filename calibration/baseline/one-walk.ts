import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { DistanceChunk, SensorDescription } from '../../hardware/sensor.ts';
import { LiveCount } from '../live/live-count.ts';

/** Counts are told at once; a second person on the heels of the first shows within this. */
const settleSeconds = 1.5;

/** What one walk inwards said. */
export type WalkVerdict =
  | { readonly kind: 'waiting' }
  /** The engine counts it as `in`: the sides are as they should be. */
  | { readonly kind: 'right-way' }
  /** The engine counts it as `out`: the sides must be exchanged. */
  | { readonly kind: 'wrong-way' }
  | { readonly kind: 'several-people' };

/** Watches one person walk in, with the very engine that will count here. */
export class OneWalk {
  readonly #count: LiveCount;
  #countedAtSeconds: number | null = null;

  constructor(description: SensorDescription, profile: DistanceSensorProfile) {
    this.#count = new LiveCount(description, profile);
  }

  take(chunk: DistanceChunk): WalkVerdict {
    this.#count.take(chunk);
    const now = chunk.atSeconds[chunk.length - 1] ?? 0;
    const { in: inwards, out: outwards } = this.#count.totals;
    if (inwards + outwards === 0) return { kind: 'waiting' };
    this.#countedAtSeconds ??= now;
    if (inwards + outwards > 1) return { kind: 'several-people' };
    if (now - this.#countedAtSeconds < settleSeconds) return { kind: 'waiting' };
    return { kind: inwards === 1 ? 'right-way' : 'wrong-way' };
  }
}

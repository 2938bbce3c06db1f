import type { CrossingSink, Direction } from '../../edge-agent/count/counter.ts';
import { countingSite } from '../../edge-agent/count/counting-site.ts';
import { createCrossingEngine } from '../../edge-agent/count/crossing-engine.ts';
import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { DistanceChunk, SensorDescription } from '../../hardware/sensor.ts';

/** Nobody here asks for findings; they are taken away so that they do not pile up. */
const nobody: CrossingSink = { crossing: () => {}, rejection: () => {}, doubt: () => {}, flag: () => {} };

/** The engine that will count here, asked for its totals at once. */
export class LiveCount {
  readonly #counter: ReturnType<typeof createCrossingEngine>;

  constructor(description: SensorDescription, profile: DistanceSensorProfile) {
    this.#counter = createCrossingEngine(countingSite(description, profile));
  }

  get totals(): Readonly<Record<Direction, number>> {
    return this.#counter.live;
  }

  /** Takes readings; tells how many people more they have shown. */
  take(chunk: DistanceChunk): number {
    const before = this.#counter.live.in + this.#counter.live.out;
    this.#counter.take(chunk);
    this.#counter.drain(nobody);
    return this.#counter.live.in + this.#counter.live.out - before;
  }
}

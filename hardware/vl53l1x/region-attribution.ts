/**
 * Says which region a range was measured with. The device takes over a region when a range starts,
 * and tells nobody when that is; we know only between which two polls a range ended. So a range
 * whose start may have met a write of the region belongs to nobody.
 */

interface RegionWrite {
  readonly zone: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Writes older than the range before last are never asked for. */
const writesKept = 6;

/** A range lasts this many times its budget at least and at most: oscillators differ between chips. */
export const budgetToleranceMin = 0.85;
export const budgetToleranceMax = 1.1;

export class RegionAttribution {
  readonly #budgetSeconds: number;
  #writes: RegionWrite[] = [];

  constructor(budgetSeconds: number) {
    this.#budgetSeconds = budgetSeconds;
  }

  /** A region was written while nothing ranged: earlier writes do not matter any more. */
  restart(zone: number, atSeconds: number): void {
    this.#writes = [{ zone, fromSeconds: atSeconds, toSeconds: atSeconds }];
  }

  /** A region was written at some time between the two. */
  written(write: RegionWrite): void {
    this.#writes.push(write);
    if (this.#writes.length > writesKept) this.#writes.shift();
  }

  /** The zone of the range that ended after `afterSeconds` and until `untilSeconds`; null if unsure. */
  zoneOf(afterSeconds: number, untilSeconds: number): number | null {
    const startEarliest = afterSeconds - this.#budgetSeconds * budgetToleranceMax;
    const startLatest = untilSeconds - this.#budgetSeconds * budgetToleranceMin;
    for (const write of this.#writes.toReversed()) {
      if (write.fromSeconds >= startLatest) continue;
      return write.toSeconds <= startEarliest ? write.zone : null;
    }
    return null;
  }
}

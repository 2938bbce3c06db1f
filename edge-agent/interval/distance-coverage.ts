import type { DistanceChunk, Zone } from '../../hardware/sensor.ts';

/** A good reading speaks for this long; after it the zone is not looked at (architecture.md). */
const goodReadingSeconds = 0.15;

/** Range status of a reading to be trusted. */
const statusGood = 0;

/** Zone ids are below four (hardware/sensor.ts). */
const zoneIdsMax = 4;

/**
 * Finds the time in which every zone had a good reading not longer ago than `goodReadingSeconds`.
 * Allocates nothing for a reading.
 */
export class DistanceCoverage {
  /** Time of the last good reading by zone id; infinite for ids that the sensor does not have. */
  readonly #lastGoodSeconds = new Float64Array(zoneIdsMax).fill(Number.POSITIVE_INFINITY);
  /** Start of the running covered span; NaN while not every zone is looked at. */
  #spanSeconds = Number.NaN;

  constructor(zones: readonly Zone[]) {
    for (const zone of zones) this.#lastGoodSeconds[zone.id] = Number.NEGATIVE_INFINITY;
  }

  /** Reports the covered spans up to the chunk's last reading, each time once. */
  take(chunk: DistanceChunk, cover: (fromSeconds: number, toSeconds: number) => void): void {
    const { atSeconds, zone, status, length } = chunk;
    let span = this.#spanSeconds;
    let coveredTo = this.#coveredToSeconds();
    for (let at = 0; at < length; at += 1) {
      const seconds = atSeconds[at]!;
      if (coveredTo < seconds && !Number.isNaN(span)) {
        cover(span, coveredTo);
        span = Number.NaN;
      }
      if (status[at] !== statusGood) continue;
      this.#lastGoodSeconds[zone[at]!] = seconds;
      coveredTo = this.#coveredToSeconds();
      if (Number.isNaN(span) && coveredTo > seconds) span = seconds;
    }
    this.#spanSeconds = span;
    if (length > 0) this.#report(atSeconds[length - 1]!, cover);
  }

  /** Reports what is covered up to `seconds`, though no reading came. */
  advance(seconds: number, cover: (fromSeconds: number, toSeconds: number) => void): void {
    this.#report(seconds, cover);
  }

  #report(seconds: number, cover: (fromSeconds: number, toSeconds: number) => void): void {
    const from = this.#spanSeconds;
    if (Number.isNaN(from)) return;
    const coveredTo = this.#coveredToSeconds();
    const to = Math.min(coveredTo, seconds);
    if (to > from) cover(from, to);
    this.#spanSeconds = coveredTo < seconds ? Number.NaN : Math.max(to, from);
  }

  #coveredToSeconds(): number {
    const last = this.#lastGoodSeconds;
    return Math.min(last[0]!, last[1]!, last[2]!, last[3]!) + goodReadingSeconds;
  }
}

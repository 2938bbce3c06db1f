import { rangesBetween } from './range-timing.ts';
import type { Range } from './vl53l1x-device.ts';

/** This many ranges alike in every value are a frozen device; noise makes even two unlikely. */
const repeatsMax = 10;
/** Range status of the port for a range that was not checked for wrap-around. */
const statusUncheckedWrap = 6;
const statusNone = 255;

/** What is to be done with a range. */
export type RangeVerdict =
  /** Report it with this status. */
  | { readonly kind: 'report'; readonly status: number }
  /** The device repeats itself: initialise it anew. */
  | { readonly kind: 'frozen' };

/**
 * Finds ranges that look good and are not: repeated ones. Light is noisy: signal, ambient, sigma and
 * distance of one region never all repeat by chance for long.
 */
export class RangeDoubt {
  #streamCount: number | null = null;
  #repeats = 0;
  /** The latest range of each zone, and under -1 the latest of all. */
  readonly #lastByZone = new Map<number, Range>();

  restart(): void {
    this.#streamCount = null;
    this.#repeats = 0;
    this.#lastByZone.clear();
  }

  /** How many ranges ended unseen between the one judged last and this one. */
  missed(range: Range): number {
    if (this.#streamCount === null || this.#streamCount === range.streamCount) return 0;
    return rangesBetween(this.#streamCount, range.streamCount) - 1;
  }

  /** Judges the next range; `zone` is null where nobody knows its region. */
  judge(range: Range, zone: number | null): RangeVerdict {
    const before = this.#streamCount;
    this.#streamCount = range.streamCount;
    if (before === range.streamCount) return { kind: 'frozen' };
    const repeats =
      range.status === 0 && (this.#isRepeated(-1, range) || this.#isRepeated(zone ?? -1, range));
    this.#repeats = repeats ? this.#repeats + 1 : 0;
    this.#lastByZone.set(-1, range);
    if (zone !== null) this.#lastByZone.set(zone, range);
    if (this.#repeats >= repeatsMax) return { kind: 'frozen' };
    if (repeats || zone === null) return { kind: 'report', status: statusNone };
    // The first range after a start has nothing to compare its phase with.
    const status = range.status === 0 && before === null ? statusUncheckedWrap : range.status;
    return { kind: 'report', status };
  }

  #isRepeated(zone: number, range: Range): boolean {
    const last = this.#lastByZone.get(zone);
    return last !== undefined && equalValues(last, range);
  }
}

function equalValues(a: Range, b: Range): boolean {
  return (
    a.status === b.status &&
    a.distanceMm === b.distanceMm &&
    a.signalKcps === b.signalKcps &&
    a.ambientKcps === b.ambientKcps &&
    a.sigmaMm === b.sigmaMm &&
    a.spads === b.spads
  );
}

import { budgetToleranceMax, budgetToleranceMin } from './region-attribution.ts';

/** A span of time in which something happened at one moment. */
export interface Moment {
  readonly afterSeconds: number;
  readonly untilSeconds: number;
}

/** What a chip takes for a millisecond differs by some per cent from chip to chip. */
const periodTolerance = 0.08;
/** Over this many ranges the period may drift with temperature by `driftTolerance`. */
const anchorRangesMax = 500;
const driftTolerance = 0.003;
/** The count of ranges goes from 255 back to 128. */
const streamCycle = 128;
/** A write next to the start of a range may be early or late by this much. */
const writeGuardSeconds = 0.0005;

/**
 * Knows when ranges end, closer than polling tells: they follow each other at a steady period, so each
 * observation narrows what the others allow. A host that is held up loses readings, not its bearings.
 */
export class RangeTiming {
  readonly #nominalSeconds: number;
  readonly #budgetSeconds: number;
  #period: Moment;
  #last: (Moment & { readonly streamCount: number }) | null = null;
  #anchor: Moment | null = null;
  #rangesSinceAnchor = 0;

  constructor(periodSeconds: number, budgetSeconds: number) {
    this.#nominalSeconds = periodSeconds;
    this.#budgetSeconds = budgetSeconds;
    this.#period = this.#nominalPeriod();
  }

  /** Ranging has started anew: counts and phase begin again, the period stays. */
  restart(): void {
    this.#last = null;
    this.#anchor = null;
  }

  /** When the range with this count ended, given what was seen; narrower than `seen` where possible. */
  ended(streamCount: number, seen: Moment): Moment {
    const last = this.#last;
    const ranges = last === null ? 0 : rangesBetween(last.streamCount, streamCount);
    const narrowed = last === null ? seen : this.#narrow(last, ranges, seen);
    if (narrowed === null) {
      // It does not fit: the device runs at another period than asked for.
      this.restart();
      this.#period = this.#nominalPeriod();
      this.#last = { ...seen, streamCount };
      return seen;
    }
    this.#last = { ...narrowed, streamCount };
    this.#learn(narrowed, ranges);
    return narrowed;
  }

  /** When the range after the last one seen is going to end; null before the first. */
  nextEnd(): Moment | null {
    const last = this.#last;
    if (last === null) return null;
    return {
      afterSeconds: last.afterSeconds + this.#period.afterSeconds,
      untilSeconds: last.untilSeconds + this.#period.untilSeconds,
    };
  }

  /** The first moment from `nowSeconds` on at which no range can be about to start. */
  safeWriteSeconds(nowSeconds: number): number {
    const next = this.nextEnd();
    if (next === null) return nowSeconds;
    let from = next.afterSeconds - this.#budgetSeconds * budgetToleranceMax - writeGuardSeconds;
    let to = next.untilSeconds - this.#budgetSeconds * budgetToleranceMin + writeGuardSeconds;
    while (to < nowSeconds) {
      from += this.#period.afterSeconds;
      to += this.#period.untilSeconds;
    }
    return nowSeconds < from ? nowSeconds : to;
  }

  #narrow(last: Moment, ranges: number, seen: Moment): Moment | null {
    const afterSeconds = Math.max(seen.afterSeconds, last.afterSeconds + ranges * this.#period.afterSeconds);
    const untilSeconds = Math.min(seen.untilSeconds, last.untilSeconds + ranges * this.#period.untilSeconds);
    return afterSeconds <= untilSeconds ? { afterSeconds, untilSeconds } : null;
  }

  #learn(end: Moment, ranges: number): void {
    if (this.#anchor === null || this.#rangesSinceAnchor > anchorRangesMax) {
      this.#anchor = end;
      this.#rangesSinceAnchor = 0;
      this.#period = this.#within({
        afterSeconds: this.#period.afterSeconds * (1 - driftTolerance),
        untilSeconds: this.#period.untilSeconds * (1 + driftTolerance),
      });
      return;
    }
    this.#rangesSinceAnchor += ranges;
    if (this.#rangesSinceAnchor === 0) return;
    const fastest = (end.afterSeconds - this.#anchor.untilSeconds) / this.#rangesSinceAnchor;
    const slowest = (end.untilSeconds - this.#anchor.afterSeconds) / this.#rangesSinceAnchor;
    this.#period = {
      afterSeconds: Math.max(this.#period.afterSeconds, fastest),
      untilSeconds: Math.min(this.#period.untilSeconds, slowest),
    };
  }

  #within(period: Moment): Moment {
    const nominal = this.#nominalPeriod();
    return {
      afterSeconds: Math.max(period.afterSeconds, nominal.afterSeconds),
      untilSeconds: Math.min(period.untilSeconds, nominal.untilSeconds),
    };
  }

  #nominalPeriod(): Moment {
    return {
      afterSeconds: this.#nominalSeconds * (1 - periodTolerance),
      untilSeconds: this.#nominalSeconds * (1 + periodTolerance),
    };
  }
}

/** Ranges from one count to the next; whole cycles of 128 ranges (2.8 s) are ruled out by time-outs. */
export function rangesBetween(before: number, after: number): number {
  return after > before ? after - before : after - before + streamCycle;
}

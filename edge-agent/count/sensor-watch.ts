import type { FlagSpan } from './counter.ts';
import { type CurrentReading, readingAt } from './current-reading.ts';
import { FlagBook } from './flag-book.ts';
import type { FloorTracker } from './floor-tracker.ts';
import { ZoneWatch } from './zone-watch.ts';

/** Health is looked at so often: no flag needs to be quicker. */
const checkSeconds = 0.5;

/** A zone that sends nothing for so long does not answer; a bus error mends itself sooner. */
export const noAnswerSeconds = 2;

/** Share of bad statuses that raises, and that ends, a flag. */
const badShareHigh = 0.5;
const badShareLow = 0.2;

/** Nobody stands in a passage for longer; whatever does blocks the view. */
export const blockedSeconds = 60;

/** A floor this far from what was measured on site has drifted, or the sensor was moved. */
const driftMm = 60;

/** A mounting height is read off a tape: twice as much means nothing. */
const driftOfHeightMm = 120;

/** Turns the zones' states into flags with a start and an end. */
export class SensorWatch {
  readonly flags: FlagBook;
  readonly zones: readonly ZoneWatch[];
  readonly #floors: readonly FloorTracker[];
  readonly #driftMm: number;
  #startSeconds = Number.NaN;
  #nextCheck = Number.NEGATIVE_INFINITY;
  #driftSince = Number.NaN;

  constructor(floors: readonly FloorTracker[], isMeasured: boolean, hand: (span: FlagSpan) => void) {
    this.flags = new FlagBook(hand);
    this.zones = floors.map(() => new ZoneWatch());
    this.#floors = floors;
    this.#driftMm = isMeasured ? driftMm : driftOfHeightMm;
  }

  // A flag is touched only when it changes: a call with fractions would allocate twice a second.

  /** Looks at all zones; called with every reading and does something twice a second. */
  advance(reading: CurrentReading): void {
    const nowSeconds = reading[readingAt]!;
    if (nowSeconds < this.#nextCheck) return;
    if (Number.isNaN(this.#startSeconds)) this.#startSeconds = nowSeconds;
    this.#nextCheck = nowSeconds + checkSeconds;
    this.#checkAnswers(reading);
    this.#checkFrozen(reading);
    this.#checkStatuses(reading);
    this.#checkView(reading);
    this.#checkFloor(reading);
  }

  #checkAnswers(reading: CurrentReading): void {
    const now = reading[readingAt]!;
    let since = Number.POSITIVE_INFINITY;
    for (const zone of this.zones) {
      const last = Math.max(zone.lastSeconds, this.#startSeconds);
      if (now - last >= noAnswerSeconds) since = Math.min(since, last);
    }
    if (since < Number.POSITIVE_INFINITY !== this.flags.isUp('no-answer'))
      this.flags.set('no-answer', since < Number.POSITIVE_INFINITY, since, now);
  }

  #checkFrozen(reading: CurrentReading): void {
    const now = reading[readingAt]!;
    let since = Number.POSITIVE_INFINITY;
    for (const zone of this.zones) if (zone.isFrozen) since = Math.min(since, zone.sameSinceSeconds);
    if (since < Number.POSITIVE_INFINITY !== this.flags.isUp('frozen-reading'))
      this.flags.set('frozen-reading', since < Number.POSITIVE_INFINITY, since, now);
  }

  #checkStatuses(reading: CurrentReading): void {
    const now = reading[readingAt]!;
    const limit = this.flags.isUp('sunlight') ? badShareLow : badShareHigh;
    let since = Number.POSITIVE_INFINITY;
    for (const zone of this.zones) {
      if (zone.badShare >= limit && zone.isSunny) since = Math.min(since, zone.badSinceSeconds);
    }
    if (since < Number.POSITIVE_INFINITY !== this.flags.isUp('sunlight'))
      this.flags.set('sunlight', since < Number.POSITIVE_INFINITY, since, now);
  }

  #checkView(reading: CurrentReading): void {
    const now = reading[readingAt]!;
    let blocked = Number.POSITIVE_INFINITY;
    let occupied = Number.POSITIVE_INFINITY;
    const badLimit = this.flags.isUp('blocked-view') ? badShareLow : badShareHigh;
    for (const zone of this.zones) {
      if (now - zone.occupiedSinceSeconds >= blockedSeconds) {
        blocked = Math.min(blocked, zone.occupiedSinceSeconds);
      }
      // Nothing comes back although it is dark: something covers the lens.
      if (zone.badShare >= badLimit && !zone.isSunny) blocked = Math.min(blocked, zone.badSinceSeconds);
      if (zone.startState === 'occupied') occupied = Math.min(occupied, zone.firstSeconds);
    }
    if (blocked < Number.POSITIVE_INFINITY !== this.flags.isUp('blocked-view'))
      this.flags.set('blocked-view', blocked < Number.POSITIVE_INFINITY, blocked, now);
    if (occupied < Number.POSITIVE_INFINITY !== this.flags.isUp('occupied-start'))
      this.flags.set('occupied-start', occupied < Number.POSITIVE_INFINITY, occupied, now);
  }

  #checkFloor(reading: CurrentReading): void {
    const now = reading[readingAt]!;
    let hasDrifted = false;
    for (const floor of this.#floors) {
      if (Math.abs(floor.floorMm - floor.priorMm) > this.#driftMm) hasDrifted = true;
    }
    if (!hasDrifted) this.#driftSince = Number.NaN;
    else if (Number.isNaN(this.#driftSince)) this.#driftSince = now;
    if (hasDrifted !== this.flags.isUp('drifted-floor'))
      this.flags.set('drifted-floor', hasDrifted, this.#driftSince, now);
  }
}

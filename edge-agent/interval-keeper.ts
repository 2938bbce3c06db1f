import type { AgentClock } from './clock/clock.ts';
import type { ClosedInterval } from './interval/closed-interval.ts';
import type { Calendar, Cell } from './interval/minute-cells.ts';
import type { OpenCells, OpenMinutes, OpenMinutesFile } from './outbox/open-minutes.ts';
import type { OpenedOutbox } from './outbox/open-sqlite-outbox.ts';
import { type Outbox, OutboxError } from './outbox/outbox.ts';

/** So many closed intervals make a transaction at once; fewer wait for the next look, a second at most. */
const flushIntervals = 120;

/**
 * Closed intervals kept in memory while the card is full or failing: a day of five sensors, about
 * 3 MB in tmpfs. Then the oldest are given up, and coverage tells.
 */
const waitingMax = 7200;

export type KeeperEvent =
  | { readonly kind: 'outbox-opened'; readonly epoch: string; readonly reason: string }
  | { readonly kind: 'outbox-damaged'; readonly file: string; readonly savedIntervals: number }
  | { readonly kind: 'outbox-failing'; readonly error: OutboxError }
  | { readonly kind: 'outbox-full' }
  | { readonly kind: 'outbox-well' }
  | { readonly kind: 'open-minutes-failing'; readonly error: Error };

export interface IntervalKeeperParts {
  readonly openOutbox: (knownDamaged: boolean) => OpenedOutbox;
  /** Null where no tmpfs is to be had: then a crash loses the open minute. */
  readonly openMinutes: OpenMinutesFile | null;
  readonly clock: AgentClock;
  readonly report: (event: KeeperEvent) => void;
}

/** Keeps what was counted: the open minutes in tmpfs, the closed ones in the outbox. */
export class IntervalKeeper {
  readonly #parts: IntervalKeeperParts;
  #outbox: Outbox;
  #waiting: ClosedInterval[] = [];
  #state: 'well' | 'full' | 'failing' = 'well';
  #minutesFailing = false;
  #countedSince: NonNullable<OpenedOutbox['countedSince']> = () => ({ in: 0, out: 0 });

  private constructor(parts: IntervalKeeperParts) {
    this.#parts = parts;
    this.#outbox = this.#open(false);
  }

  /** Opens the outbox. Throws `OutboxError` where no file can be made at all. */
  static open(parts: IntervalKeeperParts): IntervalKeeper {
    return new IntervalKeeper(parts);
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  /** Closed intervals that are not in the outbox yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** People that earlier processes counted at a sensor since a time of the calendar. Never throws. */
  countedSince(sensor: string, epochSeconds: number): { in: number; out: number } {
    try {
      return this.#countedSince(sensor, epochSeconds);
    } catch {
      // Running totals are for screens: a failing card is told by what matters more.
      return { in: 0, out: 0 };
    }
  }

  /** Takes closed intervals; true where some reached the outbox by it. */
  put(intervals: readonly ClosedInterval[]): boolean {
    this.#waiting.push(...intervals);
    return this.#waiting.length >= flushIntervals && this.flush();
  }

  /** Moves what waits into the outbox, in one transaction; true where some got there. Never throws. */
  flush(): boolean {
    if (this.#waiting.length === 0) return false;
    try {
      const outcome = this.#outbox.append(this.#waiting, this.#parts.clock.bootId);
      this.#waiting = [];
      if (outcome === 'full') this.#enter('full', { kind: 'outbox-full' });
      else this.#enter('well', { kind: 'outbox-well' });
      return outcome === 'stored';
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      this.mend(error);
      if (this.#waiting.length > waitingMax) this.#waiting.splice(0, this.#waiting.length - waitingMax);
      return false;
    }
  }

  /**
   * Gives everything that closed before the time was known its start. Null where the
   * outbox cannot write it down now: ask again. Never throws.
   */
  stamp(offsetSeconds: number): number | null {
    this.#waiting = this.#waiting.map((interval) => {
      const { atSeconds, epochSeconds } = interval.place;
      if (epochSeconds !== null) return interval;
      return { ...interval, place: { atSeconds, epochSeconds: atSeconds + offsetSeconds } };
    });
    try {
      const { bootId } = this.#parts.clock;
      return this.#outbox.stamp(bootId, offsetSeconds) + this.#outbox.placeEarlier(bootId, offsetSeconds);
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      this.mend(error);
      return null;
    }
  }

  /** Deals with a fault of the outbox: a damaged file is replaced, others are waited out. */
  mend(error: OutboxError): void {
    this.#enter('failing', { kind: 'outbox-failing', error });
    if (error.code !== 'damaged') return;
    try {
      this.#outbox.close();
    } catch {
      // A damaged file need not close well; it is set aside when it is opened again.
    }
    try {
      this.#outbox = this.#open(true);
    } catch (cause) {
      if (!(cause instanceof OutboxError)) throw cause;
      this.#parts.report({ kind: 'outbox-failing', error: cause });
    }
  }

  /** Writes the open minutes down, with what waits. Never throws. */
  save(calendar: Calendar, slots: readonly OpenCells[]): void {
    const { openMinutes, clock, report } = this.#parts;
    if (openMinutes === null) return;
    const { epoch, lastSequence } = this.#outbox.state;
    try {
      openMinutes.save({
        bootId: clock.bootId,
        epoch,
        lastSequence,
        atSeconds: clock.nowSeconds(),
        calendar,
        slots,
        waiting: this.#waiting,
      });
      this.#minutesFailing = false;
    } catch (error) {
      if (!this.#minutesFailing) report({ kind: 'open-minutes-failing', error: error as Error });
      this.#minutesFailing = true;
    }
  }

  /**
   * What an earlier process of this boot left behind, without what it had appended after it wrote
   * it down. What waited is taken over at once.
   */
  restore(): OpenMinutes | null {
    const { openMinutes, clock } = this.#parts;
    const left = openMinutes?.load(clock.bootId) ?? null;
    if (left === null) return null;
    const appended = new Set(
      this.#outbox
        .placesAfter(left.epoch, left.lastSequence)
        .filter(({ boot }) => boot === clock.bootId)
        .map(({ sensor, atMs }) => `${sensor} ${atMs}`),
    );
    const isNew = (sensor: string, atSeconds: number) =>
      !appended.has(`${sensor} ${Math.round(atSeconds * 1000)}`);
    this.put(left.waiting.filter(({ sensor, place }) => isNew(sensor, place.atSeconds)));
    const slots = left.slots.map((slot) => ({
      ...slot,
      cells: slot.cells.filter((cell: Cell<unknown>) => isNew(slot.sensor, cell.fromSeconds)),
    }));
    return { ...left, slots, waiting: [] };
  }

  close(): void {
    this.#outbox.close();
  }

  #open(knownDamaged: boolean): Outbox {
    const { outbox, damaged, countedSince } = this.#parts.openOutbox(knownDamaged);
    this.#countedSince = countedSince ?? this.#countedSince;
    if (damaged !== null) this.#parts.report({ kind: 'outbox-damaged', ...damaged });
    const { epoch, epochReason } = outbox.state;
    this.#parts.report({ kind: 'outbox-opened', epoch, reason: epochReason });
    return outbox;
  }

  #enter(state: 'well' | 'full' | 'failing', event: KeeperEvent): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#parts.report(event);
  }
}

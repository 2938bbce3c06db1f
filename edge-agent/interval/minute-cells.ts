import type { SensorFlag } from '../../gateway/contract/count-batch.ts';

/** A minute: the grain of every count (architecture.md, "From interval to receipt"). */
const cellSeconds = 60;

/** Findings settle within nine seconds of their time; the tenth is for the way. */
const closeDelaySeconds = 10;

/** The wire knows no shorter interval: a shorter rest is joined to its neighbour. */
const durationSecondsMin = 1;

/**
 * A clock that moved by less than this was slewed (NTP, a smeared leap second: 11.6 ppm of a minute
 * are 0.7 ms), by more it was stepped. Half a second is the kernel's own limit of a slew.
 */
const stepSecondsMin = 0.5;

/** A machine asleep for longer is not given a minute of not looking for each one it slept through. */
const gapSecondsMax = 7 * 86_400;

/** How a sensor's time relates to the calendar, as far as that is known. */
export type Calendar =
  | { readonly trust: 'none' }
  | {
      readonly trust: 'synced' | 'estimated';
      /** Seconds since 1970 minus the sensor's seconds. */
      readonly offsetSeconds: number;
    };

/** One minute in the making. Plain data: it is written down every second and read after a crash. */
export interface Cell<Tally> {
  fromSeconds: number;
  toSeconds: number;
  epochSeconds: number | null;
  clock: 'synced' | 'estimated';
  coverageSeconds: number;
  flags: SensorFlag[];
  tally: Tally;
}

export interface MinuteCellsOptions<Tally> {
  /** The sensor's time at which it began to look. */
  readonly startSeconds: number;
  readonly calendar: Calendar;
  readonly emptyTally: () => Tally;
  /** Adds the second tally to the first, when a rest is joined to its neighbour. */
  readonly join: (into: Tally, rest: Tally) => void;
}

/**
 * The row of minutes that are not closed yet, oldest first, aligned to the calendar while it is
 * known and to the sensor's own time otherwise. Time comes only as data.
 */
export class MinuteCells<Tally> {
  readonly #options: MinuteCellsOptions<Tally>;
  #calendar: Calendar;
  #cells: Cell<Tally>[] = [];
  readonly #activeFlags = new Set<SensorFlag>();

  constructor(options: MinuteCellsOptions<Tally>) {
    this.#options = options;
    this.#calendar = options.calendar;
    this.#open(options.startSeconds, false);
  }

  /** Cells that are not closed, oldest first; at least one until `finish`. */
  get open(): readonly Cell<Tally>[] {
    return this.#cells;
  }

  get latest(): Cell<Tally> {
    return this.#cells[this.#cells.length - 1]!;
  }

  /** The cell in which a time lies; the oldest or latest for a time before or after all of them. */
  at(seconds: number): Cell<Tally> {
    for (let index = this.#cells.length - 1; index > 0; index -= 1) {
      const cell = this.#cells[index]!;
      if (seconds >= cell.fromSeconds) return cell;
    }
    return this.#cells[0]!;
  }

  /** Opens cells until the latest contains `seconds`. */
  advance(seconds: number): void {
    if (seconds - this.latest.toSeconds > gapSecondsMax) this.#open(seconds, false);
    while (seconds >= this.latest.toSeconds) this.#open(this.latest.toSeconds, true);
  }

  /** Adds time that was looked at, from `fromSeconds` to `toSeconds`, to the cells it lies in. */
  cover(fromSeconds: number, toSeconds: number): void {
    this.share(fromSeconds, toSeconds, (cell, seconds) => {
      cell.coverageSeconds += seconds;
    });
  }

  /** Calls `take` with the part of a span in each open cell. */
  share(fromSeconds: number, toSeconds: number, take: (cell: Cell<Tally>, seconds: number) => void): void {
    this.advance(toSeconds);
    for (let index = this.#cells.length - 1; index >= 0; index -= 1) {
      const cell = this.#cells[index]!;
      const seconds = Math.min(toSeconds, cell.toSeconds) - Math.max(fromSeconds, cell.fromSeconds);
      if (seconds > 0) take(cell, seconds);
      if (cell.fromSeconds <= fromSeconds) return;
    }
  }

  /** Raises a flag from a time on, or ends it (`toSeconds` not null). */
  flag(flag: SensorFlag, fromSeconds: number, toSeconds: number | null): void {
    for (const cell of this.#cells) {
      const overlaps = cell.toSeconds > fromSeconds && (toSeconds === null || cell.fromSeconds < toSeconds);
      if (overlaps && !cell.flags.includes(flag)) cell.flags.push(flag);
      // Cells that were opened under the flag before its end was told.
      if (toSeconds !== null && cell.fromSeconds >= toSeconds)
        cell.flags = cell.flags.filter((each) => each !== flag);
    }
    if (toSeconds === null) this.#activeFlags.add(flag);
    else this.#activeFlags.delete(flag);
  }

  /**
   * Says how the sensor's time relates to the calendar from `atSeconds` on. A slew is taken over at
   * the next minute; a step, and the first trust, end the running minute and begin another.
   */
  adopt(atSeconds: number, calendar: Calendar): void {
    const before = this.#calendar;
    this.#calendar = calendar;
    if (calendar.trust === 'none' || before.trust === calendar.trust) {
      if (before.trust === 'none' || calendar.trust === 'none') return;
      if (Math.abs(calendar.offsetSeconds - before.offsetSeconds) < stepSecondsMin) return;
    } else if (before.trust === 'none') {
      // What is still open closes with a start that was worked out afterwards.
      for (const cell of this.#cells) {
        cell.epochSeconds = cell.fromSeconds + calendar.offsetSeconds;
        cell.clock = 'estimated';
      }
    } else if (Math.abs(calendar.offsetSeconds - before.offsetSeconds) < stepSecondsMin) return;
    this.advance(atSeconds);
    this.#cut(atSeconds);
  }

  /** Takes away the cells that ended long enough before `atSeconds`. */
  close(atSeconds: number): Cell<Tally>[] {
    let due = 0;
    while (due < this.#cells.length - 1 && this.#cells[due]!.toSeconds + closeDelaySeconds <= atSeconds)
      due += 1;
    return due === 0 ? [] : this.#cells.splice(0, due);
  }

  /** Ends the row at `atSeconds` and takes away all cells. A cell without length is nothing. */
  finish(atSeconds: number): Cell<Tally>[] {
    if (this.#cells.length === 0) return [];
    this.advance(atSeconds);
    const last = this.latest;
    last.toSeconds = Math.max(atSeconds, last.fromSeconds);
    const duration = last.toSeconds - last.fromSeconds;
    const previous = this.#cells[this.#cells.length - 2];
    if (duration < durationSecondsMin && previous !== undefined && previous.toSeconds === last.fromSeconds) {
      this.#cells.pop();
      this.#join(previous, last);
    }
    return this.#cells.splice(0);
  }

  /** Goes on with cells that another process of the same boot left open, instead of own ones. */
  restore(cells: readonly Cell<Tally>[]): void {
    if (cells.length === 0) return;
    this.#cells = cells.map((cell) => ({ ...cell, flags: [...cell.flags] }));
  }

  #cut(atSeconds: number): void {
    const last = this.latest;
    if (atSeconds - last.fromSeconds >= durationSecondsMin) {
      last.toSeconds = atSeconds;
      this.#open(atSeconds, false);
      return;
    }
    // Too short to stand alone: it is as if this minute had begun under the new clock.
    const fresh = this.#placed(last.fromSeconds, false);
    last.toSeconds = fresh.toSeconds;
    last.epochSeconds = fresh.epochSeconds;
    last.clock = fresh.clock;
  }

  #join(into: Cell<Tally>, rest: Cell<Tally>): void {
    into.toSeconds = rest.toSeconds;
    into.coverageSeconds += rest.coverageSeconds;
    for (const flag of rest.flags) if (!into.flags.includes(flag)) into.flags.push(flag);
    this.#options.join(into.tally, rest.tally);
  }

  #open(fromSeconds: number, follows: boolean): void {
    this.#cells.push({
      ...this.#placed(fromSeconds, follows),
      coverageSeconds: 0,
      flags: [...this.#activeFlags],
      tally: this.#options.emptyTally(),
    });
  }

  /** Where a cell that begins at `fromSeconds` lies; `follows` says that another cell ended there. */
  #placed(fromSeconds: number, follows: boolean) {
    const calendar = this.#calendar;
    const offsetSeconds = calendar.trust === 'none' ? 0 : calendar.offsetSeconds;
    const clockSeconds = fromSeconds + offsetSeconds;
    const nearest = Math.round(clockSeconds / cellSeconds) * cellSeconds;
    // After a slew a minute's end is not quite where the clock now sees it.
    const aligned = Math.abs(clockSeconds - nearest) < (follows ? stepSecondsMin : 0.0005);
    const start = aligned ? nearest : clockSeconds;
    const end = (Math.floor(start / cellSeconds) + 1) * cellSeconds - offsetSeconds;
    return {
      fromSeconds,
      toSeconds: end - fromSeconds < durationSecondsMin ? end + cellSeconds : end,
      epochSeconds: calendar.trust === 'none' ? null : start,
      clock: calendar.trust === 'none' ? ('estimated' as const) : calendar.trust,
    };
  }
}

import type { LineKind } from '../contract/http-api.ts';
import { localDay } from '../values/local-time.ts';
import { addMinute, addSums, type Minute, noSums, type Sums } from './minute.ts';

export const quarterMs = 900_000;
export const hourMs = 3_600_000;
/** Days of receipt are UTC days: they tell when we knew, not when people walked. */
export const receivedDayMs = 86_400_000;

/** Sums to be added to the roll-ups of one sensor, by the start of the cell. */
export interface RollUpParts {
  readonly quarters: ReadonlyMap<number, Sums>;
  readonly hours: ReadonlyMap<number, Sums>;
  readonly days: ReadonlyMap<number, Sums>;
}

/** Sums minutes of one sensor into quarters, hours and local days. */
export function rollUp(minutes: readonly Minute[], kind: LineKind, days: LocalDays): RollUpParts {
  const quarters = new Map<number, Sums>();
  for (const minute of minutes) {
    const startMs = minute.startMs - (minute.startMs % quarterMs);
    addMinute(sumsAt(quarters, startMs), kind, minute);
  }
  const hours = new Map<number, Sums>();
  const localDays = new Map<number, Sums>();
  // Every zone in use keeps whole quarters against UTC, so a quarter never lies in two days.
  for (const [startMs, sums] of quarters) {
    addSums(sumsAt(hours, startMs - (startMs % hourMs)), sums);
    addSums(sumsAt(localDays, days.startOf(startMs)), sums);
  }
  return { quarters, hours, days: localDays };
}

/** The starts of the quarters in which minutes lie. */
export function quartersOf(minutes: readonly Minute[]): Set<number> {
  return new Set(minutes.map(({ startMs }) => startMs - (startMs % quarterMs)));
}

/** The sums of a cell in a map, opened where there are none yet. */
export function sumsAt(cells: Map<number, Sums>, startMs: number): Sums {
  let sums = cells.get(startMs);
  if (sums === undefined) {
    sums = noSums();
    cells.set(startMs, sums);
  }
  return sums;
}

/** Starts of local days of one zone; remembers the last day, since minutes come in order. */
export class LocalDays {
  readonly timeZone: string;
  #fromMs = 0;
  #toMs = 0;

  /** The last range that was asked about: a page asks for the same one of every line. */
  #range = { fromMs: 0, toMs: 0, starts: false };

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** Whether a range begins and ends with a local day. */
  areStarts({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean {
    if (this.#range.fromMs !== fromMs || this.#range.toMs !== toMs) {
      const starts = this.startOf(fromMs) === fromMs && this.startOf(toMs) === toMs;
      this.#range = { fromMs, toMs, starts };
    }
    return this.#range.starts;
  }

  startOf(atMs: number): number {
    if (atMs < this.#fromMs || atMs >= this.#toMs) {
      const day = localDay(atMs, this.timeZone);
      this.#fromMs = day.fromMs;
      this.#toMs = day.toMs;
    }
    return this.#fromMs;
  }
}

/** Whether a zone's days begin on whole UTC hours, judged over a year around a moment. */
export function hasWholeHours(days: LocalDays, aroundMs: number): boolean {
  return [0, 90, 180, 270].every((offset) => days.startOf(aroundMs - offset * receivedDayMs) % hourMs === 0);
}

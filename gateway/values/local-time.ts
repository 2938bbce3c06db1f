import { Temporal } from 'temporal-polyfill';
import type { Resolution } from '../contract/http-api.ts';

/** Cell lengths that do not depend on the calendar, in milliseconds. */
const fixedCellMs = { '5m': 300_000, '15m': 900_000, '1h': 3_600_000 } as const;

/** A half-open span of time, in milliseconds since 1970 UTC. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Whether a name is one of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Now.instant().toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** The local day in which a moment lies; 23, 24 or 25 hours long. */
export function localDay(atMs: number, timeZone: string): Span {
  const start = zoned(atMs, timeZone).startOfDay();
  return { fromMs: start.epochMilliseconds, toMs: nextDay(start).epochMilliseconds };
}

/**
 * Whether a moment lies on a boundary of the resolution in local time. Hours and quarters are
 * counted on the local clock; every zone in use keeps whole quarters of an hour against UTC.
 */
export function isAligned(atMs: number, resolution: Resolution, timeZone: string): boolean {
  const local = zoned(atMs, timeZone);
  if (resolution === '1d') return local.startOfDay().epochMilliseconds === atMs;
  return (atMs + local.offsetNanoseconds / 1e6) % fixedCellMs[resolution] === 0;
}

/** The cells of a range that is aligned, in order; hours in UTC steps, days by the local calendar. */
export function cellsOf(range: Span, resolution: Resolution, timeZone: string): Span[] {
  return resolution === '1d' ? daysOf(range, timeZone) : stepsOf(range, fixedCellMs[resolution]);
}

/** How many cells a range has at most, without laying them out. */
export function cellsAtMost(range: Span, resolution: Resolution): number {
  const cellMs = resolution === '1d' ? 23 * fixedCellMs['1h'] : fixedCellMs[resolution];
  return Math.ceil((range.toMs - range.fromMs) / cellMs);
}

function stepsOf(range: Span, stepMs: number): Span[] {
  const cells: Span[] = [];
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += stepMs) {
    cells.push({ fromMs, toMs: Math.min(fromMs + stepMs, range.toMs) });
  }
  return cells;
}

function daysOf(range: Span, timeZone: string): Span[] {
  const cells: Span[] = [];
  let day = zoned(range.fromMs, timeZone);
  while (day.epochMilliseconds < range.toMs) {
    const next = nextDay(day);
    cells.push({ fromMs: day.epochMilliseconds, toMs: next.epochMilliseconds });
    day = next;
  }
  return cells;
}

/** Midnight may not exist where clocks go forward at midnight, hence `startOfDay` once more. */
function nextDay(day: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return day.add({ days: 1 }).startOfDay();
}

function zoned(atMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
}

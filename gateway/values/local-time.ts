import { Temporal } from 'temporal-polyfill';
import type { Resolution } from '../contract/http-api.ts';

/** Cell lengths that do not depend on the calendar, in milliseconds. */
const fixedCellMs = { '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000 } as const;
const dayMs = 86_400_000;

/** Cells whose length the calendar decides, with the shortest they can have, in days. */
const calendarCells = { '1d': 1, '1w': 7, '1mo': 28 } as const;
type CalendarResolution = keyof typeof calendarCells;

function isCalendar(resolution: Resolution): resolution is CalendarResolution {
  return resolution in calendarCells;
}

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

/** The local week, from Monday, or month in which a moment lies. */
export function localPeriod(atMs: number, period: '1w' | '1mo', timeZone: string): Span {
  const start = periodStart(zoned(atMs, timeZone), period);
  return { fromMs: start.epochMilliseconds, toMs: nextCell(start, period).epochMilliseconds };
}

/**
 * Whether a moment lies on a boundary of the resolution in local time. Hours and quarters are
 * counted on the local clock; every zone in use keeps whole quarters of an hour against UTC.
 */
export function isAligned(atMs: number, resolution: Resolution, timeZone: string): boolean {
  const local = zoned(atMs, timeZone);
  if (isCalendar(resolution)) return periodStart(local, resolution).epochMilliseconds === atMs;
  return (atMs + local.offsetNanoseconds / 1e6) % fixedCellMs[resolution] === 0;
}

/** The cells of a range that is aligned, in order; hours in UTC steps, days and longer by the local calendar. */
export function cellsOf(range: Span, resolution: Resolution, timeZone: string): Span[] {
  if (resolution === '1d') return daysOf(range, timeZone);
  return isCalendar(resolution)
    ? periodsOf(range, resolution, timeZone)
    : stepsOf(range, fixedCellMs[resolution]);
}

/** How many cells a range has at most, without laying them out. */
export function cellsAtMost(range: Span, resolution: Resolution): number {
  // The first day of a cell may be an hour short.
  const cellMs = isCalendar(resolution)
    ? calendarCells[resolution] * dayMs - fixedCellMs['1h']
    : fixedCellMs[resolution];
  return Math.ceil((range.toMs - range.fromMs) / cellMs);
}

/** The same local time some weeks earlier; where clocks skip it, the time after the gap. */
export function weeksBefore(atMs: number, weeks: number, timeZone: string): number {
  return zoned(atMs, timeZone).subtract({ weeks }).epochMilliseconds;
}

/** Local day of the week (1 Monday to 7 Sunday), date (as 2026-03-02) and minutes since local midnight. */
export function localClock(
  atMs: number,
  timeZone: string,
): { weekday: number; date: string; minuteOfDay: number } {
  const local = zoned(atMs, timeZone);
  return {
    weekday: local.dayOfWeek,
    date: local.toPlainDate().toString(),
    minuteOfDay: local.hour * 60 + local.minute,
  };
}

/** The first moment of a local date, as 2026-03-02. Throws a `RangeError` where it is no date. */
export function startOfDate(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

function stepsOf(range: Span, stepMs: number): Span[] {
  const cells: Span[] = [];
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += stepMs) {
    cells.push({ fromMs, toMs: Math.min(fromMs + stepMs, range.toMs) });
  }
  return cells;
}

/** Days between two changes of the clock are 24 hours: the calendar is asked for the others only. */
function daysOf(range: Span, timeZone: string): Span[] {
  const cells: Span[] = [];
  let fromMs = range.fromMs;
  let steadyUntilMs = fromMs;
  while (fromMs < range.toMs) {
    let toMs = fromMs + dayMs;
    if (toMs >= steadyUntilMs) {
      toMs = nextDay(zoned(fromMs, timeZone)).epochMilliseconds;
      // A day that begins after a skipped midnight is short although no change is ahead of it.
      const midnight = zoned(toMs, timeZone).hour === 0;
      steadyUntilMs = midnight ? nextChange(toMs, timeZone) : toMs;
    }
    cells.push({ fromMs, toMs });
    fromMs = toMs;
  }
  return cells;
}

function nextChange(afterMs: number, timeZone: string): number {
  const change = zoned(afterMs, timeZone).getTimeZoneTransition('next');
  return change === null ? Number.POSITIVE_INFINITY : change.epochMilliseconds;
}

function periodsOf(range: Span, resolution: '1w' | '1mo', timeZone: string): Span[] {
  const cells: Span[] = [];
  let start = zoned(range.fromMs, timeZone);
  while (start.epochMilliseconds < range.toMs) {
    const next = nextCell(start, resolution);
    cells.push({ fromMs: start.epochMilliseconds, toMs: next.epochMilliseconds });
    start = next;
  }
  return cells;
}

function periodStart(local: Temporal.ZonedDateTime, period: CalendarResolution): Temporal.ZonedDateTime {
  const day = local.startOfDay();
  if (period === '1w') return day.subtract({ days: day.dayOfWeek - 1 }).startOfDay();
  return period === '1mo' ? day.with({ day: 1 }).startOfDay() : day;
}

function nextCell(start: Temporal.ZonedDateTime, period: '1w' | '1mo'): Temporal.ZonedDateTime {
  return start.add(period === '1w' ? { weeks: 1 } : { months: 1 }).startOfDay();
}

/** Midnight may not exist where clocks go forward at midnight, hence `startOfDay` once more. */
function nextDay(day: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return day.add({ days: 1 }).startOfDay();
}

function zoned(atMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
}

/**
 * The moment of a local time without offset, as 2005-10-30T01:30:00; the earlier one of a repeated
 * hour. Null where it is no time.
 */
export function localMoment(text: string, timeZone: string): number | null {
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone, { disambiguation: 'earlier' })
      .epochMilliseconds;
  } catch {
    return null;
  }
}

/** A moment on the local clock with its offset, as 2026-03-02T09:00:00.000+01:00. */
export function offsetText(atMs: number, timeZone: string): string {
  return zoned(atMs, timeZone).toString({ timeZoneName: 'never', fractionalSecondDigits: 3 });
}

import { localClock, type Span, weeksBefore } from '../local-time.ts';
import type { WindowDay } from './window-day.ts';
import { hoursOfWindow, type WindowSource } from './window-days.ts';

/** Two months of a weekday tell how its hours share the day. */
const courseWeeks = 8;

export interface CourseOf {
  readonly day: Span;
  readonly expected: number;
  /** People by the start of their hour. */
  readonly people: ReadonlyMap<number, number>;
  readonly days: readonly WindowDay[];
}

/**
 * What is expected of a window, laid over its hours as the same weekday of the eight weeks before
 * did, days of events left out. Null where none of them was looked at.
 */
export function hourlyCourse(
  { day, expected, people, days }: CourseOf,
  source: Pick<WindowSource, 'window' | 'timeZone'>,
): { startMs: number; expected: number | null }[] {
  const starts = hoursOfWindow(day, source);
  const eventDates = new Set(days.filter(({ isEvent }) => isEvent).map(({ date }) => date));
  const weeks = Array.from({ length: courseWeeks }, (_, week) => week + 1).filter(
    (week) =>
      !eventDates.has(localClock(weeksBefore(day.fromMs, week, source.timeZone), source.timeZone).date),
  );
  const usual = starts.map((startMs) => {
    const seen = weeks
      .map((week) => people.get(weeksBefore(startMs, week, source.timeZone)))
      .filter((number) => number !== undefined);
    return seen.length === 0 ? 0 : seen.reduce((sum, number) => sum + number, 0) / seen.length;
  });
  const total = usual.reduce((sum, number) => sum + number, 0);
  return starts.map((startMs, hour) => ({
    startMs,
    expected: total > 0 ? (expected * usual[hour]!) / total : null,
  }));
}

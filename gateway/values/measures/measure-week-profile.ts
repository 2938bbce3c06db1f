import type { LineRole } from '../../contract/http-api.ts';
import { localClock, type Span } from '../local-time.ts';
import { measured, scaled, sumOf, type Uncertain } from '../uncertain.ts';
import { comparableFrom, type MeasuredCell, type PeopleCell, peopleOf } from './people-cell.ts';

/** Fewer weeks say nothing about a usual one: the variance of Student's t needs more than three. */
export const profileWeeksMin = 4;

/** Mean of each of the 168 hours of a week over the weeks of a range; null where too few were looked at. */
export function measureWeekProfile(
  span: Span,
  hours: readonly PeopleCell[],
  at: { role: LineRole; timeZone: string },
): MeasuredCell[] {
  const slotOf = (cell: PeopleCell) => {
    const { weekday, minuteOfDay } = localClock(cell.span.fromMs, at.timeZone);
    return (weekday - 1) * 24 + Math.floor(minuteOfDay / 60);
  };
  const bySlot = Map.groupBy(hours, slotOf);
  return Array.from({ length: 168 }, (_, slot) => {
    const cells = bySlot.get(slot) ?? [];
    const numbers = cells
      .filter(({ coverage, merged }) => !merged && coverage >= comparableFrom)
      .map((cell) => peopleOf(cell, at.role))
      .filter((number) => number !== null);
    return {
      span,
      weekday: Math.floor(slot / 24) + 1,
      localHour: slot % 24,
      samples: numbers.length,
      coverage:
        cells.length === 0 ? 0 : cells.reduce((sum, { coverage }) => sum + coverage, 0) / cells.length,
      estimate: meanOfWeeks(numbers),
    };
  });
}

/**
 * The mean of like numbers of several weeks. Their scatter holds the independent counting error
 * already, so it stands in its place: s²/n, times (n − 1)/(n − 3), the variance of Student's t, so
 * that a normal interval is wide enough for few weeks. What calibrations do to all of them stays.
 */
export function meanOfWeeks(numbers: readonly Uncertain[]): Uncertain | null {
  const n = numbers.length;
  if (n < profileWeeksMin) return null;
  const mean = scaled(sumOf(numbers), 1 / n);
  const squares = numbers.reduce((sum, { value }) => sum + (value - mean.value) ** 2, 0) / (n - 1);
  const variance = Math.max(mean.variance, ((squares / n) * (n - 1)) / (n - 3));
  return { ...measured(mean.value, variance), sensitivities: mean.sensitivities };
}

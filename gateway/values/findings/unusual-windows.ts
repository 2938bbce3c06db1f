import type { LineRole } from '../../contract/http-api.ts';
import { cellsOf, localClock, type Span, weeksBefore } from '../local-time.ts';
import { changeOf } from '../measures/measure-change.ts';
import { meanOfWeeks } from '../measures/measure-week-profile.ts';
import { comparableFrom, type PeopleCell, peopleOf } from '../measures/people-cell.ts';
import { twoSidedTail } from '../measures/student-distribution.ts';
import { sumOf, type Uncertain } from '../uncertain.ts';
import { findingThresholds as thresholds } from './finding-thresholds.ts';

/** Two hours of the local clock, or a day, with what is usual then. */
export interface UnusualWindow {
  readonly span: Span;
  readonly change: Uncertain;
  readonly pValue: number;
}

export interface WindowSource {
  /** Hours of the range and of the weeks before it, ascending. */
  readonly hours: readonly PeopleCell[];
  readonly role: LineRole;
  readonly timeZone: string;
}

const windowHours = 2;

/** Windows of two hours, or days, that differ from the same ones of the weeks before. */
export function findUnusual(range: Span, of: 'hours' | 'day', source: WindowSource): UnusualWindow[] {
  const { timeZone } = source;
  const hours = of === 'day' ? source.hours : source.hours.filter(({ merged }) => !merged);
  const byStart = new Map(hours.map((cell) => [cell.span.fromMs, cell]));
  const spans = of === 'day' ? cellsOf(range, '1d', timeZone) : twoHours(range, timeZone);
  const judged = spans.flatMap((span) => {
    const starts = cellsOf(span, '1h', timeZone).map(({ fromMs }) => fromMs);
    const now = sumAt(starts, byStart, source.role);
    const weeks = Array.from({ length: thresholds.usualWeeks }, (_, index) =>
      sumAt(
        starts.map((startMs) => weeksBefore(startMs, index + 1, timeZone)),
        byStart,
        source.role,
      ),
    ).filter((week) => week !== null);
    const judgement = now === null ? null : judge(now, weeks);
    return judgement === null ? [] : [{ span, ...judgement }];
  });
  return remarkable(judged);
}

/** Spans of two hours of one day; an odd hour beside a change of the clock is left out. */
function twoHours(range: Span, timeZone: string): Span[] {
  const even = cellsOf(range, '1h', timeZone).filter(
    ({ fromMs }) => localClock(fromMs, timeZone).minuteOfDay % (windowHours * 60) === 0,
  );
  return even
    .map(({ fromMs }) => ({ fromMs, toMs: fromMs + windowHours * 3_600_000 }))
    .filter(({ fromMs, toMs }) => {
      const [from, to] = [localClock(fromMs, timeZone), localClock(toMs, timeZone)];
      return to.minuteOfDay === (from.minuteOfDay + windowHours * 60) % 1440 && toMs <= range.toMs;
    });
}

/** Null unless every hour was looked at. */
function sumAt(
  starts: readonly number[],
  byStart: ReadonlyMap<number, PeopleCell>,
  role: LineRole,
): Uncertain | null {
  const numbers = starts.map((startMs) => {
    const cell = byStart.get(startMs);
    return cell === undefined || cell.coverage < comparableFrom ? null : peopleOf(cell, role);
  });
  return numbers.every((number) => number !== null) ? sumOf(numbers) : null;
}

/**
 * How far a number is from the mean of its like, and how likely that is: Student's t of one new
 * draw. A count scatters at least as Poisson's, so a few weeks that agree by chance do not make
 * everything else remarkable.
 */
function judge(now: Uncertain, weeks: readonly Uncertain[]): Omit<UnusualWindow, 'span'> | null {
  const n = weeks.length;
  const usual = n < thresholds.usualWeeksMin ? null : meanOfWeeks(weeks);
  if (usual === null || Math.max(usual.value, now.value) < thresholds.windowPeopleMin) return null;
  const change = changeOf([{ now, base: usual }]);
  if (change === null || usual.value <= 0) return null;
  const sample = weeks.reduce((sum, { value }) => sum + (value - usual.value) ** 2, 0) / (n - 1);
  const scatter = Math.max(sample, usual.value) * (1 + 1 / n);
  return { change, pValue: twoSidedTail((now.value - usual.value) / Math.sqrt(scatter), n - 1) };
}

/** Holm's procedure (Scandinavian Journal of Statistics 6, 1979): the chance of any false one stays below 5 %. */
function remarkable(windows: readonly UnusualWindow[]): UnusualWindow[] {
  const sorted = [...windows].sort((left, right) => left.pValue - right.pValue);
  const end = sorted.findIndex(
    ({ pValue }, rank) => pValue > thresholds.familyError / (sorted.length - rank),
  );
  return (end < 0 ? sorted : sorted.slice(0, end)).filter(
    ({ change }) => Math.abs(change.value) >= thresholds.changePercentMin,
  );
}

import { cellsOf, localClock, type Span } from '../local-time.ts';
import { coverageOf, gatherInto, type PeopleCell, sumOfSeen } from '../measures/people-cell.ts';
import { sumOf, type Uncertain } from '../uncertain.ts';

/** A day counts for means and for the strongest days where it was looked at for this share. */
const dayCoverageMin = 0.95;

export interface TownCourse {
  readonly total: Uncertain | null;
  readonly months: readonly {
    readonly month: number;
    readonly people: Uncertain | null;
    readonly coverage: number;
  }[];
  readonly weekdays: readonly {
    readonly weekday: number;
    readonly meanPerDay: number | null;
    readonly share: number | null;
  }[];
  readonly hours: readonly { readonly localHour: number; readonly share: number | null }[];
  readonly strongestDays: readonly { readonly date: string; readonly people: number }[];
}

/** A year of a town from the hours of its streets, each with both directions. */
export function townCourse(
  year: Span,
  lines: readonly (readonly PeopleCell[])[],
  timeZone: string,
): TownCourse {
  const passed = (cells: readonly PeopleCell[]) =>
    sumOfSeen(
      cells.map((cell) => (cell.in === null || cell.out === null ? null : sumOf([cell.in, cell.out]))),
    );
  const days = cellsOf(year, '1d', timeZone);
  const perLine = lines.map((cells) => gatherInto(days, cells));
  const ofDays = days.map((span, at) => {
    const cells = perLine.map((line) => line[at]!.cells);
    const seen = cells.length > 0 && cells.every((hours) => coverageOf(hours, span) >= dayCoverageMin);
    return { span, ...localClock(span.fromMs, timeZone), people: seen ? passed(cells.flat()) : null };
  });
  const known = ofDays.filter((day) => day.people !== null);
  return {
    total: passed(lines.flat()),
    months: cellsOf(year, '1mo', timeZone).map((span, at) => {
      const cells = lines.map((line) =>
        line.filter((cell) => cell.span.fromMs >= span.fromMs && cell.span.fromMs < span.toMs),
      );
      const coverage =
        cells.reduce((sum, hours) => sum + coverageOf(hours, span), 0) / Math.max(1, cells.length);
      return { month: at + 1, people: passed(cells.flat()), coverage };
    }),
    weekdays: weekdaysOf(known),
    hours: hoursOf(lines.flat(), timeZone),
    strongestDays: [...known]
      .sort((left, right) => right.people!.value - left.people!.value)
      .slice(0, 5)
      .map(({ date, people }) => ({ date, people: Math.round(people!.value) })),
  };
}

function weekdaysOf(days: readonly { weekday: number; people: Uncertain | null }[]): TownCourse['weekdays'] {
  const means = Array.from({ length: 7 }, (_, index) => {
    const same = days.filter(({ weekday }) => weekday === index + 1);
    return same.length === 0 ? null : same.reduce((sum, { people }) => sum + people!.value, 0) / same.length;
  });
  const whole = means.every((mean) => mean !== null) ? means.reduce((sum, mean) => sum + mean!, 0)! : 0;
  return means.map((meanPerDay, index) => ({
    weekday: index + 1,
    meanPerDay,
    share: meanPerDay === null || whole <= 0 ? null : (100 * meanPerDay) / whole,
  }));
}

/** Hours of a merged night are nobody's: their share is not known. */
function hoursOf(cells: readonly PeopleCell[], timeZone: string): TownCourse['hours'] {
  const sums = new Array<number | null>(24).fill(null);
  for (const cell of cells) {
    if (cell.in === null || cell.out === null || cell.merged) continue;
    const hour = Math.floor(localClock(cell.span.fromMs, timeZone).minuteOfDay / 60);
    sums[hour] = (sums[hour] ?? 0) + cell.in.value + cell.out.value;
  }
  const whole = sums.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return sums.map((value, localHour) => ({
    localHour,
    share: value === null || whole <= 0 ? null : Math.max(0, (100 * value) / whole),
  }));
}

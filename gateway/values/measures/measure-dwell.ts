import { measured, scaled, sumOf, type Uncertain } from '../uncertain.ts';
import { comparableFrom, type PeopleCell } from './people-cell.ts';

/**
 * Mean stay of the people of one day in minutes: mean time of the exits minus mean time of the
 * entrances. For a day that begins and ends empty this is the area under the occupancy over the
 * number of people (Little 1961, L = λW), and nobody is followed. Null where nobody came, nobody
 * left, or part of the time between was not looked at.
 */
export function measureDwell(day: readonly PeopleCell[]): Uncertain | null {
  // Nobody is known to come in a merged night; its noise would move the mean by hours.
  const cells = day.filter(({ merged }) => !merged);
  const busy = (cell: PeopleCell) => (cell.in?.value ?? 0) !== 0 || (cell.out?.value ?? 0) !== 0;
  const first = cells.findIndex(busy);
  const open = first < 0 ? [] : cells.slice(first, cells.findLastIndex(busy) + 1);
  if (open.some((cell) => cell.in === null || cell.coverage < comparableFrom)) return null;
  const entered = meanTime(open.map((cell) => ({ cell, people: cell.in! })));
  const left = meanTime(open.map((cell) => ({ cell, people: cell.out! })));
  return entered === null || left === null ? null : sumOf([left, scaled(entered, -1)]);
}

/** Mean of the middles of the cells, each weighing its people; in minutes since 1970. */
function meanTime(parts: readonly { cell: PeopleCell; people: Uncertain }[]): Uncertain | null {
  const total = parts.reduce((sum, { people }) => sum + people.value, 0);
  if (total <= 0) return null;
  const middle = ({ span }: PeopleCell) => (span.fromMs + span.toMs) / 2 / 60_000;
  const mean = parts.reduce((sum, { cell, people }) => sum + middle(cell) * people.value, 0) / total;
  // About the mean the numerator is 0, so that dividing by the total adds no error to first order.
  const about = scaled(
    sumOf(parts.map(({ cell, people }) => scaled(people, middle(cell) - mean))),
    1 / total,
  );
  // Where in its cell somebody passed is not known: a uniform time has the variance length² / 12.
  const lengths = parts.reduce(
    (sum, { cell: { span }, people }) =>
      sum + (Math.max(0, people.value) * ((span.toMs - span.fromMs) / 60_000) ** 2) / 12,
    0,
  );
  return sumOf([about, measured(mean, lengths / total ** 2)]);
}

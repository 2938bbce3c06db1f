import type { Span } from '../../../values/local-time.ts';
import type { PeopleSeries, PeopleSource } from './people-source.ts';

/** Seen quarters there must be for each seen hour; an hour that was imported whole has one. */
const quartersPerHourMin = 2;

/**
 * Quarters of an hour, or whole hours where there is nothing finer: sealed cells are hours
 * or longer, and of an hourly import each hour stands in its first quarter.
 */
export async function fineSeries(source: PeopleSource, line: string, range: Span): Promise<PeopleSeries> {
  const hours = await source.series(line, range, '1h');
  if ((await source.valueOf(line)) !== 'corrected') return hours;
  const quarters = await source.series(line, range, '15m');
  const seen = ({ cells }: PeopleSeries) => cells.filter((cell) => cell.in !== null).length;
  return seen(quarters) < quartersPerHourMin * seen(hours) ? hours : quarters;
}

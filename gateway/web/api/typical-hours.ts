import type { GrantBody } from '../../contract/records-api.ts';
import { cellsOf, localClock, localDay, weeksBefore } from '../../values/local-time.ts';
import { peopleOf } from '../../values/measures/people-cell.ts';
import { Sight } from '../access/sight.ts';
import type { AccessParts } from './app.ts';
import { Problem } from './problems.ts';

/** Seasons change; two months are what is usual now. */
const weeks = 8;
/** Days that must have been seen before anything is called typical. */
const daysMin = 14;
const hourMs = 3_600_000;

/** How busy each hour of the week typically is, 0 to 100 of the busiest; null where nothing is known. */
export interface TypicalHours {
  readonly line: string;
  readonly name: string;
  readonly timeZone: string;
  readonly enough: boolean;
  /** Seven days from Monday, 24 hours each; empty where there is not enough. */
  readonly levels: readonly (readonly (number | null)[])[];
}

/**
 * Typical hours of a line that is shared with the public in hours, from sealed cells and nothing else. Throws a
 * `Problem` for every other line. Nights are sealed as one cell and stay null.
 */
export async function typicalHours(
  lineId: string,
  { store, published, reader, now }: AccessParts,
): Promise<TypicalHours> {
  const nowMs = now();
  const known = await reader.directory();
  const line = known.plan.lines.find(({ id, kind }) => id === lineId && kind === 'crossing');
  const site = known.plan.sites.find(({ id }) => id === line?.site);
  const grants = (await store.readRecords('grant')).map(({ body }) => body as GrantBody);
  const anybody = { actor: 'widget', name: 'widget', role: 'public', sites: 'all', csrf: null } as const;
  const timeZone = site?.timeZone ?? 'UTC';
  const toMs = localDay(nowMs, timeZone).fromMs;
  const range = { fromMs: weeksBefore(toMs, weeks, timeZone), toMs };
  const within = new Sight(anybody, grants).sharedPart(lineId, range, '1h');
  if (!line || !site || within === null)
    throw new Problem('not-found', 'No such line is shared with the public in hours.');
  const { cells } = await published.series(lineId, { range, resolution: '1h', within }, known);
  const sums = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => ({ people: 0, cells: 0 })));
  const days = new Set<string>();
  for (const cell of cells) {
    const people = peopleOf({ ...cell }, line.role);
    if (people === null || cell.open > 0 || cell.span.toMs - cell.span.fromMs !== hourMs) continue;
    const { weekday, minuteOfDay, date } = localClock(cell.span.fromMs, timeZone);
    days.add(date);
    const sum = sums[weekday - 1]![Math.floor(minuteOfDay / 60)]!;
    sum.people += people.value;
    sum.cells += 1;
  }
  const enough = days.size >= daysMin && days.size <= cellsOf(range, '1d', timeZone).length;
  const means = sums.map((day) => day.map((sum) => (sum.cells === 0 ? null : sum.people / sum.cells)));
  const highest = Math.max(1, ...means.flat().map((mean) => mean ?? 0));
  const level = (mean: number | null) =>
    mean === null ? null : Math.round((100 * Math.max(0, mean)) / highest);
  const { name } = line;
  return {
    line: lineId,
    name: name === '' ? site.name : name,
    timeZone,
    enough,
    levels: enough ? means.map((day) => day.map(level)) : [],
  };
}

import type { LineRole } from '../../../contract/http-api.ts';
import type { Span } from '../../../values/local-time.ts';
import { captureRate, findLag, lagMinutesMax } from '../../../values/measures/measure-capture-rate.ts';
import {
  comparableFrom,
  coverageOf,
  gatherInto,
  type MeasuredCell,
  type PeopleCell,
  peopleOf,
  sumOfSeen,
} from '../../../values/measures/people-cell.ts';
import { Problem } from '../problems.ts';
import type { MeasureOf, MeasureResult } from './measure-work.ts';
import type { PeopleSeries } from './people-source.ts';

const fineMs = 300_000;
const hourMs = 3_600_000;
/** Longer ranges would read more 5-minute cells than the lag needs to be known. */
const lagRangeMs = 28 * 86_400_000;

/** Entrances over the passers-by who were at the street's line a walk earlier. */
export async function captureRateWork(of: MeasureOf): Promise<MeasureResult> {
  const { source, line, spans, range } = of;
  const street = await streetOf(of);
  const lag = await lagOf(of, street);
  const shiftMs = lag.minutes * 60_000;
  // Whole hours stay whole hours; any other way is taken from 5-minute cells.
  const cell = shiftMs % hourMs === 0 ? '1h' : '5m';
  const door = await source.series(line.id, range, '1h');
  const passed = await source.series(
    street,
    { fromMs: range.fromMs - shiftMs, toMs: range.toMs - shiftMs },
    cell,
  );
  const later = passed.cells.map(({ span, ...rest }) => ({
    ...rest,
    span: { fromMs: span.fromMs + shiftMs, toMs: span.toMs + shiftMs },
  }));
  const passedIn = gatherInto(
    door.cells.map(({ span }) => span),
    later,
  );
  const hours = door.cells.map((cell, index) => ({
    span: cell.span,
    door: cell,
    streets: passedIn[index]!.cells,
  }));
  const rateOf = (span: Span, parts: readonly PairedHour[]) =>
    rateOfHours(span, parts, [line.role, passed.line.role]);
  return {
    street,
    lag,
    cells: gatherInto(spans, hours).map(({ span, cells }) => rateOf(span, cells)),
    total: rateOf(range, hours),
    errors: { ...door.errors, ...passed.errors },
    methods: [...new Set([...door.methods, ...passed.methods])],
  };
}

/** An hour of the door and what passed the street a walk earlier. */
interface PairedHour {
  readonly span: Span;
  readonly door: PeopleCell;
  readonly streets: readonly PeopleCell[];
}

/** Only hours in which both were looked at: a gap on one side would bend the quota. */
function rateOfHours(
  span: Span,
  hours: readonly PairedHour[],
  [doorRole, streetRole]: readonly [LineRole, LineRole],
): MeasuredCell {
  const both = hours.filter(
    ({ door, streets, span: hour }) =>
      door.coverage >= comparableFrom && coverageOf(streets, hour) >= comparableFrom,
  );
  const entrances = sumOfSeen(both.map(({ door }) => peopleOf(door, doorRole)));
  const passersBy = sumOfSeen(
    both.flatMap(({ streets }) => streets).map((cell) => peopleOf(cell, streetRole)),
  );
  return {
    span,
    coverage: Math.min(
      coverageOf(
        hours.map(({ door }) => door),
        span,
      ),
      coverageOf(
        hours.flatMap(({ streets }) => streets),
        span,
      ),
    ),
    estimate: captureRate(entrances, passersBy),
    base: passersBy,
    samples: both.length,
  };
}

/** The street that was named, or the one of the site, or the one of the town. */
async function streetOf({ plan, line, site, query, source }: MeasureOf): Promise<string> {
  const all = plan.lines.filter(({ role, kind }) => role === 'street' && kind === 'crossing');
  const values = await Promise.all(all.map(({ id }) => source.valueOf(id)));
  const streets = all.filter((_, index) => values[index] !== null);
  if (query.street !== undefined) {
    const named = streets.find(({ id }) => id === query.street);
    if (!named)
      throw new Problem('measure-not-possible', `"${query.street}" is no street line that counts people.`);
    return named.id;
  }
  const townOf = new Map(plan.sites.map(({ id, town }) => [id, town]));
  const ofSite = streets.filter((street) => street.site === site.id);
  const ofTown = streets.filter((street) => site.town !== '' && townOf.get(street.site) === site.town);
  const [street, ...more] = ofSite.length > 0 ? ofSite : ofTown;
  if (street === undefined || more.length > 0) {
    const names = [street, ...more].map((one) => one?.id).join(', ');
    throw new Problem(
      'measure-not-possible',
      street === undefined
        ? `There is no street line for "${line.id}"; name one as street.`
        : `There is more than one street line; name one of ${names} as street.`,
    );
  }
  return street.id;
}

async function lagOf(of: MeasureOf, street: string): Promise<NonNullable<MeasureResult['lag']>> {
  const { source, line, range, query } = of;
  const none = { minutes: 0, origin: 'none' as const, correlation: null };
  const values = [await source.valueOf(line.id), await source.valueOf(street)];
  if (values.includes('published')) return none;
  if (query.lagMinutes !== undefined) {
    return { minutes: Number(query.lagMinutes), origin: 'given', correlation: null };
  }
  const last = { fromMs: Math.max(range.fromMs, range.toMs - lagRangeMs), toMs: range.toMs };
  try {
    const [door, passed] = [
      await source.series(line.id, last, '5m'),
      await source.series(street, last, '5m'),
    ];
    const numbers = ({ cells, line: { role } }: PeopleSeries) =>
      cells.map((cell) =>
        cell.coverage < comparableFrom ? Number.NaN : (peopleOf(cell, role)?.value ?? Number.NaN),
      );
    const found = findLag(numbers(passed), numbers(door), (lagMinutesMax * 60_000) / fineMs);
    if (found === null) return none;
    return {
      minutes: (found.cells * fineMs) / 60_000,
      origin: 'found',
      correlation: Math.round(found.correlation * 1000) / 1000,
    };
  } catch (cause) {
    // Minutes may be gone where hours are kept: the quota is then taken hour by hour.
    if (cause instanceof Problem && cause.code === 'no-longer-kept') return none;
    throw cause;
  }
}

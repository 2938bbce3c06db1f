import type { EventBody } from '../../../contract/records-api.ts';
import type { TownCalendar, TownProfile } from '../../../contract/towns.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import { publicHolidays } from '../../../values/holidays.ts';
import { type Span, startOfDate, weeksBefore } from '../../../values/local-time.ts';
import { changeOf, pairsOf } from '../../../values/measures/measure-change.ts';
import { coverageOf, peopleOf, sumOfSeen } from '../../../values/measures/people-cell.ts';
import type { SchoolHoliday } from '../../../values/school-calendar.ts';
import type { SitePlan } from '../../../values/site-plan.ts';
import { townCourse } from '../../../values/town/town-course.ts';
import type { FactorErrors } from '../../../values/uncertain.ts';
import type { CountsReader } from '../counts-reader.ts';
import type { PlannedSite } from '../line-source.ts';
import { EffectReader } from '../measures/effect-reader.ts';
import { answeredEstimate } from '../measures/measures-reader.ts';
import type { PeopleSeries, PeopleSource, PeopleValue } from '../measures/people-source.ts';
import { Problem } from '../problems.ts';

/** What fits on a printed page, and what a request can judge. */
const eventsMax = 6;
const linesMax = 12;

/** What towns share and how they were in a year. */
export class TownReader {
  readonly #store: GatewayStore;
  readonly #reader: CountsReader;

  constructor(store: GatewayStore, reader: CountsReader) {
    this.#store = store;
    this.#reader = reader;
  }

  /** Throws a `Problem` where there is no such town. */
  async calendar(town: string, year: number): Promise<TownCalendar> {
    const { plan } = await this.#reader.directory();
    const sites = sitesOf(plan, town);
    const school = (await this.#store.readRecords('school-holidays')).flatMap(
      ({ body }) => (body as { holidays: SchoolHoliday[] }).holidays,
    );
    return {
      town,
      year,
      publicHolidays: publicHolidays(year, 'NW'),
      schoolHolidays: school.filter(({ from, to }) => from <= `${year}-12-31` && to >= `${year}-01-01`),
      events: await this.#events(sites, yearOf(year, sites[0]!.timeZone)),
    };
  }

  /** Throws a `Problem` where there is no such town, or no street line in it for the caller. */
  async profile(town: string, year: number, source: PeopleSource): Promise<TownProfile> {
    const { plan } = await this.#reader.directory();
    const sites = sitesOf(plan, town);
    const { timeZone } = sites[0]!;
    const span = yearOf(year, timeZone);
    const streets = await streetsOf(plan, sites, source);
    const series: PeopleSeries[] = [];
    for (const { id } of streets) series.push(await source.series(id, span, '1h'));
    const errors: FactorErrors = Object.assign({}, ...series.map((one) => one.errors));
    const course = townCourse(
      span,
      series.map(({ cells }) => cells),
      timeZone,
    );
    const events = await this.#events(sites, span);
    const eventOn = (date: string) =>
      events.find(({ from, until }) => from.slice(0, 10) <= date && date <= until.slice(0, 10))?.name ?? null;
    return {
      town,
      year,
      lines: await Promise.all(
        series.map((one, at) => lineOfProfile(one, { source, span, value: streets[at]!.value })),
      ),
      passersBy: answeredEstimate(course.total, errors),
      months: course.months.map(({ month, people, coverage }) => ({
        month,
        passersBy: answeredEstimate(people, errors),
        coverage: rounded(coverage),
      })),
      weekdays: course.weekdays.map((day) => ({
        ...day,
        meanPerDay: nullable(day.meanPerDay),
        share: nullable(day.share),
      })),
      hours: course.hours.map(({ localHour, share }) => ({ localHour, share: nullable(share) })),
      strongestDays: course.strongestDays.map(({ date, people }) => ({
        date,
        passersBy: people,
        event: eventOn(date),
      })),
      events: await this.#effects(events, { source, line: streets[0]!.id }),
    };
  }

  /** Shared events that begin within a span. */
  async #events(sites: readonly PlannedSite[], span: Span): Promise<TownCalendar['events']> {
    const ids = new Set(sites.map(({ id }) => id));
    const records = await this.#store.readRecords('event');
    return records
      .map(({ id, body }) => ({ id, ...(body as EventBody) }))
      .filter(
        ({ site, shared, from }) =>
          shared === true && ids.has(site) && Date.parse(from) >= span.fromMs && Date.parse(from) < span.toMs,
      )
      .sort((left, right) => (left.from < right.from ? -1 : 1));
  }

  async #effects(
    events: TownCalendar['events'],
    { source, line }: { source: PeopleSource; line: string },
  ): Promise<TownProfile['events']> {
    const effects = new EffectReader(this.#store, this.#reader);
    const judged: TownProfile['events'] = [];
    for (const { id, name, from } of events.slice(0, eventsMax)) {
      try {
        // Streets of the town share its events: none of them is a control.
        const { effectPercent, unusual } = await effects.effect(
          line,
          { event: id, controls: 'none' },
          source,
        );
        judged.push({
          id,
          name,
          from,
          line,
          percent: effectPercent.value,
          interval95: effectPercent.interval95,
          unusual,
        });
      } catch (cause) {
        if (!(cause instanceof Problem)) throw cause;
      }
    }
    return judged;
  }
}

function sitesOf(plan: SitePlan, town: string): PlannedSite[] {
  const sites = plan.sites.filter((site) => site.town === town);
  if (town === '' || sites.length === 0) throw new Problem('not-found', `There is no town "${town}".`);
  return sites;
}

async function streetsOf(
  plan: SitePlan,
  sites: readonly PlannedSite[],
  source: PeopleSource,
): Promise<{ id: string; value: PeopleValue }[]> {
  const ids = new Set(sites.map(({ id }) => id));
  const found: { id: string; value: PeopleValue }[] = [];
  for (const { id, role, kind, site } of plan.lines) {
    if (role !== 'street' || kind !== 'crossing' || !ids.has(site)) continue;
    const value = await source.valueOf(id);
    if (value !== null) found.push({ id, value });
  }
  if (found.length === 0)
    throw new Problem('measure-not-possible', 'No street line of this town is for you.');
  return found.slice(0, linesMax);
}

async function lineOfProfile(
  series: PeopleSeries,
  { source, span, value }: { source: PeopleSource; span: Span; value: PeopleValue },
): Promise<TownProfile['lines'][number]> {
  const { line, site, cells, errors } = series;
  const before = {
    fromMs: weeksBefore(span.fromMs, 52, site.timeZone),
    toMs: weeksBefore(span.toMs, 52, site.timeZone),
  };
  const people = (cell: (typeof cells)[number]) => peopleOf(cell, line.role);
  let change = null;
  try {
    const base = await source.series(line.id, before, '1h');
    const byStart = new Map(base.cells.map((cell) => [cell.span.fromMs, cell]));
    const bases = cells.map(
      ({ span: { fromMs } }) => byStart.get(weeksBefore(fromMs, 52, site.timeZone)) ?? null,
    );
    change = changeOf(pairsOf(cells, bases, people).filter((pair) => pair !== null));
  } catch (cause) {
    // A year before may be no longer kept, or was never shared.
    if (!(cause instanceof Problem)) throw cause;
  }
  return {
    line: line.id,
    name: line.name,
    value,
    coverage: rounded(coverageOf(cells, span)),
    passersBy: answeredEstimate(sumOfSeen(cells.map(people)), errors),
    againstLastYear: answeredEstimate(change, errors),
  };
}

function yearOf(year: number, timeZone: string): Span {
  return { fromMs: startOfDate(`${year}-01-01`, timeZone), toMs: startOfDate(`${year + 1}-01-01`, timeZone) };
}

function nullable(value: number | null): number | null {
  return value === null ? null : rounded(value);
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

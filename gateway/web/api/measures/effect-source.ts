import type { EventBody } from '../../../contract/records-api.ts';
import type { WeatherHour } from '../../../ingest/imports/weather-series.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import { type HourWeather, isWet, type WindowSource } from '../../../values/effects/window-days.ts';
import { publicHolidays } from '../../../values/holidays.ts';
import { localClock, type Span } from '../../../values/local-time.ts';
import { comparableFrom, peopleOf } from '../../../values/measures/people-cell.ts';
import type { SchoolHoliday } from '../../../values/school-calendar.ts';
import type { PlannedSite } from '../line-source.ts';
import type { PeopleSeries } from './people-source.ts';

export interface EffectSurroundings extends Omit<WindowSource, 'window' | 'people' | 'controls'> {
  readonly hasSchoolHolidays: boolean;
}

/** Calendar, weather and events of a site, as far as they are known. */
export async function readSurroundings(
  store: GatewayStore,
  { site, range }: { site: PlannedSite; range: Span },
): Promise<EffectSurroundings> {
  const { timeZone } = site;
  const years = [range.fromMs, range.toMs].map((atMs) => new Date(atMs).getUTCFullYear());
  const holidays = new Set<string>();
  for (let year = years[0]!; year <= years[1]!; year += 1) {
    for (const { date } of publicHolidays(year, 'NW')) holidays.add(date);
  }
  const calendars = await store.readRecords('school-holidays');
  const school = calendars.flatMap(({ body }) => (body as { holidays: SchoolHoliday[] }).holidays);
  const events = (await store.readRecords('event')).map(({ body }) => body as EventBody);
  const eventDates = datesOf(
    events.filter((event) => event.site === site.id),
    timeZone,
  );
  return {
    timeZone,
    weather: await weatherOf(store, site.id),
    hasSchoolHolidays: school.length > 0,
    isPublicHoliday: (date) => holidays.has(date),
    isSchoolHoliday: (date) => school.some(({ from, to }) => from <= date && date <= to),
    isEvent: (date) => eventDates.has(date),
  };
}

/** A month is the longest that makes days no example of what is usual; a season is not an event. */
const eventDaysMax = 31;

function datesOf(events: readonly EventBody[], timeZone: string): ReadonlySet<string> {
  const dates = new Set<string>();
  for (const { from, until } of events) {
    const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
    if (untilMs - fromMs > eventDaysMax * 86_400_000) continue;
    for (let atMs = fromMs; atMs < untilMs; atMs += 86_400_000) dates.add(localClock(atMs, timeZone).date);
    dates.add(localClock(untilMs - 1, timeZone).date);
  }
  return dates;
}

async function weatherOf(store: GatewayStore, site: string): Promise<ReadonlyMap<number, HourWeather>> {
  const weather = new Map<number, HourWeather>();
  for (const { body } of await store.readRecords('weather-month')) {
    const month = body as { site: string; hours: WeatherHour[] };
    if (month.site !== site) continue;
    for (const { start, temperatureCelsius, condition } of month.hours) {
      weather.set(Date.parse(start), {
        temperatureCelsius,
        wet: condition === null ? null : isWet(condition),
      });
    }
  }
  return weather;
}

/**
 * People by hour; hours that were not looked at as a whole are left out, and hours of a merged night
 * unless whole days are asked for.
 */
export function peopleByHour(
  { cells, line }: PeopleSeries,
  window: WindowSource['window'],
): ReadonlyMap<number, number> {
  const wholeDay = window.fromHour === 0 && window.toHour === 24;
  const people = new Map<number, number>();
  for (const cell of cells) {
    if (cell.coverage < comparableFrom || (cell.merged && !wholeDay)) continue;
    const number = peopleOf(cell, line.role);
    if (number !== null) people.set(cell.span.fromMs, number.value);
  }
  return people;
}

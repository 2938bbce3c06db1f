import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimateEffect } from '../../gateway/values/effects/event-effect.ts';
import type { WindowDay } from '../../gateway/values/effects/window-day.ts';
import { type HourWeather, isWet, windowDays } from '../../gateway/values/effects/window-days.ts';
import { publicHolidays } from '../../gateway/values/holidays.ts';
import { startOfDate } from '../../gateway/values/local-time.ts';
import { hashLine, percent, table } from './markdown-table.ts';

/**
 * Back-test of the event effect by rolling origin: every quiet day is taken for an event, and the
 * model, which knows only the days before, has to hold the truth in its 95 % interval. Which days are
 * quiet is a rule of the calendar written down before any number was looked at: all hours there, no
 * public holiday and none next to it, not between 24 December and 6 January. The model's constants
 * were set beforehand and tried on simulated series (tests/gateway/values/effects). One thing was changed
 * after a first run here: its intervals held as often, but were up to ± 480 % wide, because two days
 * without a count bent the fit. It became robust since, with the constants of the literature.
 */

const defaultFolder = join(import.meta.dirname, '../../../shared/data');
const wuerzburg = 'series/wuerzburg_2024_hourly_3stations.csv';
const zurich = 'series/zurich_bahnhofstrasse_loc330_hourly_derived.csv';
/** The whole day, and an afternoon as an event would take. */
const windows = [
  { name: 'whole day', fromHour: 0, toHour: 24 },
  { name: '14–18 h', fromHour: 14, toHour: 18 },
] as const;

interface Series {
  readonly name: string;
  readonly timeZone: string;
  readonly people: ReadonlyMap<number, number>;
  readonly weather: ReadonlyMap<number, HourWeather>;
  readonly from: string;
  readonly to: string;
  readonly isPublicHoliday: (date: string) => boolean;
}

/** Judges every series, window and choice of controls; as Markdown lines. */
export async function run({ folder = defaultFolder }: { folder?: string } = {}): Promise<string[]> {
  const streets = wuerzburgSeries(readFileSync(join(folder, wuerzburg), 'utf8'));
  const zurichStreet = zurichSeries(readFileSync(join(folder, zurich), 'utf8'));
  const rows: (string | number)[][] = [];
  for (const window of windows) {
    for (const street of streets) {
      const others = streets.filter(({ name }) => name !== street.name);
      rows.push(backTest(street, { window, controls: [] }), backTest(street, { window, controls: others }));
    }
    rows.push(backTest(zurichStreet, { window, controls: [] }));
  }
  return [
    hashLine(join(folder, wuerzburg)),
    hashLine(join(folder, zurich)),
    '',
    'Each quiet day is an event whose true effect is none; the model knows the days before it only. Quiet: all hours there,',
    'no public holiday nor the day beside one, not 24 December to 6 January; fixed before looking. Goal: 90–98 %.',
    'A first version, not robust, held in 94.7–98.1 % with half widths up to ± 478 %: two dead days bent it. Robust since; a second change decides which days count as history.',
    '',
    ...table(
      ['series', 'window', 'controls', 'quiet days', 'interval holds', 'median half width', 'p below 5 %'],
      rows,
    ),
  ];
}

function backTest(
  series: Series,
  { window, controls }: { window: (typeof windows)[number]; controls: readonly Series[] },
): (string | number)[] {
  const range = {
    fromMs: startOfDate(series.from, series.timeZone),
    toMs: startOfDate(series.to, series.timeZone),
  };
  const days = windowDays(range, {
    timeZone: series.timeZone,
    window,
    people: series.people,
    controls: controls.map(({ people }) => people),
    weather: series.weather,
    isPublicHoliday: series.isPublicHoliday,
    isSchoolHoliday: () => false,
    isEvent: () => false,
  });
  const halfWidths: number[] = [];
  let held = 0;
  let alarms = 0;
  for (let first = 1; first < days.length - 1; first += 1) {
    if (!isQuiet(days, first)) continue;
    const effect = estimateEffect(days, { first, length: 1 });
    if (typeof effect === 'string') continue;
    halfWidths.push(effect.logHalfWidth);
    if (Math.abs(effect.logEffect) <= effect.logHalfWidth) held += 1;
    if (effect.placeboPValue < 0.05) alarms += 1;
  }
  halfWidths.sort((left, right) => left - right);
  const median = halfWidths[Math.floor(halfWidths.length / 2)] ?? Number.NaN;
  const judged = halfWidths.length;
  return [
    series.name,
    window.name,
    controls.length,
    judged,
    percent(held / judged),
    `± ${percent(Math.expm1(median))}`,
    percent(alarms / judged),
  ];
}

function isQuiet(days: readonly WindowDay[], at: number): boolean {
  const monthDay = days[at]!.date.slice(5);
  const nearHoliday = [-1, 0, 1].some((offset) => days[at + offset]!.publicHoliday);
  return days[at]!.people !== null && !nearHoliday && monthDay < '12-24' && monthDay > '01-06';
}

/** Straight from the file's text: times carry their offset. */
function wuerzburgSeries(text: string): Series[] {
  const people = new Map<string, Map<number, number>>();
  const weather = new Map<number, HourWeather>();
  for (const row of text.trim().split('\n').slice(1)) {
    const [time = '', condition = '', temperature = '', count = '', street = ''] = row.split(';');
    const startMs = Date.parse(time);
    const ofStreet = people.get(street) ?? new Map<number, number>();
    people.set(street, ofStreet.set(startMs, Number(count)));
    weather.set(startMs, {
      temperatureCelsius: temperature === '' ? null : Number(temperature.replace(',', '.')),
      wet: condition === '' ? null : isWet(condition),
    });
  }
  const holidays = new Set(publicHolidays(2024, 'BY').map(({ date }) => date));
  return [...people].map(([street, numbers]) => ({
    name: `Würzburg ${street}`,
    timeZone: 'Europe/Berlin',
    people: numbers,
    weather,
    from: '2024-01-01',
    to: '2025-01-01',
    isPublicHoliday: (date) => holidays.has(date),
  }));
}

/**
 * The derived copy names no zone; its hours run through both changes of the clock without a gap or a
 * repeat, so they are UTC. Weather condition and holidays are not in it.
 */
function zurichSeries(text: string): Series {
  const people = new Map<number, number>();
  const weather = new Map<number, HourWeather>();
  for (const row of text.trim().split('\n').slice(1)) {
    const [time = '', , temperature = '', count = ''] = row.split(',');
    const startMs = Date.parse(`${time.replace(' ', 'T')}Z`);
    people.set(startMs, Number(count));
    weather.set(startMs, { temperatureCelsius: temperature === '' ? null : Number(temperature), wet: false });
  }
  // Holidays of the canton: those it shares with Germany, Berchtold's day and the national day.
  const shared = /Neujahr|Karfreitag|Ostermontag|Arbeit|Himmelfahrt|Pfingstmontag|Weihnacht/;
  const holidays = new Set(
    [2021, 2022, 2023, 2024].flatMap((year) => [
      ...publicHolidays(year, 'NW')
        .filter(({ name }) => shared.test(name))
        .map(({ date }) => date),
      `${year}-01-02`,
      `${year}-08-01`,
    ]),
  );
  return {
    name: 'Zürich Bahnhofstrasse',
    timeZone: 'Europe/Zurich',
    people,
    weather,
    from: '2021-09-29',
    to: '2024-03-05',
    isPublicHoliday: (date) => holidays.has(date),
  };
}

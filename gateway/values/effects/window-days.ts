import { cellsOf, localClock, type Span } from '../local-time.ts';
import type { WindowDay } from './window-day.ts';

/** An hour of weather, as far as the model looks at it. */
export interface HourWeather {
  readonly temperatureCelsius: number | null;
  readonly wet: boolean | null;
}

export interface WindowSource {
  readonly timeZone: string;
  /** Whole hours of the local clock; 0 to 24 is the whole day. */
  readonly window: { readonly fromHour: number; readonly toHour: number };
  /** People by the start of their hour; an hour that was not looked at is not in it. */
  readonly people: ReadonlyMap<number, number>;
  readonly controls: readonly ReadonlyMap<number, number>[];
  readonly weather: ReadonlyMap<number, HourWeather>;
  readonly isPublicHoliday: (date: string) => boolean;
  readonly isSchoolHoliday: (date: string) => boolean;
  readonly isEvent: (date: string) => boolean;
}

const hourMs = 3_600_000;

/** The same window of every local day of a range that begins and ends at midnight. */
export function windowDays(range: Span, source: WindowSource): WindowDay[] {
  return cellsOf(range, '1d', source.timeZone).map((day) => {
    const { date, weekday } = localClock(day.fromMs, source.timeZone);
    const hours = hoursOfWindow(day, source);
    return {
      date,
      weekday,
      people: sumOver(hours, source.people),
      publicHoliday: source.isPublicHoliday(date),
      schoolHoliday: source.isSchoolHoliday(date),
      ...weatherOver(hours, source.weather),
      controls: source.controls.map((control) => sumOver(hours, control)),
      isEvent: source.isEvent(date),
    };
  });
}

/** Starts of the hours of the window; the calendar is asked only on days on which the clock changes. */
export function hoursOfWindow(day: Span, source: Pick<WindowSource, 'window' | 'timeZone'>): number[] {
  const { fromHour, toHour } = source.window;
  const count = (day.toMs - day.fromMs) / hourMs;
  const starts = Array.from({ length: count }, (_, hour) => day.fromMs + hour * hourMs);
  if (count === 24) return starts.slice(fromHour, toHour);
  return starts.filter((startMs) => {
    const hour = localClock(startMs, source.timeZone).minuteOfDay / 60;
    return hour >= fromHour && hour < toHour;
  });
}

/** Null unless every hour is known. */
function sumOver(hours: readonly number[], numbers: ReadonlyMap<number, number>): number | null {
  let sum = 0;
  for (const startMs of hours) {
    const number = numbers.get(startMs);
    if (number === undefined) return null;
    sum += number;
  }
  return hours.length === 0 ? null : sum;
}

function weatherOver(hours: readonly number[], weather: ReadonlyMap<number, HourWeather>) {
  const known = hours.map((startMs) => weather.get(startMs)).filter((hour) => hour !== undefined);
  const warm = known.map((hour) => hour.temperatureCelsius).filter((value) => value !== null);
  const wet = known.map((hour) => hour.wet).filter((value) => value !== null);
  return {
    temperatureCelsius: warm.length === 0 ? null : warm.reduce((sum, value) => sum + value, 0) / warm.length,
    wetShare: wet.length === 0 ? null : wet.filter((value) => value).length / wet.length,
  };
}

/** Whether a word for weather, as imported, is one of rain or snow. */
export function isWet(condition: string): boolean {
  return /rain|snow|sleet|hail|storm|drizzle|shower|regen|schnee|graupel|hagel|gewitter|niesel|schauer/i.test(
    condition,
  );
}

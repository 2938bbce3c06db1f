/** The same hours of the local clock on one day: what an event is measured in and compared with. */
export interface WindowDay {
  /** Local date, as 2026-03-07. */
  readonly date: string;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** People of the window; null where part of it was not looked at. */
  readonly people: number | null;
  readonly publicHoliday: boolean;
  readonly schoolHoliday: boolean;
  /** Mean of the window; null where nobody has imported it. */
  readonly temperatureCelsius: number | null;
  /** Share of the window’s hours with rain or snow; null likewise. */
  readonly wetShare: number | null;
  /** People of the same window at other lines, in an order that stays. */
  readonly controls: readonly (number | null)[];
  /** Days of events are no example of what is usual. */
  readonly isEvent: boolean;
}

/** What the model looks at besides the calendar. */
export interface ModelChoices {
  readonly weather: boolean;
  readonly controls: readonly number[];
  /** Yearly waves need most of a year to be told from a trend. */
  readonly yearlyWaves: boolean;
}

const yearDays = 365.25;
/** Temperatures count in tens of degrees from mild weather, so that every feature is about 1. */
const mildCelsius = 12;
/** A control that shows nobody is no reason for the logarithm of 0. */
const halfPerson = 0.5;

/** Days since 1970 of a local date. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

/** Whether a day has everything that the choices ask for. */
export function isComplete(day: WindowDay, choices: ModelChoices): boolean {
  return (
    day.people !== null &&
    (!choices.weather || (day.temperatureCelsius !== null && day.wetShare !== null)) &&
    choices.controls.every((control) => (day.controls[control] ?? null) !== null)
  );
}

/** The features of a day: constant, weekday, holidays, the turn of the year, waves, weather, controls. */
export function featuresOf(
  day: WindowDay,
  { before, after }: { before: WindowDay | undefined; after: WindowDay | undefined },
  choices: ModelChoices,
): Float64Array {
  const features = [1];
  for (let weekday = 1; weekday <= 7; weekday += 1) features.push(day.weekday === weekday ? 1 : 0);
  features.push(day.publicHoliday ? 1 : 0, after?.publicHoliday ? 1 : 0, before?.publicHoliday ? 1 : 0);
  features.push(day.schoolHoliday ? 1 : 0);
  const monthDay = day.date.slice(5);
  features.push(monthDay >= '11-25' && monthDay <= '12-23' ? 1 : 0);
  features.push(monthDay >= '12-24' || monthDay <= '01-06' ? 1 : 0);
  if (choices.yearlyWaves) {
    const phase = (2 * Math.PI * dayNumber(day.date)) / yearDays;
    features.push(Math.sin(phase), Math.cos(phase), Math.sin(2 * phase), Math.cos(2 * phase));
  }
  if (choices.weather) {
    const warm = ((day.temperatureCelsius ?? mildCelsius) - mildCelsius) / 10;
    features.push(warm, warm * warm, day.wetShare ?? 0);
  }
  // Against a hundred people, so that the slope and the constant are nearly independent.
  for (const control of choices.controls)
    features.push(Math.log(((day.controls[control] ?? 0) + halfPerson) / 100));
  return Float64Array.from(features);
}

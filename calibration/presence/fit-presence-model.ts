import type { PresenceModel } from '../../gateway/contract/site-profile.ts';

/** A window of a capture beside what somebody counted. */
export interface JudgedWindow {
  readonly indicator: number;
  readonly people: number;
}

export interface PresenceLine {
  readonly floor: number;
  readonly factor: number;
}

export interface FittedPresence {
  readonly kind: 'fitted';
  readonly line: PresenceLine;
  readonly windows: number;
  /** Errors of windows that the fit did not see, people. */
  readonly meanAbsoluteError: number;
  readonly rootMeanSquareError: number;
  /** What always saying the mean would have erred. */
  readonly meanAbsoluteDeviation: number;
  readonly correlation: number;
}

export interface RefusedPresence {
  readonly kind: 'refused';
  readonly reason: 'too-few-windows' | 'no-variation' | 'no-relation';
  readonly windows: number;
  readonly deviationPeople: number;
  readonly meanAbsoluteError?: number;
}

/** An hour of five-minute windows: below that two parameters follow the noise. */
export const fitWindowsMin = 12;
/** Where the number of people hardly changes, no slope can be learned. */
export const deviationPeopleMin = 1.5;
/** A model has to be this much better than always saying the mean. */
const skillErrorShareMax = 0.9;
/** Windows of an empty place that tell its floor. */
const emptyWindowsMin = 3;
const emptyPeopleMax = 0.5;

/**
 * Share by which the error grows a day. Between November 2022 and April 2024 the error of counting
 * distinct addresses grew to two to three and a half times that of the day of the fit
 * (docs/wifi-accuracy.md): half a per cent a day. Busy seconds near the listener carried over far
 * better, but one pair of days is no reason to promise it.
 */
export const errorGrowthPerDay = 0.005;

/** The curve's exponent. Busy seconds and distinct radios near the listener grow with people. */
const straightLine = 1;

/**
 * Learns `people = factor · (indicator − floor)`. The floor is the indicator of the empty place
 * where that was seen, else where the regression line reaches zero, but not below: an empty place
 * without devices is silent. The factor is the ratio of the
 * means: noise in the indicator would bend a least-squares slope towards zero.
 */
export function fitPresenceLine(windows: readonly JudgedWindow[]): PresenceLine {
  const empty = windows.filter((window) => window.people < emptyPeopleMax).map((window) => window.indicator);
  const floor = Math.max(0, empty.length >= emptyWindowsMin ? median(empty) : regressionFloor(windows));
  const people = mean(windows.map((window) => window.people));
  const above = mean(windows.map((window) => window.indicator)) - floor;
  return { floor, factor: above > 0 ? people / above : 0 };
}

/** People by a line; nobody below the floor. */
export function peopleByLine(line: PresenceLine, indicator: number): number {
  return line.factor * Math.max(0, indicator - line.floor);
}

/** Fits, and judges the fit on each window left out in turn; refuses what the data cannot support. */
export function fitPresenceModel(windows: readonly JudgedWindow[]): FittedPresence | RefusedPresence {
  const people = windows.map((window) => window.people);
  const average = mean(people);
  const deviationPeople = Math.sqrt(mean(people.map((value) => (value - average) ** 2)));
  const refuse = (reason: RefusedPresence['reason'], meanAbsoluteError?: number): RefusedPresence => ({
    kind: 'refused',
    reason,
    windows: windows.length,
    deviationPeople: windows.length === 0 ? 0 : deviationPeople,
    ...(meanAbsoluteError === undefined ? {} : { meanAbsoluteError }),
  });
  if (windows.length < fitWindowsMin) return refuse('too-few-windows');
  if (deviationPeople < deviationPeopleMin) return refuse('no-variation');
  const errors = windows.map((window, left) => {
    const line = fitPresenceLine(windows.filter((_, index) => index !== left));
    return peopleByLine(line, window.indicator) - window.people;
  });
  const meanAbsoluteError = mean(errors.map(Math.abs));
  const meanAbsoluteDeviation = mean(people.map((value) => Math.abs(value - average)));
  const line = fitPresenceLine(windows);
  const unrelated = meanAbsoluteError > skillErrorShareMax * meanAbsoluteDeviation;
  if (line.factor <= 0 || unrelated) return refuse('no-relation', meanAbsoluteError);
  return {
    kind: 'fitted',
    line,
    windows: windows.length,
    meanAbsoluteError,
    rootMeanSquareError: Math.sqrt(mean(errors.map((error) => error ** 2))),
    meanAbsoluteDeviation,
    correlation: correlation(windows),
  };
}

/** The model as the site profile carries it. `fittedAt` is when the data end, not when they were fitted. */
export function presenceModelOf(
  fitted: FittedPresence,
  about: Pick<PresenceModel, 'mode' | 'windowSeconds' | 'fittedAt'>,
): PresenceModel {
  return {
    ...about,
    floor: significant(fitted.line.floor),
    factor: significant(fitted.line.factor),
    exponent: straightLine,
    standardErrorPeople: significant(fitted.rootMeanSquareError),
    standardErrorGrowthPerDay: errorGrowthPerDay,
    windows: fitted.windows,
  };
}

/** Pearson's correlation of indicator and people. */
export function correlation(windows: readonly JudgedWindow[]): number {
  const indicator = mean(windows.map((window) => window.indicator));
  const people = mean(windows.map((window) => window.people));
  let both = 0;
  let indicators = 0;
  let peoples = 0;
  for (const window of windows) {
    both += (window.indicator - indicator) * (window.people - people);
    indicators += (window.indicator - indicator) ** 2;
    peoples += (window.people - people) ** 2;
  }
  return both / Math.sqrt(indicators * peoples);
}

/** Where the least-squares line of people over indicator reaches zero, within what was seen. */
function regressionFloor(windows: readonly JudgedWindow[]): number {
  const indicator = mean(windows.map((window) => window.indicator));
  const people = mean(windows.map((window) => window.people));
  let both = 0;
  let squares = 0;
  for (const window of windows) {
    both += (window.indicator - indicator) * (window.people - people);
    squares += (window.indicator - indicator) ** 2;
  }
  if (both <= 0) return 0;
  const lowest = Math.min(...windows.map((window) => window.indicator));
  return Math.min(lowest, indicator - (people * squares) / both);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Five digits: more would claim a precision that no fit has. */
function significant(value: number): number {
  return Number(value.toPrecision(5));
}

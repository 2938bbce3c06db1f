import { predicted, type RidgeRows, ridgeFit } from './ridge-fit.ts';
import { dayNumber, featuresOf, isComplete, type ModelChoices, type WindowDay } from './window-day.ts';

/**
 * The model `rolling-ridge/1`. The logarithm of the people in a window of the day is a robust ridge
 * regression on weekday, holidays, the turn of the year, yearly waves (from a year of data on),
 * weather where it was imported and the logarithms of other lines, with older days weighing less,
 * plus a level that follows the last days' residuals. Everything is learned from days before the
 * event. The interval is no formula but what the same prediction got wrong on quiet days before:
 * for each of up to 120 of them the model is learned from the days before it, and the 95 % quantile
 * of their errors is the half width (split conformal prediction, Lei et al., Journal of the American
 * Statistical Association 113, 2018, with rolling origins instead of a random split).
 */
export const effectModel = 'rolling-ridge/1';

/** Noise of 0.15 against coefficients of 0.5, both in logarithms: (0.15 / 0.5)². */
const penalty = 0.09;
/** After half a year a day counts half. */
const halfLifeDays = 180;
/** How far the level follows one day’s residual. */
const levelFollows = 0.15;
/** Yearly waves are told from a trend after so many days. */
const wavesFromDays = 350;
/** Six weeks know every weekday six times. */
const trainingDaysMin = 42;
export const originsMax = 120;
/** With 19 the 95 % quantile is the largest of them. */
const originsMin = 19;
/** Three years: more change the coefficients no further. */
const trainingDaysMax = 1_096;
const halfPerson = 0.5;
/** The median of |normal| in deviations. */
const normalMedian = 0.6745;
/** Huber's own choice: 95 % as good as least squares where errors are normal. */
const huberDeviations = 1.345;
/** The third pass moves nothing that matters. */
const robustPasses = 3;
/** Beyond so many deviations a day says nothing about the level. */
const wildDeviations = 3;

export interface EventEffect {
  readonly observed: number;
  readonly expected: number;
  /** Half of the 95 % interval of log(observed / expected) where nothing happened. */
  readonly logHalfWidth: number;
  readonly logEffect: number;
  /** Share of quiet days, itself counted in, on which a placebo event had an effect at least as large. */
  readonly placeboPValue: number;
  readonly origins: number;
  readonly trainingDays: number;
  readonly choices: ModelChoices;
  /** Expected people of each day of the event. */
  readonly days: readonly { readonly date: string; readonly expected: number; readonly observed: number }[];
}

export type EffectRefusal = 'event-not-looked-at' | 'too-little-history' | 'too-few-people';
/** Fewer expected people say nothing in per cent. */
const expectedMin = 20;

/** Effect of the days from `first` on, `length` of them; `days` ascend without holes. */
export function estimateEffect(
  days: readonly WindowDay[],
  { first, length }: { first: number; length: number },
): EventEffect | EffectRefusal {
  const event = days.slice(first, first + length);
  const choices = choicesFor(days, event, first);
  if (event.length < length || !event.every((day) => isComplete(day, choices))) return 'event-not-looked-at';
  const model = new RollingModel(days, choices);
  const expected = model.expect(first, length);
  if (expected === null) return 'too-little-history';
  const total = sum(expected);
  const observed = sum(event.map(({ people }) => people!));
  if (total < expectedMin) return 'too-few-people';
  const errors = originErrors(days, model, { first, length });
  if (errors.length < originsMin) return 'too-little-history';
  const spread = extraSpread(errors);
  const scaleOf = (people: number) => Math.sqrt(spread + 1 / people);
  const scaled = errors
    .map(({ log, expected: people }) => Math.abs(log) / scaleOf(people))
    .sort((a, b) => a - b);
  const rank = Math.min(scaled.length, Math.ceil((scaled.length + 1) * 0.95));
  const logEffect = Math.log((observed + halfPerson) / (total + halfPerson));
  const asLarge = scaled.filter((error) => error >= Math.abs(logEffect) / scaleOf(total)).length;
  return {
    observed,
    expected: total,
    logEffect,
    logHalfWidth: scaled[rank - 1]! * scaleOf(total),
    placeboPValue: (1 + asLarge) / (1 + scaled.length),
    origins: scaled.length,
    trainingDays: model.trainingDays(first),
    choices,
    days: event.map(({ date, people }, index) => ({ date, expected: expected[index]!, observed: people! })),
  };
}

/** What the model was wrong by on a quiet day before, predicted in the same way. */
interface OriginError {
  readonly log: number;
  readonly expected: number;
}

function originErrors(
  days: readonly WindowDay[],
  model: RollingModel,
  { first, length }: { first: number; length: number },
): OriginError[] {
  const errors: OriginError[] = [];
  for (let origin = first - length; origin >= 0 && errors.length < originsMax; origin -= 1) {
    const block = days.slice(origin, origin + length);
    if (!block.every((day) => model.isExample(day))) continue;
    const expected = model.expect(origin, length);
    if (expected === null) break;
    const total = sum(expected);
    if (total < 1) continue;
    const observed = sum(block.map(({ people }) => people!));
    errors.push({ log: Math.log((observed + halfPerson) / (total + halfPerson)), expected: total });
  }
  return errors;
}

/** Variance of the errors beyond Poisson’s, by their median so that a few wild days do not set it. */
function extraSpread(errors: readonly OriginError[]): number {
  const deviation = medianOf(errors.map(({ log }) => Math.abs(log))) / normalMedian;
  return Math.max(1e-6, deviation ** 2 - medianOf(errors.map(({ expected }) => 1 / expected)));
}

/** Weather and controls take part where the event and most days before it have them. */
function choicesFor(days: readonly WindowDay[], event: readonly WindowDay[], first: number): ModelChoices {
  const before = days
    .slice(Math.max(0, first - trainingDaysMax), first)
    .filter(({ people }) => people !== null);
  const has = (test: (day: WindowDay) => boolean) =>
    event.every(test) && before.filter(test).length >= 0.8 * before.length;
  const width = event[0]?.controls.length ?? 0;
  return {
    weather: has((day) => day.temperatureCelsius !== null && day.wetShare !== null),
    controls: Array.from({ length: width }, (_, control) => control).filter((control) =>
      has((day) => (day.controls[control] ?? null) !== null),
    ),
    yearlyWaves: before.length >= wavesFromDays,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * Ridge regression with Huber's weights (Huber, Annals of Mathematical Statistics 35, 1964), by
 * reweighting: a day on which a counter stood still or a crowd came that nobody entered as an event
 * lies ten deviations off and would else bend every coefficient.
 */
function robustFit(rows: RidgeRows): { coefficients: Float64Array; residuals: number[]; scale: number } {
  let { weights } = rows;
  for (let pass = 1; ; pass += 1) {
    const coefficients = ridgeFit({ ...rows, weights }, penalty);
    const residuals = rows.targets.map(
      (target, row) => target - predicted(coefficients, rows.features[row]!),
    );
    const scale = Math.max(1e-6, medianOf(residuals.map(Math.abs)) / normalMedian);
    if (pass === robustPasses) return { coefficients, residuals, scale };
    weights = rows.weights.map(
      (weight, row) =>
        weight * Math.min(1, (huberDeviations * scale) / Math.max(1e-12, Math.abs(residuals[row]!))),
    );
  }
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Learns from what was before an origin and predicts what comes from there on. */
class RollingModel {
  readonly #days: readonly WindowDay[];
  readonly #choices: ModelChoices;
  readonly #features: readonly Float64Array[];

  constructor(days: readonly WindowDay[], choices: ModelChoices) {
    this.#days = days;
    this.#choices = choices;
    this.#features = days.map((day, at) =>
      featuresOf(day, { before: days[at - 1], after: days[at + 1] }, choices),
    );
  }

  /** Quiet, seen, and of an ordinary day: what the model may be judged by. */
  isExample(day: WindowDay): boolean {
    return !day.isEvent && isComplete(day, this.#choices);
  }

  trainingDays(origin: number): number {
    return this.#trainingRows(origin).length;
  }

  #trainingRows(origin: number): number[] {
    const rows: number[] = [];
    for (let at = Math.max(0, origin - trainingDaysMax); at < origin; at += 1) {
      if (this.isExample(this.#days[at]!)) rows.push(at);
    }
    return rows;
  }

  /** Expected people of each of `length` days; null where too little is known before them. */
  expect(origin: number, length: number): number[] | null {
    const rows = this.#trainingRows(origin);
    if (rows.length < trainingDaysMin) return null;
    const today = dayNumber(this.#days[origin]!.date);
    const logs = rows.map((at) => Math.log(this.#days[at]!.people! + halfPerson));
    const features = rows.map((at) => this.#features[at]!);
    const ages = rows.map((at) => 0.5 ** ((today - dayNumber(this.#days[at]!.date)) / halfLifeDays));
    const { coefficients, residuals, scale } = robustFit({ features, targets: logs, weights: ages });
    let level = 0;
    for (const residual of residuals) {
      // A counter that stood still for a day must not pull the level down for a month.
      const bounded = Math.max(-wildDeviations * scale, Math.min(wildDeviations * scale, residual));
      level += levelFollows * (bounded - level);
    }
    return Array.from({ length }, (_, day) =>
      Math.max(0, Math.exp(predicted(coefficients, this.#features[origin + day]!) + level) - halfPerson),
    );
  }
}

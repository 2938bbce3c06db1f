import type { PresenceModel } from './site-profile.ts';

const daySeconds = 86_400;

/** What a presence window or interval says, as far as the model needs it. */
export interface PresenceReading {
  readonly startEpochSeconds: number;
  readonly durationSeconds: number;
  readonly coverageSeconds: number;
  readonly indicator: number;
  readonly standardError: number;
}

/** People present on average in a window, with the standard error of that statement. */
export interface PeoplePresent {
  readonly people: number;
  readonly standardError: number;
}

/**
 * How a model turns the indicator into people: `factor · (indicator − floor)^exponent`, nothing
 * below the floor. `floor` is the model's, or a lower one that `PresenceFloor` has seen since. The
 * error joins the indicator's own with the model's, which grows with the days between the fit and
 * the window. Null where nobody listened: that is not an empty place.
 */
export function peoplePresent(
  model: PresenceModel,
  reading: PresenceReading,
  floor: number = model.floor,
): PeoplePresent | null {
  if (reading.coverageSeconds <= 0) return null;
  const scale = wholeWindowScale(model, reading);
  const above = Math.max(0, reading.indicator * scale - floor);
  const people = model.factor * above ** model.exponent;
  // Where the curve begins its slope may be infinite: one unit of the indicator is the least step.
  const slope = model.factor * model.exponent * Math.max(1, above) ** (model.exponent - 1);
  const ageDays = Math.abs(reading.startEpochSeconds - Date.parse(model.fittedAt) / 1000) / daySeconds;
  const modelError = model.standardErrorPeople * (1 + model.standardErrorGrowthPerDay * ageDays);
  // The model's error was found on whole windows and holds the indicator's own noise in them already.
  const extraNoise = slope * reading.standardError * Math.sqrt(Math.max(0, scale ** 2 - 1));
  return { people, standardError: Math.hypot(modelError, extraNoise) };
}

/** An indicator of a part of a window, or of another length of window, as that of a whole one. */
function wholeWindowScale(model: PresenceModel, reading: PresenceReading): number {
  const share = model.windowSeconds / reading.coverageSeconds;
  // Busy seconds grow with time; distinct radios more slowly, because the same ones come back.
  return model.mode === 'rate' ? share : Math.sqrt(share);
}

/** Shorter than this tells nothing of how quiet a day can be. */
const quietWindowsMin = 12;
/** The quiet end of the windows, robust against one that nobody heard. */
const quietShare = 0.1;
/** A day of five-minute windows; the floor follows over as long. */
const rememberedWindows = 288;

/**
 * Lets the floor follow the day without knowing the truth: stationary devices that were on when the
 * model was learned may be off now. The place is never emptier than its quietest hours, so a floor
 * above the quiet tenth of the last day's windows is too high and is lowered to it. It is never
 * raised: people who stay and devices that stay look alike.
 */
export class PresenceFloor {
  /** The floor that holds now. */
  now: number;
  readonly #learned: number;
  readonly #indicators: number[] = [];

  constructor(model: PresenceModel) {
    this.#learned = model.floor;
    this.now = model.floor;
  }

  /** Takes one more whole window, in order of time, and returns the floor that holds for it. */
  follow(indicator: number): number {
    this.#indicators.push(indicator);
    if (this.#indicators.length > rememberedWindows) this.#indicators.shift();
    if (this.#indicators.length < quietWindowsMin) return this.now;
    const sorted = [...this.#indicators].sort((a, b) => a - b);
    this.now = Math.min(this.#learned, Math.max(0, sorted[Math.floor(sorted.length * quietShare)]!));
    return this.now;
  }
}

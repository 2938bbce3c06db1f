import { type Interval, type SensorFlag, sensorFlags } from '../contract/count-batch.ts';
import type { LineKind } from '../contract/http-api.ts';

/** Standard errors and indicators are kept in ten-thousandths: finer than any sensor, and whole numbers pack. */
const tenThousandths = 10_000;

/** An interval as a store keeps it: whole numbers only, texts that repeat by key or as they are. */
export interface Minute {
  readonly sequence: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly coverageMs: number;
  /**
   * Crossing: in, out and their standard errors; motion: activations, active milliseconds, ordered in
   * and out; presence: frames, indicator, its standard error. Standard errors and indicators in
   * ten-thousandths.
   */
  readonly values: readonly number[];
  /** Bit n is the n-th of the contract's `sensorFlags`. */
  readonly flags: number;
  /** JSON of what is kept for researchers and never summed: rejected paths or bands; empty where none. */
  readonly extra: string;
}

/** The whole numbers of an interval that passed validation. */
export function minuteOf(interval: Interval): Minute {
  return {
    sequence: interval.sequence,
    startMs: Date.parse(interval.start),
    durationMs: Math.round(interval.durationSeconds * 1000),
    coverageMs: Math.round(interval.coverageSeconds * 1000),
    values: valuesOf(interval),
    flags: flagMask(interval.flags),
    extra: extraOf(interval),
  };
}

/** Flags as a number whose bits can be or-ed over a cell. */
export function flagMask(flags: readonly SensorFlag[]): number {
  return flags.reduce((mask, flag) => mask | (1 << sensorFlags.indexOf(flag)), 0);
}

function valuesOf(interval: Interval): number[] {
  const scaled = (value: number) => Math.round(value * tenThousandths);
  switch (interval.kind) {
    case 'crossing':
      return [interval.in, interval.out, scaled(interval.standardErrorIn), scaled(interval.standardErrorOut)];
    case 'motion':
      return [
        interval.activations,
        Math.round(interval.activeSeconds * 1000),
        interval.orderedIn,
        interval.orderedOut,
      ];
    case 'presence':
      return [interval.frames, scaled(interval.indicator), scaled(interval.standardError)];
  }
}

function extraOf(interval: Interval): string {
  if (interval.kind === 'crossing') {
    return Object.keys(interval.rejected).length === 0 ? '' : JSON.stringify(interval.rejected);
  }
  return interval.kind === 'presence' && interval.bands.length > 0 ? JSON.stringify(interval.bands) : '';
}

/** Old days keep no hashes: there an interval of the same start and contents is the same one. */
export function isSameMinute(one: Minute, other: Minute): boolean {
  const contentsOf = ({ startMs, durationMs, coverageMs, values, extra }: Minute) =>
    JSON.stringify([startMs, durationMs, coverageMs, values, extra]);
  return one.startMs === other.startMs && contentsOf(one) === contentsOf(other);
}

/** Sums over a cell; fields that the kind does not have are 0. Times in milliseconds. */
export interface Sums {
  measured: number;
  durationMs: number;
  coverageMs: number;
  in: number;
  out: number;
  varianceIn: number;
  varianceOut: number;
  activations: number;
  activeMs: number;
  orderedIn: number;
  orderedOut: number;
  frames: number;
  indicator: number;
  variance: number;
  flags: number;
}

/** The names of `Sums` that add up; `flags` are or-ed. */
export const summedNames = [
  'measured',
  'durationMs',
  'coverageMs',
  'in',
  'out',
  'varianceIn',
  'varianceOut',
  'activations',
  'activeMs',
  'orderedIn',
  'orderedOut',
  'frames',
  'indicator',
  'variance',
] as const satisfies readonly (keyof Sums)[];

export function noSums(): Sums {
  return {
    measured: 0,
    durationMs: 0,
    coverageMs: 0,
    in: 0,
    out: 0,
    varianceIn: 0,
    varianceOut: 0,
    activations: 0,
    activeMs: 0,
    orderedIn: 0,
    orderedOut: 0,
    frames: 0,
    indicator: 0,
    variance: 0,
    flags: 0,
  };
}

/** Adds a minute to a cell. One in which nobody looked adds its duration and flags, and no value. */
export function addMinute(sums: Sums, kind: LineKind, minute: Minute): void {
  sums.durationMs += minute.durationMs;
  sums.coverageMs += minute.coverageMs;
  sums.flags |= minute.flags;
  if (minute.coverageMs === 0) return;
  sums.measured += 1;
  const [first = 0, second = 0, third = 0, fourth = 0] = minute.values;
  switch (kind) {
    case 'crossing':
      sums.in += first;
      sums.out += second;
      sums.varianceIn += (third / tenThousandths) ** 2;
      sums.varianceOut += (fourth / tenThousandths) ** 2;
      return;
    case 'motion':
      sums.activations += first;
      sums.activeMs += second;
      sums.orderedIn += third;
      sums.orderedOut += fourth;
      return;
    case 'presence':
      sums.frames += first;
      sums.indicator += second / tenThousandths;
      sums.variance += (third / tenThousandths) ** 2;
      return;
  }
}

/** Adds a cell to a longer one. */
export function addSums(into: Sums, part: Sums): void {
  for (const name of summedNames) into[name] += part[name];
  into.flags |= part.flags;
}

import { type SensorFlag, sensorFlags } from '../contract/count-batch.ts';
import type { LineKind } from '../contract/http-api.ts';
import type { Span } from './local-time.ts';

/** Sums of one sensor over a source cell, as the store keeps them; see the store's `CellSums`. */
export interface SensorSums {
  readonly startMs: number;
  readonly measured: number;
  readonly coverageSeconds: number;
  readonly in: number;
  readonly out: number;
  readonly varianceIn: number;
  readonly varianceOut: number;
  readonly activations: number;
  readonly activeSeconds: number;
  readonly orderedIn: number;
  readonly orderedOut: number;
  readonly frames: number;
  readonly indicator: number;
  readonly variance: number;
  /** Bit n: some interval had the n-th of the contract's `sensorFlags`. */
  readonly flags: number;
}

/** What one sensor contributes to a line. Lanes add; sensors of the same lane follow each other in time. */
export interface Contribution {
  readonly lane: number;
  readonly sign: 1 | -1;
  readonly sums: readonly SensorSums[];
}

/** The observed values of a line over a cell; null where nobody looked. */
export interface ObservedValues {
  readonly coverage: number;
  readonly flags: number;
  readonly crossing: {
    in: number | null;
    out: number | null;
    standardErrorIn: number | null;
    standardErrorOut: number | null;
  };
  readonly motion: {
    activations: number | null;
    activeSeconds: number | null;
    orderedIn: number | null;
    orderedOut: number | null;
  };
  readonly presence: { frames: number | null; indicator: number | null; standardError: number | null };
}

export interface ObservedCell extends ObservedValues {
  readonly span: Span;
}

/** Running sums of a cell of a line. */
interface Tally {
  flags: number;
  coverageSeconds: number;
  measured: number;
  in: number;
  out: number;
  varianceIn: number;
  varianceOut: number;
  activations: number;
  activeSeconds: number;
  orderedIn: number;
  orderedOut: number;
  frames: number;
  indicator: number;
  variance: number;
}

/**
 * Lays the sums of a line's sensors into its cells. `cells` are ascending and without gaps; source
 * cells lie within one of them. Coverage is the mean over the line's lanes, so it tells which share
 * of the passers-by somebody looked at.
 */
export function observe(
  cells: readonly Span[],
  contributions: readonly Contribution[],
): {
  readonly cells: ObservedCell[];
  readonly total: ObservedValues;
} {
  const lanes = Math.max(1, new Set(contributions.map(({ lane }) => lane)).size);
  const tallies = cells.map(() => newTally());
  for (const contribution of contributions) {
    let position = 0;
    for (const sums of contribution.sums) {
      while (position < cells.length && cells[position]!.toMs <= sums.startMs) position += 1;
      const tally = tallies[position];
      if (tally === undefined || sums.startMs < cells[position]!.fromMs) continue;
      addTo(tally, sums, contribution.sign);
    }
  }
  const total = newTally();
  for (const tally of tallies) addTally(total, tally);
  const seconds = cells.reduce((sum, span) => sum + lengthSeconds(span), 0);
  return {
    cells: cells.map((span, position) => ({
      span,
      ...valuesOf(tallies[position]!, lanes * lengthSeconds(span)),
    })),
    total: valuesOf(total, lanes * seconds),
  };
}

/** The fields of a kind, as the API answers them. */
export function valuesOfKind(values: ObservedValues, kind: LineKind) {
  const { coverage, flags } = values;
  return { coverage, ...(flags === 0 ? {} : { flags: flagsOf(flags) }), ...values[kind] };
}

/** The flags whose bits are set. */
export function flagsOf(mask: number): SensorFlag[] {
  return sensorFlags.filter((_, bit) => (mask & (1 << bit)) !== 0);
}

function lengthSeconds(span: Span): number {
  return (span.toMs - span.fromMs) / 1000;
}

function newTally(): Tally {
  return {
    flags: 0,
    coverageSeconds: 0,
    measured: 0,
    in: 0,
    out: 0,
    varianceIn: 0,
    varianceOut: 0,
    activations: 0,
    activeSeconds: 0,
    orderedIn: 0,
    orderedOut: 0,
    frames: 0,
    indicator: 0,
    variance: 0,
  };
}

/** A sensor that hangs the other way round has its directions exchanged. */
function addTo(tally: Tally, sums: SensorSums, sign: 1 | -1): void {
  if (sign === 1) {
    addTally(tally, sums);
    return;
  }
  addTally(tally, {
    ...sums,
    in: sums.out,
    out: sums.in,
    varianceIn: sums.varianceOut,
    varianceOut: sums.varianceIn,
    orderedIn: sums.orderedOut,
    orderedOut: sums.orderedIn,
  });
}

function addTally(tally: Tally, part: Tally): void {
  tally.flags |= part.flags;
  tally.coverageSeconds += part.coverageSeconds;
  tally.measured += part.measured;
  tally.in += part.in;
  tally.out += part.out;
  tally.varianceIn += part.varianceIn;
  tally.varianceOut += part.varianceOut;
  tally.activations += part.activations;
  tally.activeSeconds += part.activeSeconds;
  tally.orderedIn += part.orderedIn;
  tally.orderedOut += part.orderedOut;
  tally.frames += part.frames;
  tally.indicator += part.indicator;
  tally.variance += part.variance;
}

/** Variances of independent intervals add; the presence indicator is a mean over its intervals. */
function valuesOf(tally: Tally, seconds: number): ObservedValues {
  const looked = tally.coverageSeconds > 0;
  const seen = (value: number) => (looked ? value : null);
  return {
    // An interval belongs to the cell of its start, so a cell may hold a little more than its length.
    coverage: seconds > 0 ? rounded(Math.min(1, tally.coverageSeconds / seconds)) : 0,
    flags: tally.flags,
    crossing: {
      in: seen(tally.in),
      out: seen(tally.out),
      standardErrorIn: seen(rounded(Math.sqrt(tally.varianceIn))),
      standardErrorOut: seen(rounded(Math.sqrt(tally.varianceOut))),
    },
    motion: {
      activations: seen(tally.activations),
      activeSeconds: seen(rounded(tally.activeSeconds)),
      orderedIn: seen(tally.orderedIn),
      orderedOut: seen(tally.orderedOut),
    },
    presence: {
      frames: seen(tally.frames),
      indicator: tally.measured > 0 ? rounded(tally.indicator / tally.measured) : null,
      standardError: tally.measured > 0 ? rounded(Math.sqrt(tally.variance) / tally.measured) : null,
    },
  };
}

/** A ten-thousandth is finer than any sensor and keeps answers short. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

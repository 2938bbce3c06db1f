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

/** What was observed of each kind of line; null where nobody looked. */
export interface KindValues {
  crossing: {
    in: number | null;
    out: number | null;
    standardErrorIn: number | null;
    standardErrorOut: number | null;
  };
  motion: {
    activations: number | null;
    activeSeconds: number | null;
    orderedIn: number | null;
    orderedOut: number | null;
  };
  presence: { frames: number | null; indicator: number | null; standardError: number | null };
}

/** The observed values of a line over a cell. */
export interface ObservedValues<K extends LineKind> {
  readonly coverage: number;
  readonly flags: number;
  readonly values: KindValues[K];
}

/** What was observed of a line in the cells of a range; a cell is worked out when it is asked for. */
export interface Observation<K extends LineKind> {
  readonly cells: readonly Span[];
  at(position: number): ObservedValues<K>;
  readonly total: ObservedValues<K>;
}

/**
 * Lays the sums of a line's sensors into its cells. `cells` are ascending and without gaps; source
 * cells lie within one of them. Coverage is the mean over the line's lanes, so it tells which share
 * of the passers-by somebody looked at.
 */
export function observe<K extends LineKind>(
  cells: readonly Span[],
  contributions: readonly Contribution[],
  kind: K,
): Observation<K> {
  const lanes = Math.max(1, new Set(contributions.map(({ lane }) => lane)).size);
  const coverageSeconds = new Float64Array(cells.length + 1);
  const flags = new Int32Array(cells.length + 1);
  const tally: KindTally<K> = tallyOfKind[kind](cells.length + 1);
  // The last place is the total's.
  const whole = cells.length;
  for (const { sums, sign } of contributions) {
    let position = 0;
    for (const part of sums) {
      while (position < cells.length && cells[position]!.toMs <= part.startMs) position += 1;
      if (position === cells.length) break;
      if (part.startMs < cells[position]!.fromMs) continue;
      for (const at of [position, whole]) {
        coverageSeconds[at]! += part.coverageSeconds;
        flags[at]! |= part.flags;
        tally.add(at, part, sign);
      }
    }
  }
  const observedOf = (position: number, span: Span): ObservedValues<K> => {
    const seconds = (lanes * (span.toMs - span.fromMs)) / 1000;
    return {
      // An interval belongs to the cell of its start, so a cell may hold a little more than its length.
      coverage: seconds > 0 ? rounded(Math.min(1, coverageSeconds[position]! / seconds)) : 0,
      flags: flags[position]!,
      values: tally.valuesAt(position, coverageSeconds[position]! > 0),
    };
  };
  const span = { fromMs: cells[0]?.fromMs ?? 0, toMs: cells.at(-1)?.toMs ?? 0 };
  return {
    cells,
    at: (position) => observedOf(position, cells[position]!),
    total: observedOf(whole, span),
  };
}

/** The flags whose bits are set. */
export function flagsOf(mask: number): SensorFlag[] {
  return sensorFlags.filter((_, bit) => (mask & (1 << bit)) !== 0);
}

/** Running sums of the cells, column by column: a year of hours as objects keeps the collector busy. */
interface KindTally<K extends LineKind> {
  /** A sensor that hangs the other way round (`sign` −1) has its directions exchanged. */
  add(at: number, part: SensorSums, sign: 1 | -1): void;
  valuesAt(at: number, looked: boolean): KindValues[K];
}

const tallyOfKind: { readonly [K in LineKind]: (length: number) => KindTally<K> } = {
  crossing: crossingTally,
  motion: motionTally,
  presence: presenceTally,
};

/** Variances of independent intervals add. */
function crossingTally(length: number): KindTally<'crossing'> {
  const [ins, outs] = [new Float64Array(length), new Float64Array(length)];
  const [varianceIns, varianceOuts] = [new Float64Array(length), new Float64Array(length)];
  return {
    add(at, part, sign) {
      const forward = sign === 1;
      ins[at]! += forward ? part.in : part.out;
      outs[at]! += forward ? part.out : part.in;
      varianceIns[at]! += forward ? part.varianceIn : part.varianceOut;
      varianceOuts[at]! += forward ? part.varianceOut : part.varianceIn;
    },
    valuesAt: (at, looked) => ({
      in: looked ? ins[at]! : null,
      out: looked ? outs[at]! : null,
      standardErrorIn: looked ? rounded(Math.sqrt(varianceIns[at]!)) : null,
      standardErrorOut: looked ? rounded(Math.sqrt(varianceOuts[at]!)) : null,
    }),
  };
}

function motionTally(length: number): KindTally<'motion'> {
  const [activations, activeSeconds] = [new Float64Array(length), new Float64Array(length)];
  const [orderedIns, orderedOuts] = [new Float64Array(length), new Float64Array(length)];
  return {
    add(at, part, sign) {
      const forward = sign === 1;
      activations[at]! += part.activations;
      activeSeconds[at]! += part.activeSeconds;
      orderedIns[at]! += forward ? part.orderedIn : part.orderedOut;
      orderedOuts[at]! += forward ? part.orderedOut : part.orderedIn;
    },
    valuesAt: (at, looked) => ({
      activations: looked ? activations[at]! : null,
      activeSeconds: looked ? rounded(activeSeconds[at]!) : null,
      orderedIn: looked ? orderedIns[at]! : null,
      orderedOut: looked ? orderedOuts[at]! : null,
    }),
  };
}

/** The presence indicator is a mean over its intervals. */
function presenceTally(length: number): KindTally<'presence'> {
  const [measured, frames] = [new Float64Array(length), new Float64Array(length)];
  const [indicators, variances] = [new Float64Array(length), new Float64Array(length)];
  return {
    add(at, part) {
      measured[at]! += part.measured;
      frames[at]! += part.frames;
      indicators[at]! += part.indicator;
      variances[at]! += part.variance;
    },
    valuesAt: (at, looked) => {
      const intervals = measured[at]!;
      return {
        frames: looked ? frames[at]! : null,
        indicator: intervals > 0 ? rounded(indicators[at]! / intervals) : null,
        standardError: intervals > 0 ? rounded(Math.sqrt(variances[at]!) / intervals) : null,
      };
    },
  };
}

/** A ten-thousandth is finer than any sensor and keeps answers short. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

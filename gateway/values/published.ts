import { discreteLaplaceVariance } from './discrete-laplace.ts';
import type { Span } from './local-time.ts';
import { measured, type Uncertain } from './uncertain.ts';

/**
 * What a sealed cell says for ever; `in` and `out` are null where nobody looked. They hold one draw
 * of noise each, may be negative and are never clamped: a clamped number would bias every sum.
 */
export interface SealedCell extends Span {
  readonly in: number | null;
  readonly out: number | null;
  /** Share of the time that was looked at when the cell was sealed, in tenths, 0 to 10. */
  readonly coverageTenths: number;
  readonly epsilon: number;
  /** Data came after the cell was sealed and are not in it. For the owner's eyes. */
  readonly late: boolean;
}

/** The sum of sealed cells in one cell of the calendar. */
export interface PublishedCell {
  readonly span: Span;
  /** Null where no sealed cell with a number is in it. */
  readonly in: Uncertain | null;
  readonly out: Uncertain | null;
  readonly coverage: number;
  /** How many draws of noise are in each direction: the sealed cells that were looked at. */
  readonly draws: number;
  /** Sealing cells that are not sealed yet, or are withheld: their people are missing from the sum. */
  readonly open: number;
  readonly late: boolean;
}

/**
 * Variance of counting for each counted person. A path that is counted with confidence p is wrong
 * with variance p (1 − p), which is at most this. The sensor's own figure cannot be published: it
 * depends on what was counted and would tell it without noise.
 */
const countingVariancePerPerson = 0.25;

/**
 * Sums sealed cells into cells of the calendar, ascending and without gaps; a sealing cell belongs
 * where its start lies and is never split, so a night belongs to the day on which it begins.
 * `expected` are all sealing cells of the range, `sealed` those of them that have been sealed. Whatever
 * is computed from the result is computed from sealed cells only and costs no further privacy.
 */
export function publish(
  cells: readonly Span[],
  source: { expected: readonly Span[]; sealed: readonly SealedCell[] },
): { readonly cells: PublishedCell[]; readonly total: PublishedCell } {
  const byStart = new Map(source.sealed.map((cell) => [cell.fromMs, cell]));
  const published: PublishedCell[] = [];
  let position = 0;
  for (const span of cells) {
    const first = position;
    while (position < source.expected.length && source.expected[position]!.fromMs < span.toMs) position += 1;
    published.push(sumOfSealed(span, source.expected.slice(first, position), byStart));
  }
  const whole = { fromMs: cells[0]?.fromMs ?? 0, toMs: cells.at(-1)?.toMs ?? 0 };
  return { cells: published, total: sumOfSealed(whole, source.expected, byStart) };
}

/** Sealed spans and, between them, the cells of the present rule that do not touch them. */
export function expectedCells(planned: readonly Span[], sealed: readonly SealedCell[]): Span[] {
  const expected: Span[] = [...sealed];
  let position = 0;
  for (const cell of planned) {
    while (position < sealed.length && sealed[position]!.toMs <= cell.fromMs) position += 1;
    const next = sealed[position];
    if (next === undefined || next.fromMs >= cell.toMs) expected.push(cell);
  }
  return expected.sort((left, right) => left.fromMs - right.fromMs);
}

function sumOfSealed(
  span: Span,
  expected: readonly Span[],
  sealed: ReadonlyMap<number, SealedCell>,
): PublishedCell {
  const sums = { in: 0, out: 0, noiseVariance: 0, coveredMs: 0, wholeMs: 0, draws: 0, open: 0 };
  let late = false;
  for (const { fromMs, toMs } of expected) {
    sums.wholeMs += toMs - fromMs;
    const cell = sealed.get(fromMs);
    if (cell === undefined) sums.open += 1;
    else {
      late ||= cell.late;
      sums.coveredMs += (cell.coverageTenths / 10) * (toMs - fromMs);
      if (cell.in === null || cell.out === null) continue;
      sums.draws += 1;
      sums.in += cell.in;
      sums.out += cell.out;
      sums.noiseVariance += discreteLaplaceVariance(cell.epsilon);
    }
  }
  const number = (sum: number) =>
    sums.draws === 0
      ? null
      : measured(sum, sums.noiseVariance + countingVariancePerPerson * Math.max(0, sum));
  return {
    span,
    in: number(sums.in),
    out: number(sums.out),
    coverage: sums.wholeMs === 0 ? 0 : sums.coveredMs / sums.wholeMs,
    draws: sums.draws,
    open: sums.open,
    late,
  };
}

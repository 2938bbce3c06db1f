import type { LineCounts } from '../../contract/http-api.ts';
import { pairsOf } from './comparison.ts';

/** A cell that was looked at for less than this share shows as a gap. */
const gapBelowCoverage = 0.9;
/** A minute closes ten seconds after its end and is sent at once; two minutes are plenty. */
const minutesUnderWaySeconds = 120;

/** What a chart draws: one cell, what rises above the axis, what hangs below, and how sure both are. */
export interface ChartPoint {
  readonly atSeconds: number;
  readonly seconds: number;
  readonly coverage: number;
  readonly above: number | null;
  readonly below: number | null;
  /** Standard errors of both; null where there is no value. */
  readonly errorAbove: number | null;
  readonly errorBelow: number | null;
  /** What rose and hung there a week before; null where nothing is compared. */
  readonly aboveBefore: number | null;
  readonly belowBefore: number | null;
}

const noPoint = {
  below: null,
  errorAbove: null,
  errorBelow: null,
  aboveBefore: null,
  belowBefore: null,
} as const;

/** The points of a line's cells, by its kind; `before` is compared with where both are counts of people. */
export function pointsOf(counts: LineCounts, before: LineCounts | null): ChartPoint[] {
  const base = ({ start, seconds, coverage }: LineCounts['cells'][number]) => {
    return { ...noPoint, atSeconds: Date.parse(start) / 1000, seconds, coverage };
  };
  switch (counts.kind) {
    case 'crossing': {
      const compared = before?.kind === 'crossing' ? pairsOf(counts, before) : [];
      return counts.cells.map((cell, index) => ({
        ...base(cell),
        above: cell.in,
        below: negative(cell.out),
        errorAbove: cell.standardErrorIn,
        errorBelow: cell.standardErrorOut,
        aboveBefore: compared[index]?.earlier?.in ?? null,
        belowBefore: negative(compared[index]?.earlier?.out ?? null),
      }));
    }
    case 'motion':
      return counts.cells.map((cell) => ({ ...base(cell), above: cell.activations }));
    case 'presence':
      return counts.cells.map((cell) => ({
        ...base(cell),
        above: cell.indicator,
        errorAbove: cell.standardError,
      }));
  }
}

/** Whoever goes out is drawn below the axis. */
function negative(value: number | null): number | null {
  return value === null ? null : -value;
}

/** Whether too little was looked at; minutes of the last quarter may still be on their way. */
export function isGap(point: ChartPoint, nowSeconds: number): boolean {
  const over = point.atSeconds + point.seconds + minutesUnderWaySeconds <= nowSeconds;
  return over && point.coverage < gapBelowCoverage;
}

/** Whether the chart hatches anything. */
export function hasGap(counts: LineCounts): boolean {
  const now = Date.now() / 1000;
  return pointsOf(counts, null).some((point) => isGap(point, now));
}

/** The share of the time until now in which somebody looked. */
export function coverageSoFar(counts: LineCounts): number {
  const now = Date.now();
  let elapsed = 0;
  let looked = 0;
  for (const { start, seconds, coverage } of counts.cells) {
    const past = Math.min(seconds, (now - Date.parse(start)) / 1000);
    if (past <= 0) break;
    elapsed += past;
    looked += Math.min(past, coverage * seconds);
  }
  return elapsed > 0 ? looked / elapsed : 0;
}

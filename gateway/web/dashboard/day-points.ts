import type { LineCounts } from '../../contract/http-api.ts';

/** A quarter that was looked at for less than this share shows as a gap. */
const gapBelowCoverage = 0.9;
/** A minute closes ten seconds after its end and is sent at once; two minutes are plenty. */
const minutesUnderWaySeconds = 120;

/** What a chart draws: one moment, what rises above the axis, what hangs below, and how sure it is. */
export interface DayPoint {
  readonly atSeconds: number;
  readonly seconds: number;
  readonly coverage: number;
  readonly above: number | null;
  readonly below: number | null;
  readonly error: number | null;
}

/** The points of a line's day, by its kind. */
export function pointsOf(counts: LineCounts): DayPoint[] {
  const base = (cell: LineCounts['cells'][number]) => {
    const { start, seconds, coverage } = cell;
    return { atSeconds: Date.parse(start) / 1000, seconds, coverage };
  };
  switch (counts.kind) {
    case 'crossing':
      return counts.cells.map((cell) => ({
        ...base(cell),
        above: cell.in,
        below: cell.out === null ? null : -cell.out,
        error: null,
      }));
    case 'motion':
      return counts.cells.map((cell) => ({
        ...base(cell),
        above: cell.activations,
        below: null,
        error: null,
      }));
    case 'presence':
      return counts.cells.map((cell) => ({
        ...base(cell),
        above: cell.indicator,
        below: null,
        error: cell.standardError,
      }));
  }
}

/** Whether too little was looked at; minutes of the last quarter may still be on their way. */
export function isGap(point: DayPoint, nowSeconds: number): boolean {
  const over = point.atSeconds + point.seconds + minutesUnderWaySeconds <= nowSeconds;
  return over && point.coverage < gapBelowCoverage;
}

/** Whether the chart hatches anything. */
export function hasGap(counts: LineCounts): boolean {
  const now = Date.now() / 1000;
  return pointsOf(counts).some((point) => isGap(point, now));
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

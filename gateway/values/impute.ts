import type { LineSums } from './line-sums.ts';
import { localDay, weeksBefore } from './local-time.ts';

/**
 * The method `same-weekday-mean/1`: a gap of at most three hours within one local day is filled with
 * the mean of the same local time on the same weekday of the eight weeks before, of which at least
 * four must have been looked at. The error is that of one new day drawn like those: its variance
 * s²·(1 + 1/n)·(n − 1)/(n − 3), the last factor being the variance of Student's t with n − 1 degrees
 * of freedom. A longer gap, and one over midnight, stays a gap.
 */
export const imputationMethod = 'same-weekday-mean/1';
const imputedGapHoursMax = 3;
export const profileWeeks = 8;
const profileWeeksMin = 4;

/** Looked at for less than this share, a cell has a gap to fill; above it, rounding is left alone. */
const gapBelow = 0.99;
/** A week counts for the profile where it was looked at for at least this share. */
const profileFrom = 0.95;

/** What is to be added to a source cell whose time was not looked at. */
export interface Filling {
  readonly in: number;
  readonly out: number;
  readonly varianceIn: number;
  readonly varianceOut: number;
}

export interface ImputationSource {
  /** Cells of the range and of the eight weeks before it. */
  readonly sums: readonly LineSums[];
  readonly cellMs: number;
  readonly lanes: number;
  readonly timeZone: string;
}

/** The fillings of a range by the start of their cell; what cannot be filled is not in it. */
export function imputeGaps(
  range: { fromMs: number; toMs: number },
  source: ImputationSource,
): ReadonlyMap<number, Filling> {
  const bySlot = new Map(source.sums.map((sums) => [sums.startMs, sums]));
  const shareOf = (startMs: number) =>
    (bySlot.get(startMs)?.coverageSeconds ?? 0) / ((source.lanes * source.cellMs) / 1000);
  const fillings = new Map<number, Filling>();
  for (const gap of gapsOf(range, source.cellMs, shareOf)) {
    if (gap.length * source.cellMs > imputedGapHoursMax * 3_600_000) continue;
    const day = localDay(gap[0]!, source.timeZone);
    if (gap.at(-1)! + source.cellMs > day.toMs) continue;
    const profiles = gap.map((startMs) => profileOf(startMs, source, { bySlot, shareOf }));
    if (profiles.some((profile) => profile === null)) continue;
    for (const [index, startMs] of gap.entries()) {
      fillings.set(startMs, scaledTo(profiles[index]!, 1 - Math.min(1, shareOf(startMs))));
    }
  }
  return fillings;
}

/** Runs of cells that were not looked at for all of their time. */
function gapsOf(
  range: { fromMs: number; toMs: number },
  cellMs: number,
  shareOf: (startMs: number) => number,
): number[][] {
  const gaps: number[][] = [];
  let open: number[] = [];
  for (let startMs = range.fromMs; startMs < range.toMs; startMs += cellMs) {
    if (shareOf(startMs) < gapBelow) open.push(startMs);
    else if (open.length > 0) {
      gaps.push(open);
      open = [];
    }
  }
  if (open.length > 0) gaps.push(open);
  return gaps;
}

function profileOf(
  startMs: number,
  { timeZone }: ImputationSource,
  slots: { bySlot: ReadonlyMap<number, LineSums>; shareOf: (startMs: number) => number },
): Filling | null {
  const seen: LineSums[] = [];
  for (let weeks = 1; weeks <= profileWeeks; weeks += 1) {
    const earlier = weeksBefore(startMs, weeks, timeZone);
    const sums = slots.bySlot.get(earlier);
    if (sums && slots.shareOf(earlier) >= profileFrom) seen.push(sums);
  }
  if (seen.length < profileWeeksMin) return null;
  const [ins, outs] = [spread(seen.map((sums) => sums.in)), spread(seen.map((sums) => sums.out))];
  return { in: ins.mean, out: outs.mean, varianceIn: ins.variance, varianceOut: outs.variance };
}

/** The mean of what was seen and the variance of one more such number. */
function spread(values: readonly number[]): { mean: number; variance: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const sample = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, variance: (sample * (1 + 1 / n) * (n - 1)) / (n - 3) };
}

function scaledTo(profile: Filling, share: number): Filling {
  return {
    in: profile.in * share,
    out: profile.out * share,
    varianceIn: profile.varianceIn * share ** 2,
    varianceOut: profile.varianceOut * share ** 2,
  };
}

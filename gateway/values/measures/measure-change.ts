import { measured, ratioOf, scaled, sumOf, type Uncertain } from '../uncertain.ts';
import { comparableFrom, type PeopleCell } from './people-cell.ts';
import { twoSidedTail } from './student-distribution.ts';

/** A cell and the one it is compared with, both of which were looked at. */
export interface Pair {
  readonly now: Uncertain;
  readonly base: Uncertain;
}

/** Pairs of cells of two ranges of the same length, where both were looked at and both have numbers. */
export function pairsOf(
  now: readonly PeopleCell[],
  base: readonly (PeopleCell | null)[],
  people: (cell: PeopleCell) => Uncertain | null,
): (Pair | null)[] {
  return now.map((cell, index) => {
    const before = base[index] ?? null;
    if (before === null || cell.coverage < comparableFrom || before.coverage < comparableFrom) return null;
    const [one, other] = [people(cell), people(before)];
    return one === null || other === null ? null : { now: one, base: other };
  });
}

/** Change in per cent with its counting error; null where nothing can be compared or the base is 0. */
export function changeOf(pairs: readonly Pair[]): Uncertain | null {
  if (pairs.length === 0) return null;
  const ratio = ratioOf(sumOf(pairs.map(({ now }) => now)), sumOf(pairs.map(({ base }) => base)));
  return ratio === null ? null : inPercent(ratio);
}

function inPercent(ratio: Uncertain): Uncertain {
  const percent = scaled(ratio, 100);
  return { ...percent, value: percent.value - 100 };
}

/** Fewer pairs do not tell scatter from change. */
export const growthPairsMin = 4;

/**
 * Growth over pairs of weeks as a ratio estimator Σy / Σx, whose variance comes from the residuals
 * y − r·x (Cochran, Sampling Techniques, 3rd ed., 6.4: v(r) = n / ((n − 1) (Σx)²) Σ (y − r x)²),
 * times (n − 1)/(n − 3) as for every mean of few weeks. The probability is that of Student's t with
 * n − 1 degrees of freedom for r = 1.
 */
export function growthOf(weeks: readonly Pair[]): { estimate: Uncertain | null; pValue: number | null } {
  const n = weeks.length;
  const ratio =
    n === 0 ? null : ratioOf(sumOf(weeks.map(({ now }) => now)), sumOf(weeks.map(({ base }) => base)));
  if (ratio === null || n < growthPairsMin) return { estimate: null, pValue: null };
  const total = weeks.reduce((sum, { base }) => sum + base.value, 0);
  const squares = weeks.reduce((sum, { now, base }) => sum + (now.value - ratio.value * base.value) ** 2, 0);
  const variance = (n * squares) / ((n - 1) * total ** 2);
  const pValue = variance === 0 ? null : twoSidedTail((ratio.value - 1) / Math.sqrt(variance), n - 1);
  const wide = Math.max(ratio.variance, (variance * (n - 1)) / (n - 3));
  return {
    estimate: inPercent({ ...measured(ratio.value, wide), sensitivities: ratio.sensitivities }),
    pValue,
  };
}

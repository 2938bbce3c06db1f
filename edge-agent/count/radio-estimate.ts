import { coinsOf } from './pan-private-sketch.ts';

/** Above this many radios a bit the bits are nearly all touched, and only a lower bound is honest. */
const saturationRadiosPerBit = 1.5;
/** One-sided 95 % of the normal distribution: how sure the lower bound is. */
const lowerBoundDeviations = 1.645;

/** A number of distinct radios with its standard error. */
export interface RadioEstimate {
  /** May be negative: cutting at zero would bias sums. A lower bound where `saturated`. */
  readonly radios: number;
  readonly standardError: number;
  readonly saturated: boolean;
}

/**
 * Estimates distinct radios from the number of set bits. With n radios an untouched bit has the
 * share u = (1 − 1/m)^n, and the mean share of set bits is p − (p − q)·u; so n = ln u / ln(1 − 1/m).
 * The logarithm is concave, which biases the plain inversion by var(u)/(2u²): the second-order term
 * of its expansion, which is taken off.
 */
export function estimateRadios(setBits: number, bits: number, epsilon: number): RadioEstimate {
  const { p, q } = coinsOf(epsilon);
  const logStep = Math.log1p(-1 / bits);
  const untouched = (p - setBits / bits) / (p - q);
  const untouchedAtLimit = Math.exp(logStep * saturationRadiosPerBit * bits);
  const shareVariance = untouchedVariance(Math.max(untouched, untouchedAtLimit), bits, epsilon);
  if (untouched >= untouchedAtLimit) {
    const correction = shareVariance / (2 * untouched ** 2);
    const radios = (Math.log(untouched) + correction) / logStep;
    const standardError = Math.sqrt(shareVariance) / (untouched * -logStep);
    return { radios, standardError, saturated: false };
  }
  const standardError = Math.sqrt(shareVariance) / (untouchedAtLimit * -logStep);
  const untouchedAtMost = Math.max(0, untouched) + lowerBoundDeviations * Math.sqrt(shareVariance);
  return { radios: Math.log(untouchedAtMost) / logStep, standardError, saturated: true };
}

/** Variance of the estimated untouched share: the coins', and that of how radios fall onto bits. */
function untouchedVariance(untouched: number, bits: number, epsilon: number): number {
  const { p, q } = coinsOf(epsilon);
  const coins = (p * (1 - p)) / (bits * (p - q) ** 2);
  // Occupancy: m²·var = m(m−1)(1−2/m)^n + m·u − m²u² (Feller, vol. 1, IV.2), nothing for n ≤ 0.
  const u = Math.min(1, untouched);
  const radios = Math.log(u) / Math.log1p(-1 / bits);
  const bothUntouched = Math.exp(radios * Math.log1p(-2 / bits));
  const occupancy = ((bits - 1) * bothUntouched + u) / bits - u ** 2;
  return coins + Math.max(0, occupancy);
}

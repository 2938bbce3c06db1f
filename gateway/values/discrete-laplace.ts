/**
 * Exact sampling of the discrete Laplace distribution (two-sided geometric): P(Y = y) is
 * proportional to exp(−|y| · s / t). Whole numbers only, so that no rounding of a floating-point
 * number can tell what was hidden (Mironov 2012 shows that it does).
 *
 * Algorithms 1 and 2 of C. Canonne, G. Kamath, T. Steinke, "The Discrete Gaussian for Differential
 * Privacy", NeurIPS 2020 (arXiv:2004.00010).
 */

/** A uniform whole number from 0 to `below` − 1, from a source that nobody can foresee. */
export type DrawBelow = (below: number) => number;

/** ε as the exact fraction `s / t` of positive whole numbers. */
export interface ExactEpsilon {
  readonly s: number;
  readonly t: number;
}

/** Budgets are whole numbers of quarters. Throws a `RangeError` for any other. */
export function exactEpsilon(epsilon: number): ExactEpsilon {
  const quarters = epsilon * 4;
  if (!Number.isInteger(quarters) || quarters < 1) {
    throw new RangeError(`ε = ${epsilon} is not a positive number of quarters`);
  }
  return { s: quarters, t: 4 };
}

/** A count with one draw of noise: the only way in which a number leaves for protected audiences. */
export function withNoise(count: number, epsilon: number, draw: DrawBelow): number {
  return count + discreteLaplace(exactEpsilon(epsilon), draw);
}

/** One draw of noise. A count that changes by one changes the odds of any sum by e^ε at most. */
export function discreteLaplace({ s, t }: ExactEpsilon, draw: DrawBelow): number {
  for (;;) {
    const u = draw(t);
    if (!happensWithExp(u, t, draw)) continue;
    let v = 0;
    while (happensWithExp(1, 1, draw)) v += 1;
    const magnitude = Math.floor((u + t * v) / s);
    const negative = draw(2) === 1;
    // Zero would otherwise be drawn twice as often as it should be.
    if (negative && magnitude === 0) continue;
    return negative ? -magnitude : magnitude;
  }
}

/** True with probability exp(−numerator / denominator), for a fraction between 0 and 1 (Algorithm 1). */
function happensWithExp(numerator: number, denominator: number, draw: DrawBelow): boolean {
  let k = 1;
  while (draw(denominator * k) < numerator) k += 1;
  return k % 2 === 1;
}

/** Variance of one draw: 2α / (1 − α)² with α = e^−ε (Inusah and Kozubowski 2006, equation 2.7). */
export function discreteLaplaceVariance(epsilon: number): number {
  const alpha = Math.exp(-epsilon);
  return (2 * alpha) / (1 - alpha) ** 2;
}

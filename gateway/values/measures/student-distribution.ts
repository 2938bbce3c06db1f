/**
 * Student's t: its tail by the regularised incomplete beta function (DLMF 8.17.22, evaluated by the
 * modified Lentz method; DLMF 3.10(iii)) and its quantile by bisection.
 */

/** Digits beyond these are of no use in an interval of counts. */
const precision = 1e-12;
const stepsMax = 300;
const tiny = 1e-300;

/** Probability that |t| is at least as large, with `freedom` degrees of freedom. */
export function twoSidedTail(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), { a: freedom / 2, b: 0.5 });
}

/** The t below which a share of the distribution lies, for shares from one half to below one. */
export function studentQuantile(share: number, freedom: number): number {
  const tail = 2 * (1 - share);
  let low = 0;
  let high = 1;
  while (twoSidedTail(high, freedom) > tail && high < 1e12) high *= 2;
  for (let step = 0; step < stepsMax && high - low > precision * high; step += 1) {
    const middle = (low + high) / 2;
    if (twoSidedTail(middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function incompleteBeta(x: number, { a, b }: { a: number; b: number }): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast below the mean; above it, the other tail is taken (DLMF 8.17.4).
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaFraction(x: number, a: number, b: number): number {
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= stepsMax; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const coefficient of [even, odd]) {
      d = 1 / away(1 + coefficient * d);
      c = away(1 + coefficient / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < precision) break;
  }
  return fraction;
}

/** Stirling's series (DLMF 5.11.1) after shifting the argument beyond 10. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z += 1) shift += Math.log(z);
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

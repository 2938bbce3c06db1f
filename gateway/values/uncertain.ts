/**
 * A number with its errors: an independent variance, and for each calibration how much the number
 * would change per unit of the calibration's factor. Keeping the two apart is what makes sums right:
 * two hours share the error of one calibration, so it grows with their sum and not with its root.
 *
 * First-order propagation, as in the Guide to the Expression of Uncertainty in Measurement
 * (JCGM 100:2008, 5.1 and 5.2).
 */
export interface Uncertain {
  readonly value: number;
  readonly variance: number;
  readonly sensitivities: Readonly<Record<string, number>>;
}

/** Standard errors of the factors of calibrations, by the calibration's id. */
export type FactorErrors = Readonly<Record<string, number>>;

/** 97.5 % of a normal distribution lie below this many standard deviations. */
const normal95 = 1.959964;

export function measured(value: number, variance = 0): Uncertain {
  return { value, variance, sensitivities: {} };
}

/** The sum of numbers whose independent parts are independent of each other. */
export function sumOf(parts: Iterable<Uncertain>): Uncertain {
  let value = 0;
  let variance = 0;
  const sensitivities: Record<string, number> = {};
  for (const part of parts) {
    value += part.value;
    variance += part.variance;
    for (const [id, sensitivity] of Object.entries(part.sensitivities)) {
      sensitivities[id] = (sensitivities[id] ?? 0) + sensitivity;
    }
  }
  return { value, variance, sensitivities };
}

/** A number times an exact factor. */
export function scaled(number: Uncertain, factor: number): Uncertain {
  return {
    value: number.value * factor,
    variance: number.variance * factor ** 2,
    sensitivities: mapped(number.sensitivities, (sensitivity) => sensitivity * factor),
  };
}

/** A number times the factor of a calibration, whose error it carries from now on. */
export function calibrated(number: Uncertain, calibration: { id: string; factor: number }): Uncertain {
  const { id, factor } = calibration;
  const { value, variance, sensitivities } = scaled(number, factor);
  return {
    value,
    variance,
    sensitivities: { ...sensitivities, [id]: (sensitivities[id] ?? 0) + number.value },
  };
}

/** One number over another, as a capture rate; null where the divisor is 0. */
export function ratioOf(above: Uncertain, below: Uncertain): Uncertain | null {
  if (below.value === 0) return null;
  const value = above.value / below.value;
  const ids = new Set([...Object.keys(above.sensitivities), ...Object.keys(below.sensitivities)]);
  const sensitivities: Record<string, number> = {};
  // An error that both share cancels as far as it moves both alike.
  for (const id of ids) {
    const difference = (above.sensitivities[id] ?? 0) - value * (below.sensitivities[id] ?? 0);
    sensitivities[id] = difference / below.value;
  }
  const variance = (above.variance + value ** 2 * below.variance) / below.value ** 2;
  return { value, variance, sensitivities };
}

/** A number in per cent of a base, as an index of this week against last; null where the base is 0. */
export function indexOf(number: Uncertain, base: Uncertain): Uncertain | null {
  const ratio = ratioOf(number, base);
  return ratio === null ? null : scaled(ratio, 100);
}

/** Independent part and the shares of all calibrations together. */
export function standardErrorOf(number: Uncertain, errors: FactorErrors): number {
  let variance = number.variance;
  for (const [id, sensitivity] of Object.entries(number.sensitivities)) {
    variance += (sensitivity * (errors[id] ?? 0)) ** 2;
  }
  return Math.sqrt(variance);
}

/** The 95 % interval about the truth. Its lower end may be negative: cutting it off would bias sums. */
export function interval95(number: Uncertain, errors: FactorErrors): [number, number] {
  const half = normal95 * standardErrorOf(number, errors);
  return [number.value - half, number.value + half];
}

function mapped(
  sensitivities: Readonly<Record<string, number>>,
  change: (sensitivity: number) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(sensitivities).map(([id, value]) => [id, change(value)]));
}

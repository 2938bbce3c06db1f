import type { Direction, Doubt } from './counter.ts';

/**
 * How far the count may be from the truth, given what was seen. Three things make it wrong: a
 * crossing that was none, somebody hidden by somebody else, and two people taken for one who turned
 * back. People hide each other where they come together, so the share of paths that come in company
 * is followed and the rest stands in proportion to it. The shares were taken from simulated
 * walks (seed 101) under the rules about heads alone; other seeds and walks judge them.
 */

/** Paths within this of each other are company. */
const companySeconds = 2;

/** Weight of a path in the share that comes in company, and the share before anything was seen. */
const companyWeight = 1 / 40;
const companyAtFirst = 0.2;

/** People hidden behind one who was counted, where all come in company; and the least there are. */
const hiddenInCompany = 0.33;
const hiddenAtLeast = 0.02;

/** People behind a path that was taken for one who turned back, where all come in company. */
const turnedInCompany = 1.2;
const turnedMax = 0.9;

/** Whoever is hidden by a walker mostly goes the same way. */
const sameWayShare = 0.7;

/**
 * Misses do not cancel: the error of a sum of them grows like the sum. A minute's worth of them is
 * carried along, so that the variances of an interval add up to about the square of its bias.
 */
const biasSeconds = 60;

export class ErrorModel {
  #company = companyAtFirst;
  readonly #bias: Record<Direction, number> = { in: 0, out: 0 };
  #atSeconds = Number.NEGATIVE_INFINITY;

  /** The error of a path that was counted with this confidence. */
  crossing(crossing: {
    readonly atSeconds: number;
    readonly direction: Direction;
    readonly confidence: number;
    readonly nearestSeconds: number;
  }): Doubt {
    const { atSeconds, direction, confidence } = crossing;
    this.#hear(atSeconds, crossing.nearestSeconds);
    const hidden = Math.max(hiddenAtLeast, hiddenInCompany * this.#company);
    const other = direction === 'in' ? 'out' : 'in';
    const variances = { in: 0, out: 0 };
    variances[direction] = confidence * (1 - confidence) + this.#miss(direction, sameWayShare * hidden);
    variances[other] = this.#miss(other, (1 - sameWayShare) * hidden);
    return { atSeconds, varianceIn: variances.in, varianceOut: variances.out };
  }

  /** The error of a path that was taken for somebody who turned back. */
  turned(turned: { readonly atSeconds: number; readonly nearestSeconds: number }): Doubt {
    this.#hear(turned.atSeconds, turned.nearestSeconds);
    const hidden = 0.5 * Math.min(turnedMax, turnedInCompany * this.#company);
    return {
      atSeconds: turned.atSeconds,
      varianceIn: this.#miss('in', hidden),
      varianceOut: this.#miss('out', hidden),
    };
  }

  #hear(atSeconds: number, nearestSeconds: number): void {
    const isCompany = nearestSeconds < companySeconds ? 1 : 0;
    this.#company += companyWeight * (isCompany - this.#company);
    const faded = Math.exp(-Math.max(0, atSeconds - this.#atSeconds) / biasSeconds);
    this.#atSeconds = Math.max(this.#atSeconds, atSeconds);
    this.#bias.in *= faded;
    this.#bias.out *= faded;
  }

  /** Variance of a miss of this probability, and its part in the square of the growing bias. */
  #miss(direction: Direction, probability: number): number {
    const bias = this.#bias[direction];
    this.#bias[direction] = bias + probability;
    return probability * (1 - probability) + probability * probability + 2 * bias * probability;
  }
}

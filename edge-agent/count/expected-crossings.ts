import { CarriedBias } from './carried-bias.ts';
import type { Crossing, Direction } from './counter.ts';
import { stepSeconds } from './crossing-network.ts';
import type { FindingQueue } from './finding-queue.ts';

/** Half of the time within which the expectation of one body lies. */
const bodySteps = 12;

/** Nobody is sure of anything. */
const confidenceMax = 0.99;

/** Findings may be so old (counter.ts allows nine seconds after their time). */
const openSeconds = 6;

/** Less than a thousandth of a person² is not worth a word. */
const doubtMin = 0.001;

/** A part of a run: `expected[first]` up to `expected[last - 1]` are settled, `steps` are known. */
export interface SettledSteps {
  readonly fromSeconds: number;
  readonly first: number;
  readonly last: number;
  readonly steps: number;
}

/**
 * Turns expected crossings of one direction into crossings, and what is left over into doubt.
 * Somebody is counted when the expectation has grown by a half, and then by one for each. The true
 * number is then uncertain in two ways: it varies about its expectation, and the count is not the
 * expectation but the nearest whole number.
 */
export class ExpectedCrossings {
  readonly #direction: Direction;
  readonly #findings: FindingQueue;
  readonly #passed: (crossing: Crossing) => void;
  readonly #bias = new CarriedBias();
  #sum = 0;
  /** Sum of p (1 − p) of those who were counted. */
  #unsure = 0;
  /** The likeliest moment of whoever is left over, for the doubt about them. */
  #largest = 0;
  #largestSeconds = 0;

  constructor(direction: Direction, findings: FindingQueue, passed: (crossing: Crossing) => void) {
    this.#direction = direction;
    this.#findings = findings;
    this.#passed = passed;
  }

  settle(expected: Float64Array, { fromSeconds, first, last, steps }: SettledSteps): void {
    for (let step = first; step < last; step++) {
      const part = expected[step]!;
      this.#sum += part;
      if (part > this.#largest) {
        this.#largest = part;
        this.#largestSeconds = fromSeconds + step * stepSeconds;
      }
      if (this.#sum < 0.5) continue;
      this.#sum -= 1;
      this.#largest = 0;
      const confidence = Math.min(confidenceMax, Math.max(0.5, bodySum(expected, step, steps)));
      const atSeconds = fromSeconds + step * stepSeconds;
      this.#unsure += confidence * (1 - confidence);
      this.#largestSeconds = atSeconds;
      this.#passed({ atSeconds, direction: this.#direction, confidence });
    }
  }

  /** Nobody is on the line: what is left over of the expectation is doubt about those before. */
  end(endSeconds: number): void {
    // Whoever stood there for long may be doubted only as of late: minutes before are closed.
    const atSeconds = Math.max(this.#largestSeconds, endSeconds - openSeconds);
    const left = this.#sum;
    const share = Math.min(1, Math.abs(left));
    const variance = Math.max(share * (1 - share), this.#unsure) + this.#bias.add(left, atSeconds);
    this.#sum = 0;
    this.#unsure = 0;
    this.#largest = 0;
    if (Math.abs(variance) < doubtMin) return;
    const isIn = this.#direction === 'in';
    this.#findings.doubt({ atSeconds, varianceIn: isIn ? variance : 0, varianceOut: isIn ? 0 : variance });
  }
}

/** What is expected around a step: the probability of the body whose middle it is. */
function bodySum(expected: Float64Array, step: number, steps: number): number {
  let sum = 0;
  const to = Math.min(steps - 1, step + bodySteps);
  for (let at = Math.max(0, step - bodySteps); at <= to; at++) sum += expected[at]!;
  return sum;
}

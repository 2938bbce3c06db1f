import type { Crossing, Direction } from './counter.ts';
import { stepSeconds } from './crossing-network.ts';
import type { FindingQueue } from './finding-queue.ts';

/** Half of the time within which the expectation of one body lies. */
const bodySteps = 12;

/** Nobody is sure of anything. */
const confidenceMax = 0.99;

/** Findings may be so old (counter.ts allows nine seconds after their time). */
const openSeconds = 6;

/** Less than a hundredth of a person left over is not worth a word. */
const doubtMin = 0.01;

/** A part of a run: `expected[first]` up to `expected[last - 1]` are settled, `steps` are known. */
export interface SettledSteps {
  readonly fromSeconds: number;
  readonly first: number;
  readonly last: number;
  readonly steps: number;
}

/**
 * Turns expected crossings of one direction into crossings, and what is left over into doubt.
 * Somebody is counted when the expectation has grown by a half, and then by one for each.
 */
export class ExpectedCrossings {
  readonly #direction: Direction;
  readonly #findings: FindingQueue;
  readonly #passed: (crossing: Crossing) => void;
  #sum = 0;
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
      this.#passed({ atSeconds, direction: this.#direction, confidence });
    }
  }

  /** The sight is over: whoever is left over as a part of a person is doubt. */
  end(endSeconds: number): void {
    // Whoever stood there for long may be doubted only as of late: minutes before are closed.
    const atSeconds = Math.max(this.#largestSeconds, endSeconds - openSeconds);
    if (this.#sum > doubtMin) this.#doubt(atSeconds, this.#sum);
    this.#sum = 0;
    this.#largest = 0;
  }

  #doubt(atSeconds: number, variance: number): void {
    const isIn = this.#direction === 'in';
    this.#findings.doubt({
      atSeconds,
      varianceIn: isIn ? variance : 0,
      varianceOut: isIn ? 0 : variance,
    });
  }
}

/** What is expected around a step: the probability of the body whose middle it is. */
function bodySum(expected: Float64Array, step: number, steps: number): number {
  let sum = 0;
  const to = Math.min(steps - 1, step + bodySteps);
  for (let at = Math.max(0, step - bodySteps); at <= to; at++) sum += expected[at]!;
  return sum;
}

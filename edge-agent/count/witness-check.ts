import type { FlagSpan } from './counter.ts';
import { FlagBook } from './flag-book.ts';

/** So many crossings without any motion: a walker is missed by a PIR at most one time in four. */
const silentCrossings = 12;

/** So many activations without any path under the sensor: people stop short, but not so often. */
const unseenActivations = 20;

/** Motion this long before or after a crossing may be the same person. */
const togetherSeconds = 10;

/**
 * Compares a distance sensor with a motion detector at the same line. Either of them silent for
 * long while the other one is busy is a fault to report; who is right nobody can tell from here.
 * A field study of PIR counters found 73 to 97 % sensitivity: single misses mean nothing.
 */
export class WitnessCheck {
  readonly #flags: FlagBook;
  #lastMotionSeconds = Number.NEGATIVE_INFINITY;
  #lastPathSeconds = Number.NEGATIVE_INFINITY;
  #crossingsAlone = 0;
  #activationsAlone = 0;
  #aloneSinceSeconds = 0;

  /** `hand` receives spans of `witness-disagrees`. */
  constructor(hand: (span: FlagSpan) => void) {
    this.#flags = new FlagBook(hand);
  }

  /** A crossing or a rejected path of the distance sensor. */
  path(atSeconds: number): void {
    this.#lastPathSeconds = atSeconds;
    this.#activationsAlone = 0;
    if (atSeconds - this.#lastMotionSeconds <= togetherSeconds) return;
    if (this.#crossingsAlone === 0) this.#aloneSinceSeconds = atSeconds;
    this.#crossingsAlone += 1;
    if (this.#crossingsAlone >= silentCrossings) {
      this.#flags.raise('witness-disagrees', this.#aloneSinceSeconds);
    }
  }

  /** An activation of the detector. */
  motion(atSeconds: number): void {
    this.#lastMotionSeconds = atSeconds;
    if (this.#crossingsAlone > 0) {
      this.#crossingsAlone = 0;
      this.#flags.end('witness-disagrees', atSeconds);
    }
    if (atSeconds - this.#lastPathSeconds <= togetherSeconds) {
      this.#activationsAlone = 0;
      this.#flags.end('witness-disagrees', atSeconds);
      return;
    }
    if (this.#activationsAlone === 0) this.#aloneSinceSeconds = atSeconds;
    this.#activationsAlone += 1;
    if (this.#activationsAlone >= unseenActivations) {
      this.#flags.raise('witness-disagrees', this.#aloneSinceSeconds);
    }
  }
}

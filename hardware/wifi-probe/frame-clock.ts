import type { Clock } from '../clock.ts';

/** Frames arrive within seconds; an older or younger stamp is a stepped clock, not a late frame. */
const lateSecondsMax = 5;

/** Places frames, which carry the kernel's wall clock, on the monotonic time line, always forwards. */
export class FrameClock {
  readonly #clock: Clock;
  #lastSeconds = Number.NEGATIVE_INFINITY;
  #lastStampSeconds = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Monotonic time of a frame, or NaN for one that was heard before: two children overlap for seconds. */
  place(stampSeconds: number): number {
    const age = Date.now() / 1000 - stampSeconds;
    const stepped = age < 0 || age > lateSecondsMax;
    // After a step of the wall clock old stamps prove nothing any more.
    if (stampSeconds <= this.#lastStampSeconds && this.#lastStampSeconds - stampSeconds <= lateSecondsMax) {
      return Number.NaN;
    }
    this.#lastStampSeconds = stampSeconds;
    const nowSeconds = this.#clock.nowSeconds();
    this.#lastSeconds = Math.max(this.#lastSeconds, stepped ? nowSeconds : nowSeconds - age);
    return this.#lastSeconds;
  }

  /** How far everything has been heard: now, less what may still be under way. */
  progress(underWaySeconds: number): number {
    this.#lastSeconds = Math.max(this.#lastSeconds, this.#clock.nowSeconds() - underWaySeconds);
    return this.#lastSeconds;
  }
}

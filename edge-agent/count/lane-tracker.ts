import type { BodyModel } from './body-model.ts';
import { HeightTrace } from './height-trace.ts';
import { PassageJudge } from './passage-judge.ts';
import type { PathCandidate } from './path-candidate.ts';

/** Both sides have to show the floor for so long before a stretch is over. */
const emptySeconds = 0.12;

/** Who turns round beyond the line is back within five seconds: so long low traces hold a stretch open. */
const lowSeconds = 5;

/** After so long a stretch is judged up to its deepest valley, so that findings settle in time. */
const stretchSecondsMax = 6;

/** Weight of a reading in the smoothed height by which a side counts as clear. */
const smoothShare = 0.4;

/** Neighbouring people leave a valley at least this much below both; a share of the lower peak. */
const cutShare = 0.6;

/** Watches the two sides of one lane: collects what happens until it can be judged. */
export class LaneTracker {
  readonly #outside = new HeightTrace();
  readonly #inside = new HeightTrace();
  readonly #judge: PassageJudge;
  readonly #body: BodyModel;
  readonly #found: (path: PathCandidate) => void;
  #isOccupied = false;
  #startSeconds = 0;
  #busySeconds = 0;
  /** Smoothed heights of outside and inside. */
  readonly #smooth = new Float64Array(2);
  #tallSeconds = 0;
  #checkedSeconds = 0;

  constructor(body: BodyModel, heightMm: number, found: (path: PathCandidate) => void) {
    this.#body = body;
    this.#judge = new PassageJudge(body, heightMm);
    this.#found = found;
  }

  get isOccupied(): boolean {
    return this.#isOccupied;
  }

  get occupiedSinceSeconds(): number {
    return this.#startSeconds;
  }

  /** Takes one height; below `clearMm` (smoothed) the zone shows nothing but its floor. */
  take(isInside: boolean, atSeconds: number, heightMm: number, clearMm: number): void {
    const trace = isInside ? this.#inside : this.#outside;
    const side = isInside ? 1 : 0;
    trace.push(atSeconds, heightMm);
    const { enterMm, skirtMm } = this.#body;
    const smooth = this.#smooth[side]! + smoothShare * (Math.min(heightMm, skirtMm) - this.#smooth[side]!);
    this.#smooth[side] = smooth;
    if (heightMm >= enterMm) {
      if (!this.#isOccupied) {
        this.#isOccupied = true;
        this.#startSeconds = atSeconds;
        this.#checkedSeconds = atSeconds;
      }
      this.#tallSeconds = atSeconds;
      this.#busySeconds = atSeconds;
    } else if (smooth >= clearMm) this.#busySeconds = atSeconds;
    if (!this.#isOccupied) trace.trim();
    else if (atSeconds - this.#checkedSeconds > stretchSecondsMax) this.#cut(atSeconds);
  }

  /** Ends the stretch where both sides have been empty for long enough. */
  advance(atSeconds: number): void {
    if (!this.#isOccupied) return;
    const isEmpty = atSeconds - this.#busySeconds >= emptySeconds;
    if (isEmpty || atSeconds - this.#tallSeconds >= lowSeconds) this.close();
  }

  close(): void {
    if (!this.#isOccupied) return;
    this.#isOccupied = false;
    this.#judge.judge(this.#outside, this.#inside, Number.POSITIVE_INFINITY, this.#found);
    this.#outside.dropBefore(this.#outside.length - 1);
    this.#inside.dropBefore(this.#inside.length - 1);
  }

  /** Judges a stretch that will not end up to its deepest valley, where there is one. */
  #cut(nowSeconds: number): void {
    this.#checkedSeconds = nowSeconds - stretchSecondsMax + 0.4;
    const untilSeconds = this.#valley(nowSeconds - 0.5);
    if (Number.isNaN(untilSeconds)) return;
    this.#judge.judge(this.#outside, this.#inside, untilSeconds, this.#found);
    this.#outside.dropBefore(this.#outside.indexAt(untilSeconds) - 1);
    this.#inside.dropBefore(this.#inside.indexAt(untilSeconds) - 1);
    this.#startSeconds = untilSeconds;
  }

  /** The time at which both sides together are lowest, or NaN where no valley is deep enough. */
  #valley(beforeSeconds: number): number {
    const outside = this.#outside;
    const inside = this.#inside;
    let best = Number.POSITIVE_INFINITY;
    let at = Number.NaN;
    let peak = 0;
    let bestPeak = 0;
    let other = 0;
    for (let index = 0; index < outside.length; index++) {
      const time = outside.at[index]!;
      if (time > beforeSeconds) break;
      while (other < inside.length - 1 && inside.at[other]! < time) other += 1;
      const height = Math.max(outside.height[index]!, inside.length > 0 ? inside.height[other]! : 0);
      if (time - this.#startSeconds > 0.3 && peak > this.#body.personMm && height <= best) {
        best = height;
        at = time;
        bestPeak = peak;
      }
      peak = Math.max(peak, height);
    }
    return best < cutShare * bestPeak ? at : Number.NaN;
  }
}

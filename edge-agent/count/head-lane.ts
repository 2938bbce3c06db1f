import type { BodyModel } from './body-model.ts';
import { type CurrentReading, readingAt, readingHeight } from './current-reading.ts';
import { HeightTrace } from './height-trace.ts';
import type { Lane, ZoneNoise } from './lane.ts';
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

/** Whoever was there has gone when only so much of their height is left for so long: a leaf ajar, a bag. */
const goneShare = 0.4;
const goneSeconds = 2;

/** A gap is judged when it lies so far back: both slopes beside it have been seen. */
const settledSeconds = 0.5;

/** A side that sends nothing for so long does not hold the other one up. */
const silentSecondsMax = 1.5;

/** Watches the two sides of one lane: collects what happens until it can be judged. */
export class HeadLane implements Lane {
  readonly #outside = new HeightTrace();
  readonly #inside = new HeightTrace();
  readonly #judge: PassageJudge;
  readonly #body: BodyModel;
  readonly #isInside: readonly boolean[];
  /**
   * The first zone is judged as the outside, whichever side it is on, and the directions are turned
   * round in the end: swapping the sides swaps in and out, and nothing else.
   */
  readonly #isFlipped: boolean;
  readonly #found: (path: PathCandidate) => void;
  #isOccupied = false;
  #busySeconds = 0;
  /** Readings of outside and inside since anything was seen. */
  readonly #clearReadings = new Uint32Array(2);
  /** Smoothed heights of outside and inside. */
  readonly #smooth = new Float64Array(2);
  #tallSeconds = 0;
  /** Highest reading of the stretch, and when something near that height was last seen. */
  #topMm = 0;
  #nearSeconds = 0;
  #checkedSeconds = 0;

  constructor(
    body: BodyModel,
    place: { readonly heightMm: number; readonly isInside: readonly boolean[] },
    found: (path: PathCandidate) => void,
  ) {
    this.#body = body;
    this.#judge = new PassageJudge(body, place.heightMm);
    this.#isFlipped = place.isInside[0] === true;
    this.#isInside = place.isInside;
    this.#found = (path) => {
      if (this.#isFlipped && path.direction !== null) path.direction = path.direction === 'in' ? 'out' : 'in';
      found(path);
    };
  }

  /** Takes one height of a zone whose floor is as noisy as `floor` says. */
  take(slot: number, reading: CurrentReading, floor: ZoneNoise): void {
    const atSeconds = reading[readingAt]!;
    const heightMm = reading[readingHeight]!;
    const isInside = (this.#isInside[slot] === true) !== this.#isFlipped;
    const trace = isInside ? this.#inside : this.#outside;
    const side = isInside ? 1 : 0;
    trace.push(reading);
    const { skirtMm } = this.#body;
    const enterMm = Math.max(this.#body.enterMm, floor.notableMm);
    this.#judge.hearNoise(side, floor.notableMm);
    const smooth = this.#smooth[side]! + smoothShare * (Math.min(heightMm, skirtMm) - this.#smooth[side]!);
    this.#smooth[side] = smooth;
    if (heightMm >= enterMm) {
      if (!this.#isOccupied) {
        this.#isOccupied = true;
        this.#checkedSeconds = atSeconds;
        this.#topMm = 0;
      }
      this.#tallSeconds = atSeconds;
      this.#busySeconds = atSeconds;
      if (heightMm > this.#topMm) this.#topMm = heightMm;
      if (heightMm >= goneShare * this.#topMm) this.#nearSeconds = atSeconds;
    } else if (smooth >= floor.clearMm) this.#busySeconds = atSeconds;
    if (this.#busySeconds === atSeconds) this.#clearReadings.fill(0);
    else this.#clearReadings[side]! += 1;
    if (!this.#isOccupied) trace.trim();
    else if (atSeconds - this.#nearSeconds > goneSeconds && this.#topMm > 0) this.#part(atSeconds);
    else if (atSeconds - this.#checkedSeconds > stretchSecondsMax) this.#cut(atSeconds);
  }

  /** Ends the stretch where both sides have been empty for long enough. */
  advance(reading: CurrentReading): void {
    if (!this.#isOccupied) return;
    const atSeconds = reading[readingAt]!;
    const isEmpty = atSeconds - this.#busySeconds >= emptySeconds && this.#isSeenEmpty(atSeconds);
    if (isEmpty || atSeconds - this.#tallSeconds >= lowSeconds) this.close();
  }

  close(): void {
    if (!this.#isOccupied) return;
    this.#isOccupied = false;
    this.#judge.judge(this.#outside, this.#inside, Number.POSITIVE_INFINITY, this.#found);
    this.#outside.dropBefore(this.#outside.length - 1);
    this.#inside.dropBefore(this.#inside.length - 1);
  }

  drop(): boolean {
    const wasOccupied = this.#isOccupied;
    this.#isOccupied = false;
    this.#outside.dropBefore(this.#outside.length);
    this.#inside.dropBefore(this.#inside.length);
    return wasOccupied;
  }

  /** Whether both sides have shown the floor, or one has not answered for long. */
  #isSeenEmpty(atSeconds: number): boolean {
    const both = Math.min(this.#clearReadings[0]!, this.#clearReadings[1]!);
    return both >= 2 || atSeconds - this.#busySeconds >= silentSecondsMax;
  }

  /** Judges a stretch that will not end, up to the last moment at which nobody was near the line. */
  #cut(nowSeconds: number): void {
    this.#checkedSeconds = nowSeconds - stretchSecondsMax + 0.4;
    const untilSeconds = this.#judge.lastGap(this.#outside, this.#inside, nowSeconds - settledSeconds);
    if (!Number.isNaN(untilSeconds)) this.#part(untilSeconds);
  }

  /** Judges what lies before a time and goes on with what is still there. */
  #part(untilSeconds: number): void {
    this.#topMm = 0;
    this.#judge.judge(this.#outside, this.#inside, untilSeconds, this.#found);
    this.#outside.dropBefore(this.#outside.indexAt(untilSeconds) - 1);
    this.#inside.dropBefore(this.#inside.indexAt(untilSeconds) - 1);
  }
}

import type { BodyModel } from './body-model.ts';
import type { Crossing, Direction } from './counter.ts';
import { type CrossingNetwork, constants, stepSeconds, stepsMax } from './crossing-network.ts';
import { type CurrentReading, readingAt, readingHeight, readingStrength } from './current-reading.ts';
import { ExpectedCrossings } from './expected-crossings.ts';
import type { FindingQueue } from './finding-queue.ts';
import { HeadLane } from './head-lane.ts';
import { HeightTrace } from './height-trace.ts';
import type { Lane, ZoneNoise } from './lane.ts';
import { SecondOpinion } from './second-opinion.ts';
import { SightLog } from './sight-log.ts';
import { contextInputs, SiteContext } from './site-context.ts';

/** What is seen within this time belongs together: a leaf that shuts, a pusher behind a pram, a way back. */
const togetherSeconds = 1.2;

/** The empty scene before and after is looked at, too. */
const marginSeconds = 0.4;

/** A low reading keeps a sight going for so long after a high one: the legs behind the head. */
const trailSeconds = 0.3;

/** Who turns round past the line is back within five seconds (counting.md): nothing younger is settled. */
const pendingSeconds = 5;
const pendingSteps = pendingSeconds / stepSeconds;

/** While somebody is in sight without end, what is older than `pendingSeconds` is settled this often. */
const settleEverySeconds = 2.5;

/** Weight of a reading in the smoothed height by which a side counts as clear. */
const smoothShare = 0.4;

/** Nobody is on the line where less than this is expected within half a second. */
const quietExpected = 0.03;
const quietSteps = 12;

/** Watches the two sides of one line and lets the network say who passed. */
export class NetworkLane implements Lane {
  readonly #outside = new HeightTrace();
  readonly #inside = new HeightTrace();
  readonly #smooth = new Float64Array(2);
  /** 1 for each side that has shown strengths lately. */
  readonly #strengthsKnown = new Uint8Array(2);
  readonly #body: BodyModel;
  readonly #isInside: readonly boolean[];
  readonly #network: CrossingNetwork;
  readonly #findings: FindingQueue;
  readonly #in: ExpectedCrossings;
  readonly #out: ExpectedCrossings;
  readonly #place = new SiteContext();
  readonly #sights = new SightLog();
  readonly #opinion = new SecondOpinion();
  readonly #heads: HeadLane;
  #isOccupied = false;
  #seenSeconds = Number.NEGATIVE_INFINITY;
  #nowSeconds = Number.NEGATIVE_INFINITY;
  /** Up to here everything is settled; the next run begins here. */
  #settledSeconds = 0;

  constructor(options: {
    readonly body: BodyModel;
    readonly isInside: readonly boolean[];
    readonly heightMm: number;
    readonly network: CrossingNetwork;
    readonly findings: FindingQueue;
    readonly count: (direction: Direction) => void;
  }) {
    this.#body = options.body;
    this.#isInside = options.isInside;
    this.#network = options.network;
    this.#findings = options.findings;
    this.#heads = new HeadLane(options.body, options, this.#opinion.hear);
    const passed = (crossing: Crossing) => this.#pass(crossing, options.count);
    this.#in = new ExpectedCrossings('in', options.findings, passed);
    this.#out = new ExpectedCrossings('out', options.findings, passed);
  }

  get isOccupied(): boolean {
    return this.#isOccupied;
  }

  /** Takes one height of a zone whose floor is as noisy as `floor` says. */
  take(slot: number, reading: CurrentReading, floor: ZoneNoise): void {
    const isInside = this.#isInside[slot] === true;
    const trace = isInside ? this.#inside : this.#outside;
    const side = isInside ? 1 : 0;
    const atSeconds = reading[readingAt]!;
    const heightMm = reading[readingHeight]!;
    trace.push(reading);
    this.#strengthsKnown[side] = reading[readingStrength] === 0 ? 0 : 1;
    this.#heads.take(slot, reading, floor);
    const { skirtMm, enterMm } = this.#body;
    const smooth = this.#smooth[side]! + smoothShare * (Math.min(heightMm, skirtMm) - this.#smooth[side]!);
    this.#smooth[side] = smooth;
    const isHigh = heightMm >= Math.max(enterMm, floor.notableMm);
    const isTrail = smooth >= floor.clearMm && atSeconds - this.#seenSeconds < trailSeconds;
    if (isHigh && !this.#isOccupied) this.#begin(atSeconds);
    if (this.#isOccupied && (isHigh || isTrail)) {
      this.#seenSeconds = atSeconds;
      this.#sights.see(atSeconds, heightMm);
    }
    if (!this.#isOccupied) trace.trim();
  }

  /** Judges what is over, and what is old enough of what goes on. */
  advance(reading: CurrentReading): void {
    const atSeconds = reading[readingAt]!;
    this.#nowSeconds = atSeconds;
    this.#heads.advance(reading);
    if (!this.#isOccupied) return;
    if (atSeconds - this.#seenSeconds >= togetherSeconds + marginSeconds) {
      this.close();
      return;
    }
    const due = atSeconds - pendingSeconds;
    if (due - this.#settledSeconds < settleEverySeconds) return;
    this.#run(atSeconds, due);
  }

  close(): void {
    this.#heads.close();
    if (!this.#isOccupied) return;
    this.#isOccupied = false;
    const endSeconds = Math.min(this.#nowSeconds, this.#seenSeconds + marginSeconds);
    this.#run(endSeconds, endSeconds);
    this.#place.end(stepSeconds);
    this.#network.constants.set(this.#place.values, constants - contextInputs);
    this.#in.end(endSeconds);
    this.#out.end(endSeconds);
    this.#sights.settle(Number.POSITIVE_INFINITY, this.#findings);
    this.#outside.dropBefore(this.#outside.indexAt(endSeconds - marginSeconds) - 1);
    this.#inside.dropBefore(this.#inside.indexAt(endSeconds - marginSeconds) - 1);
  }

  drop(): boolean {
    const wasOccupied = this.#isOccupied;
    this.#isOccupied = false;
    this.#heads.drop();
    this.#opinion.dropBefore(Number.POSITIVE_INFINITY);
    this.#in.end(this.#nowSeconds);
    this.#out.end(this.#nowSeconds);
    this.#sights.drop();
    this.#outside.dropBefore(this.#outside.length);
    this.#inside.dropBefore(this.#inside.length);
    return wasOccupied;
  }

  #pass(crossing: Crossing, count: (direction: Direction) => void): void {
    const { atSeconds, direction } = crossing;
    this.#findings.crossing(crossing);
    this.#sights.pass(atSeconds);
    count(direction);
  }

  #begin(atSeconds: number): void {
    this.#isOccupied = true;
    this.#settledSeconds = atSeconds - marginSeconds;
    this.#network.begin();
    this.#network.constants[1] = this.#strengthsKnown[0]! * this.#strengthsKnown[1]!;
  }

  /** Notes the form of the steps that are settled. */
  #learnPlace(last: number): void {
    const network = this.#network;
    for (let step = 0; step < last; step++) {
      this.#place.step(network.heightAt(step, 0), network.heightAt(step, 1));
    }
  }

  /** Runs the network up to `endSeconds` and settles what lies before `untilSeconds`. */
  #run(endSeconds: number, untilSeconds: number): void {
    while (this.#settledSeconds < untilSeconds) {
      const fromSeconds = this.#settledSeconds;
      const steps = Math.min(stepsMax, Math.floor((endSeconds - fromSeconds) / stepSeconds) + 1);
      this.#network.run(this.#outside, this.#inside, fromSeconds, steps);
      // After a long silence of the sensor there may be more than one run's worth to judge.
      const due = Math.ceil((untilSeconds - fromSeconds) / stepSeconds);
      const last = steps < stepsMax ? Math.min(steps, due) : Math.min(stepsMax - pendingSteps, due);
      this.#learnPlace(last);
      this.#opinion.pool(this.#network.expectedIn, 'in', { fromSeconds, steps });
      this.#opinion.pool(this.#network.expectedOut, 'out', { fromSeconds, steps });
      const settled = { fromSeconds, first: 0, last, steps };
      this.#in.settle(this.#network.expectedIn, settled);
      this.#out.settle(this.#network.expectedOut, settled);
      this.#network.carry(last);
      this.#settledSeconds = fromSeconds + last * stepSeconds;
      if (isQuiet(this.#network.expectedIn, last, steps)) this.#in.end(this.#settledSeconds);
      if (isQuiet(this.#network.expectedOut, last, steps)) this.#out.end(this.#settledSeconds);
      if (last === steps) break;
    }
    this.#opinion.dropBefore(this.#settledSeconds);
    this.#sights.settle(untilSeconds - trailSeconds, this.#findings);
  }
}

/** Whether hardly anybody is expected in the half second about a step. */
function isQuiet(expected: Float64Array, step: number, steps: number): boolean {
  let sum = 0;
  const to = Math.min(steps, step + quietSteps);
  for (let at = Math.max(0, step - quietSteps); at < to; at++) sum += expected[at]!;
  return sum < quietExpected;
}

import type { BodyModel } from './body-model.ts';
import { HeadPair, type Span } from './head-pair.ts';
import { type BumpList, bumpsMax } from './head-segmentation.ts';
import type { HeightTrace } from './height-trace.ts';

/** Both sides of the line as one stretch of time shows them. */
export interface Passage {
  readonly outside: HeightTrace;
  readonly inside: HeightTrace;
  readonly outsideBumps: BumpList;
  readonly insideBumps: BumpList;
  readonly body: BodyModel;
}

/** A step of the search: how many bumps of either side one explanation takes. */
const steps = [
  [1, 1],
  [1, 0],
  [0, 1],
  [2, 1],
  [1, 2],
  [2, 2],
] as const;
const swapStep = steps.length;
const turnOutsideStep = steps.length + 1;
const turnInsideStep = steps.length + 2;

/** Prices are in nats: differences of log likelihood. */
const lonePrice = 5.5;
const mismatchPriceMax = 9;

/** Heights of one head on both sides differ by noise, hair and the walker's bobbing. */
const heightDeviationMm = 130;

/** Cutting a swinging arm or a stoop in two: the deeper the valley, the dearer to ignore it. */
const valleyScaleMm = 95;

/** Two people of whom one side shows a single bump: from here on the valley parts two. */
export const mergedPrice = 4;

/** A single low reading may be a wrong one; two or three in a row are a gap. */
const valleyPricePerReading = 3;

const size = bumpsMax + 1;

/**
 * Finds the cheapest explanation of all bumps of a passage by heads: a head on both sides, a lone
 * bump, two bumps of one side that were one body, or two heads that swapped order because their
 * owners walked in opposite directions. Exact over these steps, by dynamic programming.
 */
export class HeadMatching {
  /** The chosen steps in time order: bumps of the outside and inside (count 0 where none). */
  count = 0;
  readonly outsideFirst = new Int32Array(2 * bumpsMax);
  readonly outsideCount = new Int32Array(2 * bumpsMax);
  readonly insideFirst = new Int32Array(2 * bumpsMax);
  readonly insideCount = new Int32Array(2 * bumpsMax);
  /** 1 where two bumps of one side and one of the other are somebody who turned round. */
  readonly isTurn = new Uint8Array(2 * bumpsMax);
  readonly pair = new HeadPair();
  readonly #cost = new Float64Array(size * size);
  readonly #step = new Int8Array(size * size);
  readonly #outsideSpan: Span = { first: 0, last: 0 };
  readonly #insideSpan: Span = { first: 0, last: 0 };

  solve(passage: Passage): void {
    const outside = passage.outsideBumps.count;
    const inside = passage.insideBumps.count;
    for (let i = 0; i <= outside; i++) {
      for (let j = 0; j <= inside; j++) this.#cost[i * size + j] = Number.POSITIVE_INFINITY;
    }
    this.#cost[0] = 0;
    for (let i = 0; i <= outside; i++) {
      for (let j = 0; j <= inside; j++) this.#extend(passage, i, j);
    }
    this.#trace(outside, inside);
  }

  #extend(passage: Passage, i: number, j: number): void {
    const base = this.#cost[i * size + j]!;
    if (base === Number.POSITIVE_INFINITY) return;
    const outside = passage.outsideBumps.count;
    const inside = passage.insideBumps.count;
    for (let step = 0; step < steps.length; step++) {
      const [a, b] = steps[step]!;
      if (i + a > outside || j + b > inside) continue;
      const price =
        a === 0 || b === 0 ? this.#lone(passage, a === 1 ? i : j, a) : this.#paired(passage, i, j, step);
      this.#offer(i + a, j + b, base + price, step);
    }
    if (i + 2 <= outside && j < inside) {
      this.#offer(i + 2, j + 1, base + turnPrice(passage, true, i, j), turnOutsideStep);
    }
    if (i < outside && j + 2 <= inside) {
      this.#offer(i + 1, j + 2, base + turnPrice(passage, false, j, i), turnInsideStep);
    }
    if (i + 2 <= outside && j + 2 <= inside) {
      const price = this.#match(passage, i, i, j + 1, j + 1) + this.#match(passage, i + 1, i + 1, j, j) + 1.5;
      this.#offer(i + 2, j + 2, base + price, swapStep);
    }
  }

  #offer(i: number, j: number, cost: number, step: number): void {
    const at = i * size + j;
    if (cost >= this.#cost[at]!) return;
    this.#cost[at] = cost;
    this.#step[at] = step;
  }

  #lone(passage: Passage, bump: number, a: number): number {
    const bumps = a === 1 ? passage.outsideBumps : passage.insideBumps;
    const readings = bumps.end[bump]! - bumps.start[bump]!;
    const heightMm = bumps.peak[bump]!;
    const low = heightMm < passage.body.personMm ? 0.4 : 1;
    return lonePrice * low * (readings <= 3 ? 0.6 : 1);
  }

  #paired(passage: Passage, i: number, j: number, step: number): number {
    const [a, b] = steps[step]!;
    let price = this.#match(passage, i, i + a - 1, j, j + b - 1);
    if (a === 2) price += valleyPrice(passage.outside, passage.outsideBumps, i);
    if (b === 2) price += valleyPrice(passage.inside, passage.insideBumps, j);
    return price;
  }

  /** Price of taking these bumps of both sides for one body. */
  #match(passage: Passage, i0: number, i1: number, j0: number, j1: number): number {
    const pair = this.measure(passage, i0, i1, j0, j1);
    const width = 0.5 * (pair.outsideWidth + pair.insideWidth) + 0.03;
    // A body covers both sides at about the same time: its lag is a part of its width.
    const lag = Math.abs(pair.lagCentre) / width;
    const lagPrice = lag < 0.7 ? 0 : 0.5 * ((lag - 0.7) / 0.22) ** 2;
    const difference = (pair.outsidePeak - pair.insidePeak) / heightDeviationMm;
    const heightPrice = 0.5 * difference * difference;
    const stretch = Math.log((pair.outsideWidth + 0.04) / (pair.insideWidth + 0.04)) / 0.4;
    return (
      Math.min(lagPrice, mismatchPriceMax) +
      Math.min(heightPrice, 0.5 * mismatchPriceMax) +
      Math.min(0.5 * stretch * stretch, 0.5 * mismatchPriceMax)
    );
  }

  /** Measures bumps `i0 … i1` outside against `j0 … j1` inside at half of the lower peak. */
  measure(passage: Passage, i0: number, i1: number, j0: number, j1: number): HeadPair {
    const { pair } = this;
    pair.outsidePeak = peakOf(passage.outsideBumps, i0, i1);
    pair.insidePeak = peakOf(passage.insideBumps, j0, j1);
    const half = Math.max(0.8 * passage.body.enterMm, 0.5 * Math.min(pair.outsidePeak, pair.insidePeak));
    // Between neighbours, or over somebody who stands, a body rises from a valley, not from the floor.
    pair.outsideBase = baseOf(passage.outside, passage.outsideBumps, i0, i1);
    pair.insideBase = baseOf(passage.inside, passage.insideBumps, j0, j1);
    this.#outsideSpan.first = i0;
    this.#outsideSpan.last = i1;
    this.#insideSpan.first = j0;
    this.#insideSpan.last = j1;
    this.measureAt(passage, half, 0.5);
    return pair;
  }

  /** Measures the same bumps again at another height. */
  measureAt(passage: Passage, levelMm: number, share: number): void {
    const { pair } = this;
    const outside = pair.outsideBase + share * (pair.outsidePeak - pair.outsideBase);
    const inside = pair.insideBase + share * (pair.insidePeak - pair.insideBase);
    pair.measureOutside(passage.outside, passage.outsideBumps, this.#outsideSpan, Math.max(levelMm, outside));
    pair.measureInside(passage.inside, passage.insideBumps, this.#insideSpan, Math.max(levelMm, inside));
  }

  #trace(outside: number, inside: number): void {
    this.count = 0;
    let i = outside;
    let j = inside;
    while (i > 0 || j > 0) {
      const at = i * size + j;
      const step = this.#step[at]!;
      if (step === turnOutsideStep || step === turnInsideStep) {
        const near = step === turnOutsideStep ? 2 : 1;
        i -= near;
        j -= 3 - near;
        this.#keep(i, near, j, 3 - near, true);
        continue;
      }
      if (step === swapStep) {
        this.#keep(i - 1, 1, j - 2, 1);
        this.#keep(i - 2, 1, j - 1, 1);
        i -= 2;
        j -= 2;
        continue;
      }
      const [a, b] = steps[step]!;
      i -= a;
      j -= b;
      this.#keep(i, a, j, b);
    }
    this.#reverse();
  }

  #keep(i: number, a: number, j: number, b: number, isTurn = false): void {
    this.isTurn[this.count] = isTurn ? 1 : 0;
    this.outsideFirst[this.count] = i;
    this.outsideCount[this.count] = a;
    this.insideFirst[this.count] = j;
    this.insideCount[this.count] = b;
    this.count += 1;
  }

  #reverse(): void {
    this.outsideFirst.subarray(0, this.count).reverse();
    this.outsideCount.subarray(0, this.count).reverse();
    this.insideFirst.subarray(0, this.count).reverse();
    this.insideCount.subarray(0, this.count).reverse();
    this.isTurn.subarray(0, this.count).reverse();
  }
}

/** Somebody turns round under the sensor once in a dozen passages. */
const turnBasePrice = 2.5;

/** Braking and setting off again takes longer than this between the near side's two bumps. */
export const turnSecondsMin = 0.65;

/** Two people meet right under the sensor now and then. */
const meetingPrice = 3;

/** One head on its way in and out again; the far side's bump lies halfway between within this share. */
const turnHeightMm = 150;
const turnMiddleShare = 0.4;

/** Price of bumps `near`, `near + 1` of one side being one walker who turned round under bump `far`. */
function turnPrice(passage: Passage, isOutside: boolean, near: number, far: number): number {
  const nearTrace = isOutside ? passage.outside : passage.inside;
  const nearBumps = isOutside ? passage.outsideBumps : passage.insideBumps;
  const farTrace = isOutside ? passage.inside : passage.outside;
  const farBumps = isOutside ? passage.insideBumps : passage.outsideBumps;
  const first = nearTrace.at[nearBumps.peakIndex[near]!]!;
  const second = nearTrace.at[nearBumps.peakIndex[near + 1]!]!;
  const middle = 0.5 * (farTrace.at[farBumps.start[far]!]! + farTrace.at[farBumps.end[far]!]!);
  const off = (middle - 0.5 * (first + second)) / (0.5 * (second - first) + 0.05) / turnMiddleShare;
  const taller = (nearBumps.peak[near]! - nearBumps.peak[near + 1]!) / turnHeightMm;
  const gap = second - first;
  // Sooner than anybody turns: two people who met, whose heads need not be alike.
  if (gap < turnSecondsMin) return meetingPrice + 0.5 * off * off;
  return turnBasePrice + 0.5 * off * off + 0.5 * taller * taller;
}

/** The higher of the valleys at both ends of the bumps `first … last`. */
function baseOf(trace: HeightTrace, bumps: BumpList, first: number, last: number): number {
  return Math.max(0, trace.height[bumps.start[first]!]!, trace.height[bumps.end[last]!]!);
}

function peakOf(bumps: BumpList, first: number, last: number): number {
  let peak = bumps.peak[first]!;
  for (let bump = first + 1; bump <= last; bump++) peak = Math.max(peak, bumps.peak[bump]!);
  return peak;
}

/** What it costs to say that the valley after bump `i` parts nobody. */
export function valleyPrice(trace: HeightTrace, bumps: BumpList, i: number): number {
  const valley = trace.height[bumps.end[i]!]!;
  const depth = Math.min(bumps.peak[i]!, bumps.peak[i + 1]!) - valley;
  const middle = valley + 0.5 * depth;
  let readings = 1;
  for (let index = bumps.end[i]! - 1; trace.height[index]! < middle && index > 0; index--) readings += 1;
  for (let index = bumps.end[i]! + 1; trace.height[index]! < middle && index < trace.length; index++)
    readings += 1;
  const price = 0.5 + 0.25 * (depth / valleyScaleMm) ** 2;
  return Math.min(price, valleyPricePerReading * readings, mergedPrice);
}

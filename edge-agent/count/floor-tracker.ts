import { type CurrentReading, readingAt, readingDistance } from './current-reading.ts';

/**
 * Distance and noise of the empty scene of one zone.
 *
 * Whoever stands under the sensor at start must not become the floor, so the first readings are
 * never believed: the floor comes from the site profile or the mounting height, and moves by
 * evidence of calm blocks only. Nothing lies below a floor, so calm blocks farther away correct it
 * soon; nearer ones may be somebody standing and have to last longer than anybody stands still.
 */

/** A block is long enough to tell a still scene from a passing body. */
const blockSeconds = 0.5;

/** Fewer good readings tell nothing about the spread of a block. */
const blockReadingsMin = 4;

/** Calm blocks that must agree on a farther floor: four seconds in which nothing moved. */
const fartherBlocks = 8;

/** Calm blocks that must agree on a floor a little nearer: a mat, a warmed sensor, a rough height. */
const slightlyNearerBlocks = 60;

/** A change of this size is drift or a rough mounting height and no body. */
const slightMm = 220;

/** A box on the floor may become floor after ten minutes without the least movement. */
const nearerBlocks = 1200;

/** Nobody stands so still: breathing and balance move a head by more. */
const stillMm = 12;

/** The floor follows calm blocks with this weight once it is known: a time constant of a minute. */
const followShare = 1 / 120;

/** VL53L1X in the dark has some 5 mm, a poor region of interest 94 mm (counting.md, Truth). */
const deviationMinMm = 6;
const deviationMaxMm = 120;
const deviationStartMm = 20;

/** Agreement of two calm blocks, in deviations of the floor. */
const agreeDeviations = 2.5;

/** Readings farther from the floor than this are bodies, not noise. */
const noiseReachMm = 400;

/** A step of 3 % a reading doubles the noise within 24 readings: a second. */
const noiseStep = 0.03;

/** The median of a normal deviation is two thirds of the standard deviation. */
const deviationPerMedian = 0.674;

/** One reading in a million lies farther from the floor than five deviations; outliers are heavier. */
const notableDeviations = 6;

export class FloorTracker {
  /** NaN until the floor is known. */
  floorMm: number;
  deviationMm: number;
  /** Standard deviation of the floor's readings during the last seconds. */
  noiseMm: number;
  /** What the site says; NaN without. */
  readonly priorMm: number;
  readonly #nearestMm: number;
  #calmBlocks = 0;
  #blockEnd = Number.NEGATIVE_INFINITY;
  #blockCount = 0;
  #blockSum = 0;
  #blockSquares = 0;
  #blockMin = 0;
  #blockMax = 0;
  #blockMean = 0;
  #blockDeviation = 0;
  #otherMm = Number.NaN;
  #otherBlocks = 0;
  #otherStill = true;

  constructor(priorMm: number | null, deviationMm: number | null, nearestMm: number) {
    this.priorMm = priorMm ?? Number.NaN;
    this.floorMm = this.priorMm;
    this.deviationMm = clampDeviation(deviationMm ?? deviationStartMm);
    this.noiseMm = this.deviationMm;
    this.#nearestMm = nearestMm;
  }

  /** A smoothed height above this is not the floor: noise of a mean of four, and some drift. */
  get clearMm(): number {
    return 8 + 1.8 * Math.max(this.deviationMm, this.noiseMm);
  }

  /** Height from which a single reading is no noise of this zone, as it is just now. */
  get notableMm(): number {
    return notableDeviations * this.noiseMm;
  }

  /** Takes one good reading. */
  take(reading: CurrentReading): void {
    const atSeconds = reading[readingAt]!;
    const distanceMm = reading[readingDistance]!;
    const away = Math.abs(this.floorMm - distanceMm);
    if (away < noiseReachMm) {
      // A median by small steps: whoever passes moves it little, sunlight within a second.
      const step = away > deviationPerMedian * this.noiseMm ? noiseStep : -noiseStep;
      this.noiseMm = clampDeviation(this.noiseMm * (1 + step));
    }
    if (atSeconds >= this.#blockEnd) this.#startBlock(atSeconds);
    // Sums about the first value of the block keep their digits.
    this.#blockCount += 1;
    this.#blockSum += distanceMm;
    this.#blockSquares += distanceMm * distanceMm;
    if (distanceMm < this.#blockMin) this.#blockMin = distanceMm;
    if (distanceMm > this.#blockMax) this.#blockMax = distanceMm;
  }

  #startBlock(atSeconds: number): void {
    if (this.#blockCount >= blockReadingsMin) this.#judgeBlock();
    this.#blockEnd = atSeconds + blockSeconds;
    this.#blockCount = 0;
    this.#blockSum = 0;
    this.#blockSquares = 0;
    this.#blockMin = Number.POSITIVE_INFINITY;
    this.#blockMax = Number.NEGATIVE_INFINITY;
  }

  #judgeBlock(): void {
    const mean = this.#blockSum / this.#blockCount;
    const variance = Math.max(0, this.#blockSquares / this.#blockCount - mean * mean);
    const deviation = Math.sqrt(variance);
    const isKnown = !Number.isNaN(this.floorMm);
    const calmMm = isKnown ? Math.max(3 * this.deviationMm, 40) : 60;
    if (deviation > calmMm || mean < this.#nearestMm) return;
    this.#blockMean = mean;
    this.#blockDeviation = deviation;
    if (!isKnown) {
      this.#consider(fartherBlocks / 2);
      return;
    }
    const gateMm = Math.max(agreeDeviations * this.deviationMm, 45);
    const away = mean - this.floorMm;
    if (Math.abs(away) <= gateMm) this.#follow();
    else if (away > 0) this.#consider(fartherBlocks);
    else if (away > -slightMm) this.#consider(slightlyNearerBlocks);
    else this.#consider(nearerBlocks);
  }

  #follow(): void {
    this.#calmBlocks += 1;
    const share = Math.max(followShare, 1 / (this.#calmBlocks + 4));
    this.floorMm += share * (this.#blockMean - this.floorMm);
    this.deviationMm = clampDeviation(this.deviationMm + share * (this.#blockDeviation - this.deviationMm));
    this.#otherBlocks = 0;
  }

  /** Counts agreeing blocks about another floor and moves there after enough of them. */
  #consider(needed: number): void {
    const mean = this.#blockMean;
    const gate = Math.max(agreeDeviations * this.deviationMm, 40);
    const isStill = this.#blockDeviation <= Math.max(stillMm, 1.5 * this.deviationMm);
    if (this.#otherBlocks === 0 || Math.abs(mean - this.#otherMm) > gate) {
      this.#otherMm = mean;
      this.#otherBlocks = 1;
      this.#otherStill = isStill;
      return;
    }
    this.#otherBlocks += 1;
    this.#otherMm += (mean - this.#otherMm) / Math.min(this.#otherBlocks, 20);
    this.#otherStill &&= isStill;
    if (this.#otherBlocks < needed) return;
    if (needed === nearerBlocks && !this.#otherStill) {
      this.#otherBlocks = 0;
      return;
    }
    this.floorMm = this.#otherMm;
    this.#calmBlocks = this.#otherBlocks;
    this.#otherBlocks = 0;
  }
}

function clampDeviation(deviationMm: number): number {
  return Math.min(deviationMaxMm, Math.max(deviationMinMm, deviationMm));
}

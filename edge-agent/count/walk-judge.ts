import type { BodyModel } from './body-model.ts';
import { HeadMatching, mergedPrice, type Passage, turnSecondsMin, valleyPrice } from './head-matching.ts';
import { type HeadPair, skirtSeconds } from './head-pair.ts';
import type { BumpList } from './head-segmentation.ts';
import type { HeightTrace } from './height-trace.ts';
import { emptyPath, type PathCandidate } from './path-candidate.ts';
import { blockedSeconds } from './sensor-watch.ts';
import { tieSeconds } from './stretch-ends.ts';

/** Longer than anybody walks through: whoever is there stood still on the way. */
export const standingSeconds = 2.2;

/**
 * Distance of the two zones' middles as a share of the distance from the sensor: half of the field
 * of 19° each (VL53L1X data sheet), so their axes are 9.5° apart.
 */
const zoneApart = 2 * Math.tan((4.75 * Math.PI) / 180);

/** Between two readings of a zone times are interpolated; so much of their distance is left as error of a lag. */
const lagErrorShare = 0.25;

/**
 * Who turns round walks in over one zone after the other and out again: both lags are a walker's.
 * Two who meet cover both zones from both ends at nearly the same time.
 */
export const turnLagSeconds = 0.1;

/** Who turns short of the far zone is hardly seen by it; who meets somebody passes under both. */
const turnEvenness = 0.75;

/** Lag over width, relative to the walkers of this place, below which it was not one walker. */
const meetingRatio = 0.45;

/** Two who meet rise and fall with different lags; a long load has one lag throughout. */
const unevenAsymmetry = 0.08;

/** Two who meet are through within this; who takes longer stood there. */
const meetingWidthSeconds = 1.2;

/** One walker in fifty moves the typical ratio by as much as it is uncertain. */
const ratioStep = 0.02;
const typicalRatioMin = 0.5;
const typicalRatioMax = 1.3;

interface Edges {
  readonly lagRise: number;
  readonly lagFall: number;
  readonly nearWidth: number;
}

/** Turns matched heads into paths: through, back, two who met, a long load, somebody who stood. */
export class WalkJudge {
  readonly matching = new HeadMatching();
  /** Number of the stretch that is being judged. */
  stretch = 0;
  /** Whether the cluster shows one bump a side: only then do its edges tell of two who met. */
  isAlone = false;
  /** Height below which a reading may be noise. */
  notableMm = 0;
  readonly #body: BodyModel;
  readonly #heightMm: number;
  readonly #found: (path: PathCandidate) => void;
  /** Lag over width of the walkers of this place, as a share of what geometry expects. */
  #typicalRatio = 0.85;
  #lagErrorSeconds = 0;

  constructor(body: BodyModel, heightMm: number, found: (path: PathCandidate) => void) {
    this.#body = body;
    this.#heightMm = heightMm;
    this.#found = found;
  }

  /** Judges one step of the matching. */
  judge(passage: Passage, index: number): void {
    this.#lagErrorSeconds = lagErrorShare * spacingSeconds(passage);
    const matching = this.matching;
    const keep = this.#found;
    const i = matching.outsideFirst[index]!;
    const j = matching.insideFirst[index]!;
    const a = matching.outsideCount[index]!;
    const b = matching.insideCount[index]!;
    if (a > 0 && b > 0) {
      const pair = matching.measure(passage, i, i + a - 1, j, j + b - 1);
      if (matching.isTurn[index] === 1) this.#turned(pair, passage, { i, j, a }, keep);
      else if (this.#isTwo(passage, { i, j, a, b })) this.#judgeTwo(pair, passage, { i, j, a, b }, keep);
      else this.#judgePair(pair, passage, keep);
    } else if (a > 0) this.#judgeLone(passage.outside, passage.outsideBumps, i, keep);
    else this.#judgeLone(passage.inside, passage.insideBumps, j, keep);
  }

  #judgePair(pair: HeadPair, passage: Passage, found: (path: PathCandidate) => void): void {
    const path = this.#describe(pair);
    const low = Math.max(this.#body.clearMm, 0.6 * this.notableMm);
    if (path.lagSeconds > 0) {
      path.approachSeconds = skirtSeconds(passage.outside, pair.outsideRise, -1, low);
      path.leaveSeconds = skirtSeconds(passage.inside, pair.insideFall, 1, low);
    } else {
      path.approachSeconds = skirtSeconds(passage.inside, pair.insideRise, -1, low);
      path.leaveSeconds = skirtSeconds(passage.outside, pair.outsideFall, 1, low);
    }
    const lagRise = pair.lagRise;
    const lagFall = pair.lagFall;
    path.isClean = lagRise * lagFall > 0;
    const nearWidth = Math.max(pair.outsideWidth, pair.insideWidth);
    this.#measureTop(pair, passage, path);
    if (path.heightMm < this.#body.personMm) {
      path.reason = 'object';
    } else if (path.widthSeconds > standingSeconds) {
      const isOrdered = Math.min(Math.abs(lagRise), Math.abs(lagFall)) > tieSeconds;
      if (isOrdered && lagRise > 0 === lagFall > 0) path.direction = lagFall > 0 ? 'in' : 'out';
      else path.reason = path.widthSeconds > blockedSeconds ? 'blocked' : 'lingered';
      path.atSeconds = 0.5 * (pair.outsideFall + pair.insideFall);
    } else {
      this.#judgeWalk(path, { lagRise, lagFall, nearWidth }, found);
      return;
    }
    found(path);
  }

  /** Two bumps of one side and one of the other: somebody who turned round, or two who met. */
  #turned(
    pair: HeadPair,
    passage: Passage,
    { i, j, a }: { i: number; j: number; a: number },
    found: (path: PathCandidate) => void,
  ): void {
    const trace = a === 2 ? passage.outside : passage.inside;
    const bumps = a === 2 ? passage.outsideBumps : passage.insideBumps;
    const near = a === 2 ? i : j;
    const first = trace.at[bumps.peakIndex[near]!]!;
    const second = trace.at[bumps.peakIndex[near + 1]!]!;
    const path = this.#describe(pair);
    path.atSeconds = 0.5 * (pair.start + pair.end);
    const lag = Math.min(Math.abs(pair.lagRise), Math.abs(pair.lagFall));
    if (second - first < turnSecondsMin && lag < turnLagSeconds && path.evenness > turnEvenness) {
      this.#met(path, found);
      return;
    }
    path.reason = path.widthSeconds > standingSeconds ? 'lingered' : 'turned-back';
    found(path);
  }

  /** Whether bumps taken for one body are two that only one side could part. */
  #isTwo(passage: Passage, { i, j, a, b }: { i: number; j: number; a: number; b: number }): boolean {
    if (a === b || a + b !== 3) return false;
    const price =
      a === 2
        ? valleyPrice(passage.outside, passage.outsideBumps, i)
        : valleyPrice(passage.inside, passage.insideBumps, j);
    return price >= mergedPrice;
  }

  #judgeTwo(
    pair: HeadPair,
    passage: Passage,
    { i, j, a }: { i: number; j: number; a: number; b: number },
    found: (path: PathCandidate) => void,
  ): void {
    if (pair.lagRise * pair.lagFall <= 0) {
      this.#judgePair(pair, passage, found);
      return;
    }
    const trace = a === 2 ? passage.outside : passage.inside;
    const bumps = a === 2 ? passage.outsideBumps : passage.insideBumps;
    const near = a === 2 ? i : j;
    const path = this.#describe(pair);
    path.direction = pair.lagRise > 0 ? 'in' : 'out';
    path.confidence = 0.8;
    for (const bump of [near, near + 1]) {
      found({
        ...path,
        atSeconds: trace.at[bumps.peakIndex[bump]!]! + (a === 2 ? 0.5 : -0.5) * pair.lagCentre,
        heightMm: bumps.peak[bump]!,
      });
    }
  }

  #describe(pair: HeadPair): PathCandidate {
    const path = emptyPath(this.stretch, 0.5 * (pair.outsideCentre + pair.insideCentre));
    path.startSeconds = pair.start;
    path.endSeconds = pair.end;
    path.heightMm = Math.max(pair.outsidePeak, pair.insidePeak);
    path.evenness = Math.min(pair.outsidePeak, pair.insidePeak) / path.heightMm;
    path.widthSeconds = 0.5 * (pair.outsideWidth + pair.insideWidth);
    path.lagSeconds = pair.lagCentre;
    return path;
  }

  /** Somebody who did not stop: through, back, or two who met. */
  #judgeWalk(
    path: PathCandidate,
    { lagRise, lagFall, nearWidth }: Edges,
    found: (path: PathCandidate) => void,
  ): void {
    const ratio =
      (Math.abs(path.lagSeconds) + this.#lagErrorSeconds) /
      (path.widthSeconds * this.#expectedRatio(path.heightMm) * this.#typicalRatio);
    path.asymmetry = Math.abs(lagFall - lagRise) / path.widthSeconds;
    // One walker who goes on is never first and last on the same side.
    if (lagRise * lagFall < 0) {
      const lag = Math.min(Math.abs(lagRise), Math.abs(lagFall));
      if (
        this.isAlone &&
        lag < turnLagSeconds &&
        nearWidth < standingSeconds &&
        path.evenness > turnEvenness
      ) {
        this.#met(path, found);
        return;
      }
      path.reason = 'turned-back';
      found(path);
      return;
    }
    if (isLongObject(path)) {
      path.reason = 'object';
      found(path);
      return;
    }
    const isUneven = path.asymmetry > unevenAsymmetry || ratio < 0.5 * meetingRatio;
    if (this.isAlone && isUneven && ratio < meetingRatio && path.widthSeconds < meetingWidthSeconds) {
      this.#met(path, found);
      return;
    }
    if (this.isAlone) this.#learnRatio(ratio);
    path.direction = path.lagSeconds + 0.5 * (lagRise + lagFall) > 0 ? 'in' : 'out';
    found(path);
  }

  /** Two who met under the sensor: one in, one out. */
  #met(path: PathCandidate, found: (path: PathCandidate) => void): void {
    found({ ...path, direction: 'in', confidence: 0.85, isMeeting: true });
    found({ ...path, direction: 'out', confidence: 0.85, isMeeting: true });
  }

  /** Follows the median of the walkers seen here: lens, blur and clothes differ from place to place. */
  #learnRatio(ratio: number): void {
    const step = ratio > 1 ? 1 + ratioStep : 1 - ratioStep;
    this.#typicalRatio = Math.min(typicalRatioMax, Math.max(typicalRatioMin, this.#typicalRatio * step));
  }

  /** Lag over width of one walker: the zones' distance against body and zone, at body height. */
  #expectedRatio(heightMm: number): number {
    const apart = zoneApart * (this.#heightMm - 0.6 * heightMm);
    return apart / (apart + 30 + 0.1 * heightMm);
  }

  #measureTop(pair: HeadPair, passage: Passage, path: PathCandidate): void {
    const lag = Math.abs(path.lagSeconds);
    this.matching.measureAt(passage, 0.8 * Math.min(pair.outsidePeak, pair.insidePeak), 0.8);
    const apart = zoneApart * (this.#heightMm - 0.85 * path.heightMm);
    const width = 0.5 * (pair.outsideWidth + pair.insideWidth);
    path.speedMmPerSecond = apart / (lag + this.#lagErrorSeconds);
    path.lengthMm = path.widthSeconds * path.speedMmPerSecond - apart;
    path.topLengthMm = width * path.speedMmPerSecond - apart;
  }

  #judgeLone(trace: HeightTrace, bumps: BumpList, bump: number, found: (path: PathCandidate) => void): void {
    const start = trace.at[bumps.start[bump]!]!;
    const end = trace.at[bumps.end[bump]!]!;
    // One or two readings are an outlier, not a path.
    if (bumps.end[bump]! - bumps.start[bump]! <= 2) return;
    const path = emptyPath(this.stretch, trace.at[bumps.peakIndex[bump]!]!);
    path.startSeconds = start;
    path.endSeconds = end;
    path.heightMm = bumps.peak[bump]!;
    path.widthSeconds = 0.5 * (end - start);
    path.reason = end - start > standingSeconds ? 'lingered' : 'turned-back';
    if (path.heightMm < this.#body.personMm) path.reason = 'too-short';
    found(path);
  }
}

/** A pram or trolley is longer than a walker with swinging arms and a rucksack … */
const objectLengthMm = 600;

/** … and its top longer than a head with shoulders. */
const objectTopMm = 280;

/** Prams and trolleys are lower than a seated adult. */
const objectHeightMm = 1250;

/** Rigid and wide: both sides see the same, rising and falling with one lag. */
function isLongObject(path: PathCandidate): boolean {
  return (
    path.heightMm < objectHeightMm &&
    path.topLengthMm > objectTopMm &&
    path.lengthMm > objectLengthMm &&
    path.evenness > 0.92 &&
    path.asymmetry < 0.25
  );
}

/** Mean time between the readings of a zone while somebody is there. */
function spacingSeconds({ outside, outsideBumps, inside, insideBumps }: Passage): number {
  const [trace, bumps] = outsideBumps.count > 0 ? [outside, outsideBumps] : [inside, insideBumps];
  const from = bumps.start[0]!;
  const to = bumps.end[bumps.count - 1]!;
  return to > from ? (trace.at[to]! - trace.at[from]!) / (to - from) : 0;
}

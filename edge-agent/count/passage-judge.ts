import type { BodyModel } from './body-model.ts';
import { HeadMatching, mergedPrice, type Passage, turnSecondsMin, valleyPrice } from './head-matching.ts';
import { type HeadPair, skirtSeconds } from './head-pair.ts';
import { BumpList, dropSpikes, segmentHeads } from './head-segmentation.ts';
import type { HeightTrace } from './height-trace.ts';
import { emptyPath, type PathCandidate } from './path-candidate.ts';
import { firstSide, lastSide } from './stretch-ends.ts';

/** Longer than anybody walks through: whoever is there stood still on the way. */
const standingSeconds = 2.2;

/**
 * Distance of the two zones' middles as a share of the distance from the sensor: half of the field
 * of 19° each (VL53L1X data sheet), so their axes are 9.5° apart.
 */
const zoneApart = 2 * Math.tan((4.75 * Math.PI) / 180);

/** Zones are read in turn every 50 ms or so; interpolation leaves this much error of a lag. */
const lagErrorSeconds = 0.012;

interface Edges {
  readonly lagRise: number;
  readonly lagFall: number;
  readonly nearWidth: number;
}

/** Turns one stretch of heights on both sides into paths. */
export class PassageJudge {
  readonly #body: BodyModel;
  readonly #heightMm: number;
  readonly #matching = new HeadMatching();
  readonly #outsideBumps = new BumpList();
  readonly #insideBumps = new BumpList();

  readonly #paths: PathCandidate[] = [];
  readonly #keep = (path: PathCandidate) => {
    this.#paths.push(path);
  };
  #stretch = 0;
  /** Whether the stretch began with both sides empty. */
  #isWhole = true;

  constructor(body: BodyModel, heightMm: number) {
    this.#body = body;
    this.#heightMm = heightMm;
  }

  /** Judges the readings before `untilSeconds` and hands each path to `found`. */
  judge(
    outside: HeightTrace,
    inside: HeightTrace,
    untilSeconds: number,
    found: (path: PathCandidate) => void,
  ): void {
    this.#stretch += 1;
    const body = this.#body;
    dropSpikes(outside, inside);
    dropSpikes(inside, outside);
    const limits = { valleyMm: body.valleyMm, enterMm: body.enterMm };
    segmentHeads(outside, { from: 0, to: outside.indexAt(untilSeconds), ...limits }, this.#outsideBumps);
    segmentHeads(inside, { from: 0, to: inside.indexAt(untilSeconds), ...limits }, this.#insideBumps);
    const passage: Passage = {
      outside,
      inside,
      outsideBumps: this.#outsideBumps,
      insideBumps: this.#insideBumps,
      body,
    };
    const matching = this.#matching;
    matching.solve(passage);
    const paths = this.#paths;
    paths.length = 0;
    const keep = this.#keep;
    for (let index = 0; index < matching.count; index++) {
      const i = matching.outsideFirst[index]!;
      const j = matching.insideFirst[index]!;
      const a = matching.outsideCount[index]!;
      const b = matching.insideCount[index]!;
      if (a > 0 && b > 0) {
        const pair = matching.measure(passage, i, i + a - 1, j, j + b - 1);
        if (matching.isTurn[index] === 1) this.#turned(pair, passage, { i, j, a }, keep);
        else if (this.#isTwo(passage, { i, j, a, b })) this.#judgeTwo(pair, passage, { i, j, a, b }, keep);
        else this.#judgePair(pair, passage, keep);
      } else if (a > 0) this.#judgeLone(outside, this.#outsideBumps, i, keep);
      else this.#judgeLone(inside, this.#insideBumps, j, keep);
    }
    if (untilSeconds === Number.POSITIVE_INFINITY && this.#isWhole) this.#settleEnds(outside, inside);
    this.#isWhole = untilSeconds === Number.POSITIVE_INFINITY;
    mergeNear(paths);
    measureValleys(paths, outside, inside);
    for (const path of paths) found(path);
  }

  /**
   * A stretch with at most one passing is one body's: where it came from and where it went says
   * more than any bump between.
   */
  #settleEnds(outside: HeightTrace, inside: HeightTrace): void {
    const paths = this.#paths;
    let through = 0;
    for (const path of paths) if (path.direction !== null) through += 1;
    if (through > 1 || paths.length === 0) return;
    const low = this.#body.clearMm;
    const from = firstSide(outside, inside, low);
    const to = lastSide(outside, inside, low);
    if (from === null || to === null) return;
    let main = paths[0]!;
    for (const path of paths) if (path.heightMm > main.heightMm) main = path;
    const passing = paths.find((path) => path.direction !== null);
    if (from === to) {
      if (passing === undefined || (paths.length === 1 && passing.isClean)) return;
      if (this.#isMeeting(passing)) return;
      passing.direction = null;
      passing.reason = 'turned-back';
    } else if (passing !== undefined) {
      if (passing.isClean && paths.length === 1) return;
      passing.direction = from === 'outside' ? 'in' : 'out';
    } else if (main.reason !== 'object' && main.heightMm >= this.#body.personMm) {
      main.direction = from === 'outside' ? 'in' : 'out';
      main.reason = null;
      main.confidence = 0.75;
      if (main.widthSeconds > standingSeconds) main.atSeconds = main.endSeconds;
    }
    if (paths.length > 1) {
      const kept = passing ?? main;
      paths.length = 0;
      paths.push(kept);
    }
  }

  /** Somebody passed and what is left over was too short for turning round: somebody else came back. */
  #isMeeting(passing: PathCandidate): boolean {
    const paths = this.#paths;
    let start = Number.POSITIVE_INFINITY;
    let end = Number.NEGATIVE_INFINITY;
    for (const path of paths) {
      start = Math.min(start, path.startSeconds);
      end = Math.max(end, path.endSeconds);
    }
    if (end - start > 1.4 * turnSecondsMin || !passing.isClean) return false;
    const other = paths.find((path) => path !== passing && path.heightMm >= this.#body.personMm);
    if (other === undefined) return false;
    other.direction = passing.direction === 'in' ? 'out' : 'in';
    other.reason = null;
    other.confidence = 0.7;
    return true;
  }

  #judgePair(pair: HeadPair, passage: Passage, found: (path: PathCandidate) => void): void {
    const path = this.#describe(pair);
    const low = this.#body.clearMm;
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
      if (lagRise > 0 === lagFall > 0) path.direction = lagFall > 0 ? 'in' : 'out';
      else path.reason = 'lingered';
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
    const farWidth = a === 2 ? pair.insideWidth : pair.outsideWidth;
    const isEven = path.evenness > 0.8;
    if (second - first < turnSecondsMin && farWidth > 0.85 * (second - first) && isEven) {
      found({ ...path, direction: 'in', confidence: 0.8 });
      found({ ...path, direction: 'out', confidence: 0.8 });
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
    const path = emptyPath(this.#stretch, 0.5 * (pair.outsideCentre + pair.insideCentre));
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
      (Math.abs(path.lagSeconds) + lagErrorSeconds) / path.widthSeconds / this.#expectedRatio(path.heightMm);
    const asymmetry = Math.abs(lagFall - lagRise) / path.widthSeconds;
    const isNested = lagRise * lagFall < 0;
    if (isNested && (nearWidth > turnSecondsMin || path.evenness < 0.8)) {
      path.reason = 'turned-back';
      found(path);
      return;
    }
    path.asymmetry = asymmetry;
    if (isLongObject(path)) {
      path.reason = 'object';
      found(path);
      return;
    }
    const score = 1.2 - 5.55 * ratio + 6.5 * Math.min(asymmetry, 0.35);
    if (this.#body.geometry === 'ceiling' && score > 0.3 && path.widthSeconds < 1) {
      found({ ...path, direction: 'in', confidence: 0.8 });
      found({ ...path, direction: 'out', confidence: 0.8 });
      return;
    }
    path.direction = path.lagSeconds + 0.5 * (lagRise + lagFall) > 0 ? 'in' : 'out';
    found(path);
  }

  /** Lag over width of one walker: the zones' distance against body and zone, at body height. */
  #expectedRatio(heightMm: number): number {
    const apart = zoneApart * (this.#heightMm - 0.6 * heightMm);
    return apart / (apart + 30 + 0.1 * heightMm);
  }

  #measureTop(pair: HeadPair, passage: Passage, path: PathCandidate): void {
    const lag = Math.abs(path.lagSeconds);
    this.#matching.measureAt(passage, 0.8 * Math.min(pair.outsidePeak, pair.insidePeak));
    const apart = zoneApart * (this.#heightMm - 0.85 * path.heightMm);
    const width = 0.5 * (pair.outsideWidth + pair.insideWidth);
    path.speedMmPerSecond = apart / (lag + lagErrorSeconds);
    path.topLengthMm = width * path.speedMmPerSecond - apart;
  }

  #judgeLone(trace: HeightTrace, bumps: BumpList, bump: number, found: (path: PathCandidate) => void): void {
    const start = trace.at[bumps.start[bump]!]!;
    const end = trace.at[bumps.end[bump]!]!;
    // One or two readings are an outlier, not a path.
    if (bumps.end[bump]! - bumps.start[bump]! <= 2) return;
    const path = emptyPath(this.#stretch, trace.at[bumps.peakIndex[bump]!]!);
    path.startSeconds = start;
    path.endSeconds = end;
    path.heightMm = bumps.peak[bump]!;
    path.widthSeconds = 0.5 * (end - start);
    path.reason = end - start > standingSeconds ? 'lingered' : 'turned-back';
    if (path.heightMm < this.#body.personMm) path.reason = 'too-short';
    found(path);
  }
}

/** A pram's or trolley's top is longer than any head with shoulders and arms. */
const objectLengthMm = 280;

/** Prams and trolleys are lower than a seated adult. */
const objectHeightMm = 1250;

/** Rigid and wide: both sides see the same, rising and falling with one lag. */
function isLongObject(path: PathCandidate): boolean {
  return (
    path.heightMm < objectHeightMm &&
    path.topLengthMm > objectLengthMm &&
    path.evenness > 0.92 &&
    path.asymmetry < 0.25
  );
}

/** Two who follow each other cannot have their heads nearer: chest, back and half a step. */
const nearestFollowerMm = 330;

/** Joins passings the same way that are too near to be two people: head and rucksack, head and arm. */
function mergeNear(paths: PathCandidate[]): void {
  for (let index = paths.length - 1; index > 0; index--) {
    const path = paths[index]!;
    const before = paths[index - 1]!;
    if (path.direction === null || path.direction !== before.direction) continue;
    const speed = 0.5 * (path.speedMmPerSecond + before.speedMmPerSecond);
    if (Math.abs(path.atSeconds - before.atSeconds) * speed > nearestFollowerMm) continue;
    const taller = path.heightMm > before.heightMm ? path : before;
    taller.startSeconds = Math.min(path.startSeconds, before.startSeconds);
    taller.endSeconds = Math.max(path.endSeconds, before.endSeconds);
    paths.splice(index - 1, 2, taller);
  }
}

/** Notes how far the far side emptied between two passings the opposite way. */
function measureValleys(paths: PathCandidate[], outside: HeightTrace, inside: HeightTrace): void {
  for (let index = 1; index < paths.length; index++) {
    const before = paths[index - 1]!;
    const path = paths[index]!;
    if (path.direction === null || before.direction === null || path.direction === before.direction) continue;
    const far = before.direction === 'in' ? inside : outside;
    const from = far.indexAt(Math.min(before.atSeconds, path.atSeconds));
    const to = far.indexAt(Math.max(before.atSeconds, path.atSeconds));
    let lowest = Math.min(before.heightMm, path.heightMm);
    for (let reading = from; reading < to; reading++) lowest = Math.min(lowest, far.height[reading]!);
    path.valleyShare = Math.max(0, lowest) / Math.min(before.heightMm, path.heightMm);
  }
}

import type { BodyModel } from './body-model.ts';
import { HeadMatching, mergedPrice, type Passage, turnSecondsMin, valleyPrice } from './head-matching.ts';
import { type HeadPair, skirtSeconds } from './head-pair.ts';
import { BumpList, dropSpikes, segmentHeads } from './head-segmentation.ts';
import type { HeightTrace } from './height-trace.ts';
import { emptyPath, type PathCandidate } from './path-candidate.ts';
import { clustersMax, presenceClusters } from './presence-clusters.ts';
import { blockedSeconds } from './sensor-watch.ts';
import { type Extent, firstLag, firstSide, lastLag, lastSide, tieSeconds } from './stretch-ends.ts';

/** Longer than anybody walks through: whoever is there stood still on the way. */
const standingSeconds = 2.2;

/**
 * Distance of the two zones' middles as a share of the distance from the sensor: half of the field
 * of 19° each (VL53L1X data sheet), so their axes are 9.5° apart.
 */
const zoneApart = 2 * Math.tan((4.75 * Math.PI) / 180);

/** Zones are read in turn every 50 ms or so; interpolation leaves this much error of a lag. */
const lagErrorSeconds = 0.012;

/**
 * Who turns round walks in over one zone after the other and out again: both lags are a walker's.
 * Two who meet cover both zones from both ends at nearly the same time.
 */
const turnLagSeconds = 0.1;

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

/** Turns one stretch of heights on both sides into paths. */
export class PassageJudge {
  readonly #body: BodyModel;
  readonly #heightMm: number;
  readonly #matching = new HeadMatching();
  readonly #outsideBumps = new BumpList();
  readonly #insideBumps = new BumpList();

  readonly #paths: PathCandidate[] = [];
  readonly #extent: Extent = { outsideFrom: 0, outsideTo: 0, insideFrom: 0, insideTo: 0 };
  readonly #clusters = { ends: new Float64Array(clustersMax), heights: new Float64Array(clustersMax) };
  readonly #keep = (path: PathCandidate) => {
    this.#paths.push(path);
  };
  /** Whether the cluster shows one bump a side: only then do its edges tell of two who met. */
  #isAlone = false;
  readonly #notable = new Float64Array(2);
  /** Lag over width of the walkers of this place, as a share of what geometry expects. */
  #typicalRatio = 0.85;
  #stretch = 0;
  /** Height of whoever was still near when the stretch before was cut off; 0 after an empty scene. */
  #startMm = 0;

  constructor(body: BodyModel, heightMm: number) {
    this.#body = body;
    this.#heightMm = heightMm;
  }

  /** How noisy a side is while the stretch lasts: bumps within the noise are none. */
  hearNoise(side: 0 | 1, notableMm: number): void {
    this.#notable[side] = notableMm;
  }

  /** Judges the readings before `untilSeconds` and hands each path to `found`. */
  judge(
    outside: HeightTrace,
    inside: HeightTrace,
    untilSeconds: number,
    found: (path: PathCandidate) => void,
  ): void {
    if (this.#startMm === 0) this.#stretch += 1;
    dropSpikes(outside, inside);
    dropSpikes(inside, outside);
    const extent = this.#extent;
    extent.outsideFrom = 0;
    extent.insideFrom = 0;
    const clusters = presenceClusters(outside, inside, untilSeconds, this.#clusters);
    if (untilSeconds < Number.POSITIVE_INFINITY) {
      this.#clusters.heights[clusters - 1] = heightAt(outside, inside, untilSeconds);
    }
    let startMm = this.#startMm;
    for (let cluster = 0; cluster < clusters; cluster++) {
      const end = this.#clusters.ends[cluster]!;
      extent.outsideTo = outside.indexAt(end);
      extent.insideTo = inside.indexAt(end);
      const endMm = this.#clusters.heights[cluster]!;
      this.#judgeCluster(outside, inside, startMm, endMm);
      for (const path of this.#paths) found(path);
      extent.outsideFrom = Math.max(0, extent.outsideTo - 1);
      extent.insideFrom = Math.max(0, extent.insideTo - 1);
      startMm = endMm;
    }
    this.#startMm = startMm;
  }

  /** The last time before `beforeSeconds` at which nobody was near the line, or NaN. */
  lastGap(outside: HeightTrace, inside: HeightTrace, beforeSeconds: number): number {
    const clusters = presenceClusters(outside, inside, beforeSeconds, this.#clusters);
    return clusters > 1 ? this.#clusters.ends[clusters - 2]! : Number.NaN;
  }

  /** Judges the readings of `#extent`, between two moments at which nobody was near the line. */
  #judgeCluster(outside: HeightTrace, inside: HeightTrace, startMm: number, endMm: number): void {
    const notable = Math.max(this.#notable[0]!, this.#notable[1]!);
    const valleyMm = Math.max(this.#body.valleyMm, notable);
    const enterMm = Math.max(this.#body.enterMm, notable);
    const { outsideFrom, outsideTo, insideFrom, insideTo } = this.#extent;
    segmentHeads(outside, { from: outsideFrom, to: outsideTo, valleyMm, enterMm }, this.#outsideBumps);
    segmentHeads(inside, { from: insideFrom, to: insideTo, valleyMm, enterMm }, this.#insideBumps);
    this.#outsideBumps.dropFragments(startMm > 0 ? outsideFrom : -9, endMm > 0 ? outsideTo : Infinity);
    this.#insideBumps.dropFragments(startMm > 0 ? insideFrom : -9, endMm > 0 ? insideTo : Infinity);
    const passage: Passage = {
      outside,
      inside,
      outsideBumps: this.#outsideBumps,
      insideBumps: this.#insideBumps,
      body: this.#body,
    };
    this.#isAlone =
      this.#body.geometry === 'ceiling' && this.#outsideBumps.count === 1 && this.#insideBumps.count === 1;
    this.#matching.solve(passage);
    const paths = this.#paths;
    paths.length = 0;
    for (let index = 0; index < this.#matching.count; index++) this.#judgeMatch(passage, index);
    paths.sort((one, other) => one.atSeconds - other.atSeconds);
    measureValleys(paths, outside, inside);
    this.#settleEnds(outside, inside, startMm, endMm);
    mergeNear(paths);
    measureValleys(paths, outside, inside);
  }

  #judgeMatch(passage: Passage, index: number): void {
    const matching = this.#matching;
    const keep = this.#keep;
    const i = matching.outsideFirst[index]!;
    const j = matching.insideFirst[index]!;
    const a = matching.outsideCount[index]!;
    const b = matching.insideCount[index]!;
    if (a > 0 && b > 0) {
      const pair = matching.measure(passage, i, i + a - 1, j, j + b - 1);
      if (matching.isTurn[index] === 1) this.#turned(pair, passage, { i, j, a }, keep);
      else if (this.#isTwo(passage, { i, j, a, b })) this.#judgeTwo(pair, passage, { i, j, a, b }, keep);
      else this.#judgePair(pair, passage, keep);
    } else if (a > 0) this.#judgeLone(passage.outside, this.#outsideBumps, i, keep);
    else this.#judgeLone(passage.inside, this.#insideBumps, j, keep);
  }

  /**
   * A stretch with at most one passing is one body's: where it came from and where it went says
   * more than any bump between.
   */
  #settleEnds(outside: HeightTrace, inside: HeightTrace, startMm: number, endMm: number): void {
    const paths = this.#paths;
    if (paths.length === 0) return;
    let main = paths[0]!;
    for (const path of paths) if (path.heightMm > main.heightMm) main = path;
    const notable = Math.max(this.#notable[0]!, this.#notable[1]!);
    const low = Math.max(this.#body.clearMm, 0.15 * main.heightMm, notable);
    const extent = this.#extent;
    const first = firstLag(outside, inside, extent, startMm > 0 ? 1.3 * startMm + low : low);
    const last = lastLag(outside, inside, extent, endMm > 0 ? 1.3 * endMm + low : low);
    const isTurn = first * last < 0 && Math.min(Math.abs(first), Math.abs(last)) > turnLagSeconds;
    cancelSways(paths, isTurn);
    let through = 0;
    for (const path of paths) if (path.direction !== null) through += 1;
    if (through > 1) return;
    const from = firstSide(first);
    const to = lastSide(last);
    if (from === null || to === null) return;
    const passing = paths.find((path) => path.direction !== null);
    if (from === to) {
      if (passing === undefined || (paths.length === 1 && isPlain(passing))) return;
      if (this.#isMeeting(passing)) return;
      passing.direction = null;
      passing.reason = 'turned-back';
    } else if (passing !== undefined) {
      if (isPlain(passing) && paths.length === 1) return;
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
    const low = Math.max(this.#body.clearMm, 0.6 * this.#notable[0]!, 0.6 * this.#notable[1]!);
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
      (Math.abs(path.lagSeconds) + lagErrorSeconds) /
      (path.widthSeconds * this.#expectedRatio(path.heightMm) * this.#typicalRatio);
    path.asymmetry = Math.abs(lagFall - lagRise) / path.widthSeconds;
    // One walker who goes on is never first and last on the same side.
    if (lagRise * lagFall < 0) {
      const lag = Math.min(Math.abs(lagRise), Math.abs(lagFall));
      if (
        this.#isAlone &&
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
    if (this.#isAlone && isUneven && ratio < meetingRatio && path.widthSeconds < meetingWidthSeconds) {
      this.#met(path, found);
      return;
    }
    if (this.#isAlone) this.#learnRatio(ratio);
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
    this.#matching.measureAt(passage, 0.8 * Math.min(pair.outsidePeak, pair.insidePeak), 0.8);
    const apart = zoneApart * (this.#heightMm - 0.85 * path.heightMm);
    const width = 0.5 * (pair.outsideWidth + pair.insideWidth);
    path.speedMmPerSecond = apart / (lag + lagErrorSeconds);
    path.lengthMm = path.widthSeconds * path.speedMmPerSecond - apart;
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

/** Two who follow each other cannot have their heads nearer: chest, back and half a step. */
const nearestFollowerMm = 370;

/** An arm, a knee or a bag before or behind a body is lower and shorter by as much … */
const limbShare = 0.75;

/** … and no farther from the head than an arm reaches. */
const limbReachMm = 600;

/** Joins passings the same way that are too near to be two people: head and rucksack, head and arm. */
function mergeNear(paths: PathCandidate[]): void {
  for (let index = paths.length - 1; index > 0; index--) {
    const path = paths[index]!;
    const before = paths[index - 1]!;
    if (path.direction === null || path.direction !== before.direction) continue;
    const speed = 0.5 * (path.speedMmPerSecond + before.speedMmPerSecond);
    const apartMm = Math.abs(path.atSeconds - before.atSeconds) * speed;
    const taller = path.heightMm > before.heightMm ? path : before;
    const lower = taller === path ? before : path;
    const isLimb =
      lower.heightMm < limbShare * taller.heightMm && lower.widthSeconds < limbShare * taller.widthSeconds;
    if (apartMm > (isLimb ? limbReachMm : nearestFollowerMm)) continue;
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

/** Two who meet under the sensor are both through within this; somebody who turns takes longer. */
const meetingSecondsMax = 0.95;

/** Whoever turns beyond the line is still seen there by the far side, at least so much of them. */
const stayedShare = 0.3;

/** One body reads the same both ways within this: stoop, hair and where the head is in the zone. */
const sameBodyMm = 250;

/** Two who meet are both seen by both sides; who turns round seldom gets under the far one. */
const meetingEvenness = 0.85;

/**
 * Strikes out ways to and fro in one cluster: somebody was near the line all the time, so whoever
 * went one way and later the other is one body that turned or swayed.
 */
function cancelSways(paths: PathCandidate[], isTurn: boolean): void {
  let last: PathCandidate | null = null;
  for (const path of paths) {
    if (path.direction === null) continue;
    if (last === null || last.direction === path.direction) {
      last = path;
      continue;
    }
    if (path.isMeeting && last.isMeeting) {
      last = path;
      continue;
    }
    const gap = path.atSeconds - last.atSeconds;
    const span = Math.max(path.endSeconds, last.endSeconds) - Math.min(path.startSeconds, last.startSeconds);
    const isEven = Math.min(path.evenness, last.evenness) > meetingEvenness;
    const isOther = path.valleyShare < stayedShare || Math.abs(path.heightMm - last.heightMm) > sameBodyMm;
    if (isOther || (gap < turnSecondsMin && (!isTurn || (span < meetingSecondsMax && isEven)))) {
      last = path;
      continue;
    }
    last.direction = null;
    last.reason = span > standingSeconds ? 'lingered' : 'turned-back';
    path.direction = null;
    path.reason = 'turned-back';
    path.isEcho = true;
    last = null;
  }
  for (let index = paths.length - 1; index >= 0; index--) if (paths[index]!.isEcho) paths.splice(index, 1);
}

/** The higher of both sides at a time. */
function heightAt(outside: HeightTrace, inside: HeightTrace, atSeconds: number): number {
  const i = Math.min(outside.length - 1, outside.indexAt(atSeconds));
  const j = Math.min(inside.length - 1, inside.indexAt(atSeconds));
  return Math.max(0, i >= 0 ? outside.height[i]! : 0, j >= 0 ? inside.height[j]! : 0);
}

/** Rise and fall of one walk have the same lag within this share of its width. */
const plainAsymmetry = 0.25;

/** A single walk whose rise and fall agree, too quick for a turn or with one lag throughout. */
function isPlain(path: PathCandidate): boolean {
  if (!path.isClean || path.widthSeconds > standingSeconds) return false;
  return path.widthSeconds < turnSecondsMin || path.asymmetry < plainAsymmetry;
}

import type { BodyModel } from './body-model.ts';
import { type Passage, turnSecondsMin } from './head-matching.ts';
import { BumpList, dropSpikes, segmentHeads } from './head-segmentation.ts';
import type { HeightTrace } from './height-trace.ts';
import type { PathCandidate } from './path-candidate.ts';
import { clustersMax, presenceClusters } from './presence-clusters.ts';
import { cancelSways, isPlain, measureValleys, mergeNear } from './reconcile-paths.ts';
import { type Extent, firstLag, firstSide, lastLag, lastSide } from './stretch-ends.ts';
import { standingSeconds, turnLagSeconds, WalkJudge } from './walk-judge.ts';

/** Turns one stretch of heights on both sides into paths. */
export class PassageJudge {
  readonly #body: BodyModel;
  readonly #walks: WalkJudge;
  readonly #outsideBumps = new BumpList();
  readonly #insideBumps = new BumpList();

  readonly #paths: PathCandidate[] = [];
  readonly #extent: Extent = { outsideFrom: 0, outsideTo: 0, insideFrom: 0, insideTo: 0 };
  readonly #clusters = { ends: new Float64Array(clustersMax), heights: new Float64Array(clustersMax) };
  readonly #notable = new Float64Array(2);
  /** Height of whoever was still near when the stretch before was cut off; 0 after an empty scene. */
  #startMm = 0;

  constructor(body: BodyModel, heightMm: number) {
    this.#body = body;
    this.#walks = new WalkJudge(body, heightMm, (path) => this.#paths.push(path));
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
    if (this.#startMm === 0) this.#walks.stretch += 1;
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
    this.#walks.notableMm = notable;
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
    this.#walks.isAlone =
      this.#body.geometry === 'ceiling' && this.#outsideBumps.count === 1 && this.#insideBumps.count === 1;
    this.#walks.matching.solve(passage);
    const paths = this.#paths;
    paths.length = 0;
    for (let index = 0; index < this.#walks.matching.count; index++) this.#walks.judge(passage, index);
    paths.sort((one, other) => one.atSeconds - other.atSeconds);
    measureValleys(paths, outside, inside);
    this.#settleEnds(outside, inside, startMm, endMm);
    mergeNear(paths);
    measureValleys(paths, outside, inside);
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
}

/** The higher of both sides at a time. */
function heightAt(outside: HeightTrace, inside: HeightTrace, atSeconds: number): number {
  const i = Math.min(outside.length - 1, outside.indexAt(atSeconds));
  const j = Math.min(inside.length - 1, inside.indexAt(atSeconds));
  return Math.max(0, i >= 0 ? outside.height[i]! : 0, j >= 0 ? inside.height[j]! : 0);
}

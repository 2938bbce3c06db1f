import type { BodyModel } from './body-model.ts';
import { HeadMatching, type Passage } from './head-matching.ts';
import type { HeadPair } from './head-pair.ts';
import { BumpList, dropSpikes, segmentHeads } from './head-segmentation.ts';
import type { HeightTrace } from './height-trace.ts';
import type { PathCandidate } from './path-candidate.ts';

/** Longer than anybody walks through: whoever is there stood still on the way. */
const standingSeconds = 2.2;

/** Turns one stretch of heights on both sides into paths. */
export class PassageJudge {
  readonly #body: BodyModel;
  readonly #matching = new HeadMatching();
  readonly #outsideBumps = new BumpList();
  readonly #insideBumps = new BumpList();

  #stretch = 0;

  constructor(body: BodyModel) {
    this.#body = body;
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
    for (let index = 0; index < matching.count; index++) {
      const i = matching.outsideFirst[index]!;
      const j = matching.insideFirst[index]!;
      const a = matching.outsideCount[index]!;
      const b = matching.insideCount[index]!;
      if (a > 0 && b > 0) {
        const pair = matching.measure(passage, i, i + a - 1, j, j + b - 1);
        this.#judgePair(pair, found);
      } else if (a > 0) this.#judgeLone(outside, this.#outsideBumps, i, found);
      else this.#judgeLone(inside, this.#insideBumps, j, found);
    }
  }

  #judgePair(pair: HeadPair, found: (path: PathCandidate) => void): void {
    const widthSeconds = 0.5 * (pair.outsideWidth + pair.insideWidth);
    const path: PathCandidate = {
      stretch: this.#stretch,
      atSeconds: 0.5 * (pair.outsideCentre + pair.insideCentre),
      startSeconds: pair.start,
      endSeconds: pair.end,
      direction: null,
      reason: null,
      confidence: 0.95,
      heightMm: Math.max(pair.outsidePeak, pair.insidePeak),
      widthSeconds,
      lagSeconds: pair.lagCentre,
    };
    if (path.heightMm < this.#body.personMm) {
      path.reason = 'object';
    } else if (widthSeconds > standingSeconds) {
      if (pair.lagRise > 0 === pair.lagFall > 0) path.direction = pair.lagFall > 0 ? 'in' : 'out';
      else path.reason = 'lingered';
      path.atSeconds = 0.5 * (pair.outsideFall + pair.insideFall);
    } else if (pair.lagRise * pair.lagFall < 0 && Math.abs(pair.lagCentre) < 0.25 * Math.abs(pair.lagFall)) {
      path.reason = 'turned-back';
    } else {
      path.direction = pair.lagCentre + 0.5 * (pair.lagRise + pair.lagFall) > 0 ? 'in' : 'out';
    }
    found(path);
  }

  #judgeLone(trace: HeightTrace, bumps: BumpList, bump: number, found: (path: PathCandidate) => void): void {
    const start = trace.at[bumps.start[bump]!]!;
    const end = trace.at[bumps.end[bump]!]!;
    // One or two readings are an outlier, not a path.
    if (bumps.end[bump]! - bumps.start[bump]! <= 2) return;
    const heightMm = bumps.peak[bump]!;
    found({
      stretch: this.#stretch,
      atSeconds: trace.at[bumps.peakIndex[bump]!]!,
      startSeconds: start,
      endSeconds: end,
      direction: null,
      reason:
        end - start > standingSeconds
          ? 'lingered'
          : heightMm < this.#body.personMm
            ? 'too-short'
            : 'turned-back',
      confidence: 0.9,
      heightMm,
      widthSeconds: 0.5 * (end - start),
      lagSeconds: 0,
    });
  }
}

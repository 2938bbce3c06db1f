import type { Direction } from './counter.ts';
import { stepSeconds } from './crossing-network.ts';
import type { PathCandidate } from './path-candidate.ts';

/**
 * The network sees forms, the judgement of heads reasons about bodies; they err in different ways.
 * Their opinions are pooled linearly (Stone 1961): this is the share of the heads' word,
 * chosen where walks of a second simulator were counted best …
 */
const headsShare = 0.33;

/** … and this where it may be no head: lower ones may be cases, prams and dogs, higher ones door leaves. */
const doubtfulShare = 0.13;
const plainMinMm = 1250;
const plainMaxMm = 1950;

/** Steps on each side of a path's middle that belong to it: half a second. */
const nearSteps = 12;

/** More paths than anybody walks within ten seconds. */
const opinionsMax = 64;

/** Remembers which crossings the judgement of heads has found until the network is asked. */
export class SecondOpinion {
  readonly #atSeconds = new Float64Array(opinionsMax);
  readonly #isIn = new Uint8Array(opinionsMax);
  readonly #isPlain = new Uint8Array(opinionsMax);
  #length = 0;

  readonly hear = (path: PathCandidate): void => {
    if (path.direction === null || this.#length === opinionsMax) return;
    this.#atSeconds[this.#length] = path.atSeconds;
    this.#isIn[this.#length] = path.direction === 'in' ? 1 : 0;
    this.#isPlain[this.#length] = path.heightMm >= plainMinMm && path.heightMm <= plainMaxMm ? 1 : 0;
    this.#length += 1;
  };

  /** Pools what the network expects of one direction with what was heard. */
  pool(expected: Float64Array, direction: Direction, run: { fromSeconds: number; steps: number }): void {
    for (let step = 0; step < run.steps; step++) expected[step]! *= 1 - headsShare;
    const wanted = direction === 'in' ? 1 : 0;
    for (let index = 0; index < this.#length; index++) {
      if (this.#isIn[index] !== wanted) continue;
      const step = Math.round((this.#atSeconds[index]! - run.fromSeconds) / stepSeconds);
      if (step < 0 || step >= run.steps) continue;
      if (this.#isPlain[index] === 0) giveBack(expected, step, run.steps);
      expected[step]! += this.#isPlain[index] === 1 ? headsShare : doubtfulShare;
    }
  }

  /** Forgets what lies before a time. */
  dropBefore(atSeconds: number): void {
    let kept = 0;
    for (let index = 0; index < this.#length; index++) {
      if (this.#atSeconds[index]! < atSeconds) continue;
      this.#atSeconds[kept] = this.#atSeconds[index]!;
      this.#isIn[kept] = this.#isIn[index]!;
      this.#isPlain[kept] = this.#isPlain[index]!;
      kept += 1;
    }
    this.#length = kept;
  }
}

/** Gives the network the share that a doubtful path of the heads does not take. */
function giveBack(expected: Float64Array, step: number, steps: number): void {
  const to = Math.min(steps - 1, step + nearSteps);
  for (let near = Math.max(0, step - nearSteps); near <= to; near++) {
    expected[near]! *= (1 - doubtfulShare) / (1 - headsShare);
  }
}

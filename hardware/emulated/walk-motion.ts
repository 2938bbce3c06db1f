import type { MotionScene } from './emulated-pir.ts';
import { coneEye, type Eye } from './walks/eye.ts';
import type { Scenario } from './walks/scenario.ts';
import { noReturns, WalkScene } from './walks/walk-scene.ts';

/** A pair looks down in two curtains this far apart, so that one person meets them one after the other. */
const pairSpacingM = 1.2;
const pairFieldDegrees = 20;
const singleFieldDegrees = 60;
/** A body in less than this share of the field, or one that moves less, leaves the element cold. */
const shareMin = 0.02;
const changeMin = 0.005;
const lookSeconds = 0.1;

export interface WalkMotionOptions {
  readonly scenario: Scenario;
  readonly heightMm: number;
  /** `alone`: one wide field; otherwise one of a pair. */
  readonly place: 'alone' | 'outside' | 'inside';
  readonly startsAtSeconds: number;
}

/** Warm bodies that move through the field of a detector at the ceiling. */
export class WalkMotion implements MotionScene {
  readonly #options: WalkMotionOptions;
  readonly #scene: WalkScene;
  readonly #eye: Eye;
  readonly #returns = noReturns();
  #lookedAtSeconds = Number.NEGATIVE_INFINITY;
  #share = 0;
  #moves = false;

  constructor(options: WalkMotionOptions) {
    this.#options = options;
    const sign = { alone: 0, outside: -1, inside: 1 }[options.place];
    this.#eye = coneEye(
      { x: (sign * pairSpacingM) / 2, y: 0, z: options.heightMm / 1000 },
      { widthDegrees: sign === 0 ? singleFieldDegrees : pairFieldDegrees, looks: 'down', wallM: 1 },
    );
    this.#scene = new WalkScene({
      actors: options.scenario.actors,
      floorReflectance: 0.4,
      echo: { windowM: 0.4, firstShare: 0.05 },
      viewM: 3,
    });
  }

  moves(atSeconds: number): boolean {
    if (atSeconds - this.#lookedAtSeconds < lookSeconds) return this.#moves;
    this.#lookedAtSeconds = atSeconds;
    const length = this.#options.scenario.durationSeconds;
    const elapsed = atSeconds - this.#options.startsAtSeconds;
    const startSeconds = ((elapsed % length) + length) % length;
    this.#scene.look(this.#eye, { startSeconds, exposureSeconds: 0.001 }, this.#returns);
    const before = this.#share;
    this.#share = this.#returns.share;
    this.#moves = this.#share > shareMin && Math.abs(this.#share - before) > changeMin;
    return this.#moves;
  }
}

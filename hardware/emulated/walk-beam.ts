import type { BeamMeasurement, BeamScene } from './emulated-lidar.ts';
import { coneEye, type Eye } from './walks/eye.ts';
import type { Scenario } from './walks/scenario.ts';
import { SeededRandom } from './walks/seeded-random.ts';
import { noReturns, WalkScene } from './walks/walk-scene.ts';

/** TF-Luna: 2° of field of view. */
const beamDegrees = 2;
/** A beam in the wall hits adults at the belly and children at the shoulder. */
const sideBeamHeightM = 0.9;
/** Some 1,000 counts from a floor at 2.5 m with a reflectance of 0.4. */
const amplitudeOfWhiteAtOneMetre = 15_000;
const noiseMm = 8;
const exposureSeconds = 0.002;

export interface WalkBeamOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly side: 'outside' | 'inside';
  readonly geometry: 'ceiling' | 'side';
  /** Floor to lens, or for `side` the width of the passage. */
  readonly mountingHeightMm: number;
  readonly spacingMm: number;
  readonly startsAtSeconds: number;
}

/** What one of two narrow beams behind each other sees of the walks. */
export class WalkBeam implements BeamScene {
  readonly #options: WalkBeamOptions;
  readonly #scene: WalkScene;
  readonly #eye: Eye;
  readonly #random: SeededRandom;
  readonly #returns = noReturns();

  constructor(options: WalkBeamOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed, `beam ${options.side}`);
    const metres = options.mountingHeightMm / 1000;
    const x = ((options.side === 'outside' ? -1 : 1) * options.spacingMm) / 2000;
    const looks = options.geometry === 'ceiling' ? 'down' : 'across';
    const from = looks === 'down' ? { x, y: 0, z: metres } : { x, y: -metres / 2, z: sideBeamHeightM };
    this.#eye = coneEye(from, { widthDegrees: beamDegrees, looks, wallM: metres / 2 });
    this.#scene = new WalkScene({
      actors: options.scenario.actors,
      floorReflectance: 0.4,
      // Phase measuring: everything in the small spot counts as one echo.
      echo: { windowM: 0.4, firstShare: 0.05 },
      viewM: Math.max(1, metres / 2),
    });
  }

  measure(atSeconds: number): BeamMeasurement {
    const length = this.#options.scenario.durationSeconds;
    const elapsed = atSeconds - this.#options.startsAtSeconds;
    const startSeconds = ((elapsed % length) + length) % length;
    this.#scene.look(this.#eye, { startSeconds, exposureSeconds }, this.#returns);
    const { distanceM, weight } = this.#returns;
    return {
      distanceMm: Math.max(0, distanceM * 1000 + noiseMm * this.#random.normal()),
      amplitude: Math.min(0xfffe, Math.round(amplitudeOfWhiteAtOneMetre * weight)),
    };
  }
}

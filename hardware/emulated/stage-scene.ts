import type { Scene, SceneMeasurement, SceneRegion } from './scene.ts';
import type { Stage } from './stage.ts';
import { SeededRandom } from './walks/seeded-random.ts';
import { Sunlight } from './walks/sunlight.ts';
import { TimeOfFlightScene } from './walks/time-of-flight-scene.ts';

export interface StageSceneOptions {
  readonly stage: Stage;
  readonly seed: number;
  readonly mountingHeightMm: number;
  /** When on the device's clock the scene's own time begins. */
  readonly startsAtSeconds: number;
}

/** The sun reaches one side more than the other. */
const dimmerSide = 0.6;

/** A directed stage under an emulated ceiling sensor. */
export class StageScene implements Scene {
  readonly #stage: Stage;
  readonly #scene: TimeOfFlightScene;
  readonly #random: SeededRandom;
  readonly #startsAtSeconds: number;

  constructor(options: StageSceneOptions) {
    const { stage, seed } = options;
    this.#stage = stage;
    this.#startsAtSeconds = options.startsAtSeconds;
    this.#random = new SeededRandom(seed, 'stage conditions');
    const indoors = Sunlight.indoors(new SeededRandom(seed, 'stage light'));
    const sunlight = {
      ambientKcps: (atSeconds: number, side: number) =>
        indoors.ambientKcps(atSeconds, side) + stage.condition.sunKcps * (side === 0 ? 1 : dimmerSide),
    };
    this.#scene = new TimeOfFlightScene({ actors: [stage], sunlight }, options);
  }

  measure(region: SceneRegion, startSeconds: number, exposureSeconds: number): SceneMeasurement {
    const atSeconds = startSeconds - this.#startsAtSeconds;
    this.#stage.look(atSeconds);
    const inside = region.rows[0] + region.rows[1] >= 15 ? 1 : 0;
    const secondLane = region.columns[0] >= 8 ? 2 : 0;
    const measured = this.#scene.measure(region, {
      zone: inside + secondLane,
      startSeconds: atSeconds,
      exposureSeconds,
    });
    return this.#disturbed(measured, inside === 0 ? 'outside' : 'inside');
  }

  #disturbed(measured: SceneMeasurement, side: 'outside' | 'inside'): SceneMeasurement {
    const { unrestMm, edge, lostShare } = this.#stage.condition;
    if (lostShare > 0 && this.#random.chance(lostShare)) return { ...measured, status: 4, distanceMm: 0 };
    const cut = edge !== null && edge.side === side ? edge.distanceMm : Number.POSITIVE_INFINITY;
    const distanceMm = Math.min(measured.distanceMm, cut) + unrestMm * this.#random.normal();
    return { ...measured, distanceMm: Math.max(0, distanceMm), status: measured.status };
  }
}

import type { Scene, SceneMeasurement, SceneRegion } from './scene.ts';
import { drawScenario, type Scenario } from './walks/scenario.ts';
import { TimeOfFlightScene } from './walks/time-of-flight-scene.ts';
import type { WalkProfileName } from './walks/walk-profiles.ts';

export interface WalkSceneViewOptions {
  readonly profile: WalkProfileName;
  readonly seed: number;
  readonly minutes: number;
  readonly mountingHeightMm: number;
  /** When on the device's clock the scenario begins. It begins anew when it has ended. */
  readonly startsAtSeconds: number;
}

/** People who walk under an emulated ceiling sensor, with their truth. */
export class WalkSceneView implements Scene {
  readonly scenario: Scenario;
  readonly #scene: TimeOfFlightScene;
  readonly #startsAtSeconds: number;

  constructor(options: WalkSceneViewOptions) {
    this.scenario = drawScenario(options);
    this.#scene = new TimeOfFlightScene(this.scenario, options);
    this.#startsAtSeconds = options.startsAtSeconds;
  }

  measure(region: SceneRegion, startSeconds: number, integrationSeconds: number): SceneMeasurement {
    const inside = region.rows[0] + region.rows[1] >= 15 ? 1 : 0;
    const secondLane = region.columns[0] >= 8 ? 2 : 0;
    const elapsed = startSeconds - this.#startsAtSeconds;
    return this.#scene.measure(region, {
      zone: inside + secondLane,
      startSeconds:
        ((elapsed % this.scenario.durationSeconds) + this.scenario.durationSeconds) %
        this.scenario.durationSeconds,
      exposureSeconds: integrationSeconds,
    });
  }
}

import type { Eye, SpadRegion } from './eye.ts';
import { spadEye } from './eye.ts';
import type { Scenario } from './scenario.ts';
import { SeededRandom } from './seeded-random.ts';
import { noReading, TimeOfFlightModel, type TimeOfFlightReading } from './time-of-flight-model.ts';
import { noReturns, WalkScene } from './walk-scene.ts';
import { spadsOf } from './zone-layout.ts';

/** What a scene needs of a scenario: who is there, and the light. */
export interface ScenePeople {
  readonly actors: Scenario['actors'];
  readonly sunlight: Pick<Scenario['sunlight'], 'ambientKcps'>;
}

/** How one VL53L1X hangs over one floor: drawn from the seed, so that no two places are alike. */
export interface SceneOptions {
  readonly seed: number;
  readonly mountingHeightMm: number;
  /** Scales the noise of the distances; 1 by default. */
  readonly noise?: number;
  /** Share of readings with a bad status in good light; 0.008 by default. */
  readonly statusRate?: number;
  /** Share of wrong distances with a good status; 0.003 by default. */
  readonly outlierRate?: number;
  /** `usual` by default; `any` draws lens, mount and echoes wider than any device we know of. */
  readonly optics?: Optics;
}

export type Optics = 'usual' | 'any';

type Bounds = readonly [number, number];

/** Bounds of what is drawn for a place: degrees, metres, shares. */
interface OpticsBounds {
  readonly blurDegrees: Bounds;
  readonly fieldDegrees: Bounds;
  readonly tiltDegrees: number;
  readonly echoWindowM: Bounds;
  readonly firstShare: Bounds;
  readonly offsetM: number;
}

const opticsBounds: Readonly<Record<Optics, OpticsBounds>> = {
  usual: {
    blurDegrees: [4, 6],
    fieldDegrees: [19, 19],
    tiltDegrees: 0.7,
    echoWindowM: [0.25, 0.5],
    firstShare: [0.03, 0.09],
    offsetM: 0.01,
  },
  any: {
    blurDegrees: [1.5, 9],
    fieldDegrees: [17, 22],
    tiltDegrees: 1.2,
    echoWindowM: [0.12, 0.8],
    firstShare: [0.015, 0.2],
    offsetM: 0.015,
  },
};

/** Share of the field of view's edge that is still looked at: half of 19°, blur and tilt. */
const viewHalfDegrees = 19;

/**
 * A ceiling VL53L1X over a scenario, one exposure at a time. This is what both the walk simulation and
 * an emulator of the device's registers draw their distances from.
 */
export class TimeOfFlightScene {
  private readonly scene: WalkScene;
  private readonly model: TimeOfFlightModel;
  private readonly scenario: ScenePeople;
  private readonly eyeOptions: {
    mountingHeightM: number;
    blurDegrees: number;
    fieldDegrees: number;
    tiltDegrees: [number, number];
  };
  private readonly eyes = new Map<string, Eye>();
  private readonly returns = noReturns();
  private readonly reading = noReading();
  private readonly drift: (atSeconds: number) => number;

  constructor(scenario: ScenePeople, options: SceneOptions) {
    const place = new SeededRandom(options.seed, 'place');
    const mountingHeightM = options.mountingHeightMm / 1000;
    this.scenario = scenario;
    const bounds = opticsBounds[options.optics ?? 'usual'];
    const most = 2.1 * bounds.tiltDegrees;
    const tilt = () => place.normalBetween({ mean: 0, deviation: bounds.tiltDegrees }, -most, most);
    this.eyeOptions = {
      mountingHeightM,
      blurDegrees: place.between(...bounds.blurDegrees),
      fieldDegrees: new SeededRandom(options.seed, 'field').between(...bounds.fieldDegrees),
      tiltDegrees: [tilt(), tilt()],
    };
    this.scene = new WalkScene({
      actors: scenario.actors,
      floorReflectance: place.between(0.12, 0.38),
      echo: {
        windowM: place.between(...bounds.echoWindowM),
        firstShare: place.between(...bounds.firstShare),
      },
      viewM: mountingHeightM * Math.tan((viewHalfDegrees * Math.PI) / 180),
    });
    const zoneOffsetM = [0, 1, 2, 3].map(() =>
      place.normalBetween({ mean: 0, deviation: bounds.offsetM }, -2 * bounds.offsetM, 2 * bounds.offsetM),
    );
    this.model = new TimeOfFlightModel(
      {
        noise: options.noise ?? 1,
        statusRate: options.statusRate ?? 0.008,
        outlierRate: options.outlierRate ?? 0.003,
        zoneOffsetM,
        farthestM: mountingHeightM,
      },
      new SeededRandom(options.seed, 'noise'),
    );
    this.drift = slowDrift(place);
  }

  /**
   * What the device reports for `region` exposed from `startSeconds` for `exposureSeconds`. `zone`
   * (0 to 3) picks the offset and the side's light. The reading is valid until the next call.
   */
  measure(
    region: SpadRegion,
    exposure: { zone: number; startSeconds: number; exposureSeconds: number },
  ): Readonly<TimeOfFlightReading> {
    this.scene.look(this.eye(region), exposure, this.returns);
    const inside = region.rows[0] + region.rows[1] >= 15 ? 1 : 0;
    this.model.read(
      this.returns,
      {
        zone: exposure.zone,
        ambientKcps: this.scenario.sunlight.ambientKcps(exposure.startSeconds, inside),
        exposureSeconds: exposure.exposureSeconds,
        spads: spadsOf(region),
        driftShare: this.drift(exposure.startSeconds),
      },
      this.reading,
    );
    return this.reading;
  }

  private eye(region: SpadRegion): Eye {
    const key = `${region.rows} ${region.columns}`;
    const known = this.eyes.get(key);
    if (known !== undefined) return known;
    const eye = spadEye(region, this.eyeOptions);
    this.eyes.set(key, eye);
    return eye;
  }
}

/** Distances creep by up to one per cent within half an hour: temperature. */
function slowDrift(random: SeededRandom): (atSeconds: number) => number {
  const size = random.between(0.001, 0.009);
  const period = random.between(900, 2600);
  const phase = random.between(0, 2 * Math.PI);
  return (atSeconds) => size * Math.sin((2 * Math.PI * atSeconds) / period + phase);
}

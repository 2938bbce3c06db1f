import type { SeededRandom } from './seeded-random.ts';
import type { Returns } from './walk-scene.ts';

/** One reading as a VL53L1X gives it. `distanceMm` is whole millimetres, whatever the status. */
export interface TimeOfFlightReading {
  distanceMm: number;
  status: number;
  signalKcps: number;
  ambientKcps: number;
  sigmaMm: number;
  spads: number;
}

export const noReading = (): TimeOfFlightReading => ({
  distanceMm: 0,
  status: 255,
  signalKcps: 0,
  ambientKcps: 0,
  sigmaMm: 0,
  spads: 0,
});

export interface TimeOfFlightModelOptions {
  /** Scales the noise of distances: 1 is a good place, 5 a poor region of interest. */
  readonly noise: number;
  /** Share of readings with a bad status in good light. */
  readonly statusRate: number;
  /** Share of readings that are wrong although their status is good. */
  readonly outlierRate: number;
  /** Fixed error of each zone, metres: offsets depend on the region (AN5191). */
  readonly zoneOffsetM: readonly number[];
  /** Nothing is farther than this, metres: bounds the outliers. */
  readonly farthestM: number;
}

export interface ExposureLight {
  readonly zone: number;
  readonly ambientKcps: number;
  readonly exposureSeconds: number;
  readonly spads: number;
  /** Error of all distances at this time as a share of the distance: temperature and ageing. */
  readonly driftShare: number;
}

/** Signal of a white target that fills the field at 1 m, for 128 photosites. */
const kcpsOfWhiteAtOneMetre = 52_000;
/** Default of register 0x64: a reading with more estimated noise gets a bad status. */
const sigmaLimitMm = 90;
/** Register 0x66 lowered from its default of 1,024 kcps, which a dark floor at 3 m does not reach. */
const signalLimitKcps = 500;
/** Ambient light falls into the whole timing window, the pulse into a part of it. */
const ambientWeight = 6;
/** Noise that no amount of light removes. */
const leastSigmaMm = 4;
/** Shot noise of 2,100 kcps in 20 ms; the header example of the recording format says 9 mm in all. */
const shotSigmaMm = 8;
const shotSignalKcps = 2100;
const shotExposureSeconds = 0.02;

/** Raw events behind bad statuses in good light: signal, phase, wrap-around, sigma, none. */
const strayStatuses = [
  [2, 0.35],
  [4, 0.25],
  [7, 0.2],
  [1, 0.15],
  [255, 0.05],
] as const;

/** Turns what the rays brought back into what the device reports. */
export class TimeOfFlightModel {
  private readonly options: TimeOfFlightModelOptions;
  private readonly random: SeededRandom;

  constructor(options: TimeOfFlightModelOptions, random: SeededRandom) {
    this.options = options;
    this.random = random;
  }

  /** Writes the reading for one exposure into `reading`. */
  read(returns: Returns, light: ExposureLight, reading: TimeOfFlightReading): void {
    const { random, options } = this;
    const share = light.spads / 128;
    const signal = kcpsOfWhiteAtOneMetre * returns.weight * share;
    const counted = Math.max(1, signal * (1 + 0.01 * random.normal()));
    const shot = Math.sqrt((counted + ambientWeight * light.ambientKcps) * shotSignalKcps) / counted;
    const shorter = Math.sqrt(shotExposureSeconds / light.exposureSeconds);
    const sigmaMm =
      options.noise * Math.hypot(leastSigmaMm, shotSigmaMm * shot * shorter, 12 * returns.spreadM);
    const offset = options.zoneOffsetM[light.zone] ?? 0;
    const trueMm = (returns.distanceM * (1 + light.driftShare) + offset) * 1000;
    let distanceMm = trueMm + sigmaMm * random.normal();
    let status = 0;
    if (counted < signalLimitKcps * share) status = 2;
    if (sigmaMm > sigmaLimitMm) status = 1;
    if (this.losesPhase(counted, light.ambientKcps)) {
      status = random.chance(0.6) ? 4 : 7;
      distanceMm = random.between(0, 1000 * options.farthestM);
    } else if (random.chance(options.statusRate)) {
      status = random.pickWeighted(strayStatuses);
      if (status === 7 || status === 255) distanceMm = random.between(0, 1000 * options.farthestM);
    } else if (random.chance(options.outlierRate)) {
      distanceMm = random.chance(0.5)
        ? random.between(0.15, 1) * 1000 * options.farthestM
        : distanceMm + 150 * random.normal();
    }
    reading.distanceMm = Math.max(0, Math.round(distanceMm));
    reading.status = status;
    reading.signalKcps = Math.round(counted);
    reading.ambientKcps = Math.max(0, Math.round(light.ambientKcps * (1 + 0.05 * random.normal())));
    reading.sigmaMm = Math.round(10 * sigmaMm * (1 + 0.1 * random.normal())) / 10;
    reading.spads = Math.round(light.spads * 0.75);
  }

  /** In strong sun the pulse drowns: the phase is that of the light's noise. */
  private losesPhase(signalKcps: number, ambientKcps: number): boolean {
    if (ambientKcps < 1000) return false;
    const drowned = ambientKcps / (ambientKcps + 9 * signalKcps);
    return this.random.chance(drowned);
  }
}

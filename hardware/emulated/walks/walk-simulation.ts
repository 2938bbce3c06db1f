import {
  type DistanceChunk,
  type DistanceSensorKind,
  distanceChunk,
  type Geometry,
  type Zone,
} from '../../sensor.ts';
import type { TrackShape } from './party.ts';
import { ReadingSchedule, type Slot } from './reading-schedule.ts';
import { drawScenario } from './scenario.ts';
import { SeededRandom } from './seeded-random.ts';
import { type Optics, TimeOfFlightScene } from './time-of-flight-scene.ts';
import type { Truth } from './truth.ts';
import type { WalkHabits } from './walk-habits.ts';
import type { WalkProfile, WalkProfileName } from './walk-profiles.ts';
import { type ZoneLayoutName, zoneLayouts } from './zone-layout.ts';

export interface WalkSimulationOptions {
  readonly profile: WalkProfileName;
  readonly seed: number;
  readonly mountingHeightMm: number;
  readonly minutes: number;
  /** All zones together; 40 by default. */
  readonly readingsPerSecond?: number;
  readonly zones?: ZoneLayoutName;
  readonly noise?: number;
  readonly statusRate?: number;
  readonly outlierRate?: number;
  readonly dropRate?: number;
  readonly tracks?: readonly TrackShape[];
  readonly optics?: Optics;
  readonly habits?: WalkHabits;
  readonly parties?: WalkProfile['parties'];
}

/** Readings of a simulated sensor with the truth beside them. `readings` is one chunk, in time order. */
export interface WalkSimulation {
  readonly sensor: DistanceSensorKind;
  readonly geometry: Geometry;
  readonly profile: WalkProfileName;
  readonly seed: number;
  readonly mountingHeightMm: number;
  readonly durationSeconds: number;
  readonly zones: readonly Zone[];
  readonly readings: DistanceChunk;
  readonly truth: Truth;
  /** Spells of strong sun, seconds from and to. */
  readonly sunSeconds: readonly (readonly [number, number])[];
}

const exposureSecondsMax = 0.02;
/** An hour at 200 readings/s is 720,000: a day at that rate is more than one chunk should hold. */
const readingsMax = 20_000_000;

/** People walk under one ceiling VL53L1X. The same options give the same readings. */
export function simulateWalks(options: WalkSimulationOptions): WalkSimulation {
  const scenario = drawScenario(options);
  const scene = new TimeOfFlightScene(scenario, options);
  const layout = zoneLayouts[options.zones ?? 'two'];
  const readingsPerSecond = options.readingsPerSecond ?? 40;
  const schedule = new ReadingSchedule(
    {
      zones: layout.length,
      readingsPerSecond,
      exposureSecondsMax,
      dropRate: options.dropRate ?? 0.004,
      stallEverySeconds: 150,
    },
    new SeededRandom(options.seed, 'timing'),
  );
  const capacity = Math.ceil(scenario.durationSeconds * readingsPerSecond * 1.1) + 100;
  if (capacity > readingsMax) throw new RangeError(`more than ${readingsMax} readings in one simulation`);
  const readings = distanceChunk(capacity, true);
  const slot: Slot = { startSeconds: 0, exposureSeconds: 0, zone: 0, dropped: false };
  for (;;) {
    schedule.next(slot);
    const readAtSeconds = slot.startSeconds + slot.exposureSeconds;
    if (readAtSeconds > scenario.durationSeconds || readings.length === capacity) break;
    if (slot.dropped) continue;
    const reading = scene.measure(layout[slot.zone]!.region, slot);
    const at = readings.length++;
    readings.atSeconds[at] = Math.round(readAtSeconds * 1e4) / 1e4;
    readings.zone[at] = layout[slot.zone]!.zone.id;
    readings.distanceMm[at] = reading.distanceMm;
    readings.status[at] = reading.status;
    readings.signalKcps![at] = reading.signalKcps;
    readings.ambientKcps![at] = reading.ambientKcps;
    readings.sigmaMm![at] = reading.sigmaMm;
    readings.spads![at] = reading.spads;
  }
  const { truth, durationSeconds, sunlight } = scenario;
  return {
    sensor: 'vl53l1x',
    geometry: 'ceiling',
    profile: options.profile,
    seed: options.seed,
    mountingHeightMm: options.mountingHeightMm,
    durationSeconds,
    zones: layout.map(({ zone }) => zone),
    readings,
    truth,
    sunSeconds: sunlight.periods,
  };
}

import { distanceChunk, type Geometry } from '../../sensor.ts';
import { coneEye, type Eye } from './eye.ts';
import type { TrackShape } from './party.ts';
import { ReadingSchedule, type Slot } from './reading-schedule.ts';
import { drawScenario } from './scenario.ts';
import { SeededRandom } from './seeded-random.ts';
import type { WalkProfileName } from './walk-profiles.ts';
import { noReturns, type Returns, WalkScene } from './walk-scene.ts';
import type { WalkSimulation } from './walk-simulation.ts';
import { zoneLayouts } from './zone-layout.ts';

/** Sensors of which two hang side by side, one for each side of the line. */
export const beamKinds = ['tf-luna', 'tfmini-s', 'ultrasonic'] as const;
type BeamKind = (typeof beamKinds)[number];

export interface BeamPairOptions {
  readonly sensor: BeamKind;
  readonly profile: WalkProfileName;
  readonly seed: number;
  readonly minutes: number;
  readonly geometry: Geometry;
  /** Floor to lens, or for `side` the free width across the passage. */
  readonly mountingHeightMm: number;
  /** Distance of the two beams along the walking axis; 200 by default. */
  readonly spacingMm?: number;
  /** Each beam; 100 by default, 10 for ultrasonic, whose echoes need their time. */
  readonly readingsPerSecond?: number;
  readonly statusRate?: number;
  readonly tracks?: readonly TrackShape[];
}

interface BeamTraits {
  readonly widthDegrees: number;
  readonly readingsPerSecond: number;
  readonly noiseM: number;
  /** Readings come in steps of this, metres. */
  readonly stepM: number;
  /** Light mixes what lies in the beam; sound answers with its first echo. */
  readonly echo: 'locked' | 'first';
  /** Share of readings without an echo from clothes. */
  readonly lostOnPeople: number;
}

/** Beam widths from the makers' manuals; sound cones are as wide as cheap transducers are. */
const traits: Readonly<Record<BeamKind, BeamTraits>> = {
  'tf-luna': {
    widthDegrees: 2,
    readingsPerSecond: 100,
    noiseM: 0.012,
    stepM: 0.01,
    echo: 'locked',
    lostOnPeople: 0.01,
  },
  'tfmini-s': {
    widthDegrees: 2,
    readingsPerSecond: 100,
    noiseM: 0.01,
    stepM: 0.01,
    echo: 'locked',
    lostOnPeople: 0.01,
  },
  ultrasonic: {
    widthDegrees: 22,
    readingsPerSecond: 10,
    noiseM: 0.006,
    stepM: 0.01,
    echo: 'first',
    lostOnPeople: 0.06,
  },
};

/** Height of beams that look across, metres: hips and hands of adults, shoulders of children. */
const sideBeamHeightM = 1;
/** An echo needs this share of the cone. */
const echoShareLeast = 0.06;
/** Door leaves of the `door` profile are made for a ceiling of this height when the sensor hangs in a wall. */
const sideCeilingMm = 2500;

/** People walk past two beams. The same options give the same readings; truth as with a ceiling sensor. */
export function simulateBeamPair(options: BeamPairOptions): WalkSimulation {
  const across = options.geometry === 'side';
  const scenario = drawScenario({
    ...options,
    mountingHeightMm: across ? sideCeilingMm : options.mountingHeightMm,
    ...(across ? { passageWidthM: options.mountingHeightMm / 1000 } : {}),
  });
  const kind = traits[options.sensor];
  const eyes = eyesOfPair(options, kind);
  const scene = new WalkScene({
    actors: scenario.actors,
    floorReflectance: 0.3,
    echo: { windowM: 0.3, firstShare: 0.08 },
    viewM: Math.max(0.6, options.mountingHeightMm / 2000),
  });
  const random = new SeededRandom(options.seed, 'beams');
  const readingsPerSecond = 2 * (options.readingsPerSecond ?? kind.readingsPerSecond);
  const schedule = new ReadingSchedule(
    { zones: 2, readingsPerSecond, exposureSecondsMax: 0.004, dropRate: 0.002, stallEverySeconds: 120 },
    new SeededRandom(options.seed, 'timing'),
  );
  const readings = distanceChunk(Math.ceil(scenario.durationSeconds * readingsPerSecond * 1.1) + 100);
  const returns = noReturns();
  const slot: Slot = { startSeconds: 0, exposureSeconds: 0, zone: 0, dropped: false };
  for (;;) {
    schedule.next(slot);
    const at = slot.startSeconds + slot.exposureSeconds;
    if (at > scenario.durationSeconds || readings.length === readings.atSeconds.length) break;
    if (slot.dropped) continue;
    const eye = eyes[slot.zone]!;
    scene.look(eye, slot, returns);
    const lost = random.chance((options.statusRate ?? 0.003) + returns.share * kind.lostOnPeople);
    const distanceM = beamDistanceM(kind, returns, farM(eye)) + kind.noiseM * random.normal();
    const index = readings.length++;
    readings.atSeconds[index] = Math.round(at * 1e4) / 1e4;
    readings.zone[index] = slot.zone;
    readings.status[index] = lost ? 2 : 0;
    readings.distanceMm[index] = lost
      ? 0
      : 1000 * kind.stepM * Math.max(1, Math.round(distanceM / kind.stepM));
  }
  const { profile, seed, mountingHeightMm, geometry, sensor } = options;
  const { truth, durationSeconds, sunlight } = scenario;
  const zones = zoneLayouts.two.map(({ zone }) => zone);
  const place = { sensor, geometry, profile, seed, mountingHeightMm };
  return { ...place, durationSeconds, zones, readings, truth, sunSeconds: sunlight.periods };
}

function eyesOfPair(options: BeamPairOptions, kind: BeamTraits): readonly [Eye, Eye] {
  const half = (options.spacingMm ?? 200) / 2000;
  const size = options.mountingHeightMm / 1000;
  const eyeAt = (x: number) =>
    options.geometry === 'side'
      ? coneEye(
          { x, y: -size / 2, z: sideBeamHeightM },
          { widthDegrees: kind.widthDegrees, looks: 'across', wallM: size / 2 },
        )
      : coneEye({ x, y: 0, z: size }, { widthDegrees: kind.widthDegrees, looks: 'down', wallM: 0 });
  return [eyeAt(-half), eyeAt(half)];
}

/** Where the beam ends when nobody is there. */
const farM = (eye: Eye): number =>
  Math.abs(eye.background.at - (eye.background.axis === 'z' ? eye.z : eye.y));

function beamDistanceM(kind: BeamTraits, returns: Returns, far: number): number {
  switch (kind.echo) {
    case 'locked':
      return returns.distanceM;
    case 'first':
      return returns.share >= echoShareLeast ? returns.nearestM : far;
    default:
      return kind.echo satisfies never;
  }
}

import type { LidarFrame } from './lidar-frame-parser.ts';

export type LidarKind = 'tf-luna' | 'tfmini-s';

/** What a frame means in terms of the port: a distance with a range status. */
interface LidarReading {
  readonly distanceMm: number;
  readonly status: number;
}

interface LidarModel {
  /** Frames a second are this divided by a whole number. */
  readonly rateBaseHz: number;
  readonly rateHzMax: number;
  readonly read: (frame: LidarFrame) => LidarReading;
}

const statusGood = 0;
const statusWeakSignal = 2;
const statusOutOfBounds = 4;
const statusSaturated = 5;

/** Below this amplitude the distance is worthless (TF-Luna manual A03, TFmini-S manual). */
const amplitudeMin = 100;
const amplitudeSaturated = 0xffff;
/** The largest distance a TF-Luna or TFmini-S states, 12 m in good conditions. */
const distanceCmMax = 1200;

export const lidarModels: Readonly<Record<LidarKind, LidarModel>> = {
  'tf-luna': { rateBaseHz: 500, rateHzMax: 250, read: readByAmplitude },
  'tfmini-s': {
    rateBaseHz: 1000,
    rateHzMax: 1000,
    read: (frame) => {
      // -1 weak, -2 signal saturated, -4 ambient light saturated (TFmini-S manual).
      if (frame.distanceCm === -1) return { distanceMm: 0, status: statusWeakSignal };
      if (frame.distanceCm < 0) return { distanceMm: 0, status: statusSaturated };
      return readByAmplitude(frame);
    },
  },
};

function readByAmplitude(frame: LidarFrame): LidarReading {
  const distanceMm = frame.distanceCm * 10;
  if (frame.amplitude === amplitudeSaturated) return { distanceMm, status: statusSaturated };
  if (frame.amplitude < amplitudeMin) return { distanceMm, status: statusWeakSignal };
  const within = frame.distanceCm > 0 && frame.distanceCm <= distanceCmMax;
  return { distanceMm, status: within ? statusGood : statusOutOfBounds };
}

/** What is wrong with a rate for a model, or null. */
export function rateFault(kind: LidarKind, rateHz: number): string | null {
  const { rateBaseHz, rateHzMax } = lidarModels[kind];
  if (rateHz >= 1 && rateHz <= rateHzMax && Number.isInteger(rateBaseHz / rateHz)) return null;
  return `rateHz ${rateHz}: ${kind} gives ${rateBaseHz}/n frames a second, at most ${rateHzMax}`;
}

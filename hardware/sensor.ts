/**
 * The sensor port: what every driver, emulator and recording looks like to the counting loop.
 *
 * Readings travel as chunks of parallel typed arrays, not as objects: one object a reading through
 * an async iterator costs twenty times more than the counting itself.
 */

/** Which side of the line a zone looks at. `in` is a passage from `outside` to `inside`. */
export type Side = 'outside' | 'inside';

/**
 * A region a distance sensor measures. `id` is what readings carry; a sensor has at most
 * `zonesMax` zones. `lane` tells apart the lanes of a 2 × 2 arrangement, counted from 0.
 */
export interface Zone {
  readonly id: number;
  readonly side: Side;
  readonly lane?: number;
}

/** 2 × 2 regions are the most one VL53L1X serves at an honest rate. */
export const zonesMax = 4;

/** `ceiling`: looks down on heads. `side`: looks across the passage at bodies. */
export type Geometry = 'ceiling' | 'side';

export type DistanceSensorKind = 'vl53l1x' | 'tf-luna' | 'tfmini-s' | 'ultrasonic';
export type SensorKind = DistanceSensorKind | 'pir' | 'wifi-probe';

/** How the times of a sensor's readings relate to the calendar. */
export type Timeline =
  /** Seconds since the recording's start; the recording tells when that was (seconds since 1970, UTC). */
  | { readonly kind: 'recorded'; readonly startedAtEpochSeconds: number }
  /** Seconds of the machine's monotonic clock; the agent's clock knows the calendar. */
  | { readonly kind: 'live' };

/** What a sensor says of itself before the first reading. */
export interface SensorDescription {
  readonly kind: SensorKind;
  readonly timeline: Timeline;
  /** Zones of distance and PIR sensors; empty for a WiFi probe listener. */
  readonly zones: readonly Zone[];
  readonly geometry: Geometry;
  /** Floor to lens, or for `side` the free width across the passage; absent where nobody measured it. */
  readonly mountingHeightMm?: number;
  /** True where the readings come from a simulation: shown wherever the count is shown. */
  readonly simulated: boolean;
}

/**
 * Distances. Every array holds at least `length` valid elements. `distanceMm` is meaningful where
 * `status` is 0; `status` is the VL53L1X range status (0 good, 1 sigma, 2 signal, 4 out of bounds,
 * 7 wrap-around, 255 none), which drivers of other sensors map onto. `NaN` in an optional array
 * means that the reading did not carry the value.
 */
export interface DistanceChunk {
  readonly kind: 'distance';
  length: number;
  readonly atSeconds: Float64Array;
  readonly zone: Uint8Array;
  readonly distanceMm: Float32Array;
  readonly status: Uint8Array;
  readonly signalKcps?: Float32Array;
  readonly ambientKcps?: Float32Array;
  readonly sigmaMm?: Float32Array;
  readonly spads?: Float32Array;
}

/**
 * Level changes of motion detectors: `active` is 1 when motion begins, 0 when the output falls.
 * `progressSeconds` is how far the detector has been watched, changes or not; a driver that has lost
 * its device stays behind. Absent where the source cannot tell.
 */
export interface MotionChunk {
  readonly kind: 'motion';
  length: number;
  progressSeconds?: number;
  readonly atSeconds: Float64Array;
  readonly zone: Uint8Array;
  readonly active: Uint8Array;
}

/**
 * Probe requests. `signalDbm` is 127 where the capture carried no strength. `address` has six bytes
 * a frame in mode `hashing` and is absent otherwise; the reader overwrites it after use.
 * `progressSeconds` is how far the listener has come, frames or not; it has heard everything since
 * the chunk before unless `deaf` says that nobody listened in between. `malformed` frames of the
 * chunk could not be read.
 */
export interface ProbeChunk {
  readonly kind: 'probe';
  length: number;
  readonly atSeconds: Float64Array;
  readonly signalDbm: Int8Array;
  readonly address?: Uint8Array;
  progressSeconds: number;
  deaf: boolean;
  malformed: number;
}

export type ReadingChunk = DistanceChunk | MotionChunk | ProbeChunk;

/**
 * A source of readings.
 *
 * `chunks` may be called once. A chunk and its arrays belong to the sensor and are valid until the
 * next pull; whoever wants to keep a reading copies it. Readings come in time order. The iteration
 * ends when a recording ends or `signal` aborts, and throws a `SensorError` when the sensor is
 * lost for good; drivers of real devices recover by themselves where they can. `close` may be
 * called at any time, more than once.
 */
export interface Sensor {
  readonly description: SensorDescription;
  chunks(signal: AbortSignal): AsyncIterable<ReadingChunk>;
  close(): Promise<void>;
}

/** Why a sensor could not be opened or was lost. The message names device or file, line and cause. */
export type SensorErrorCode =
  | 'file-unreadable'
  | 'recording-invalid'
  | 'device-missing'
  | 'permission-denied'
  | 'device-busy'
  | 'wrong-identity'
  | 'bus-failed'
  | 'not-permitted-by-profile'
  | 'program-missing'
  | 'unsupported';

export class SensorError extends Error {
  readonly code: SensorErrorCode;
  constructor(code: SensorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SensorError';
    this.code = code;
  }
}

/** A chunk of distances with room for `capacity` readings; `withSignal` adds the optional arrays. */
export function distanceChunk(capacity: number, withSignal = false): DistanceChunk {
  const base = {
    kind: 'distance' as const,
    length: 0,
    atSeconds: new Float64Array(capacity),
    zone: new Uint8Array(capacity),
    distanceMm: new Float32Array(capacity),
    status: new Uint8Array(capacity),
  };
  if (!withSignal) return base;
  return {
    ...base,
    signalKcps: new Float32Array(capacity).fill(Number.NaN),
    ambientKcps: new Float32Array(capacity).fill(Number.NaN),
    sigmaMm: new Float32Array(capacity).fill(Number.NaN),
    spads: new Float32Array(capacity).fill(Number.NaN),
  };
}

/** A chunk of motion edges with room for `capacity` of them. */
export function motionChunk(capacity: number): MotionChunk {
  return {
    kind: 'motion',
    length: 0,
    atSeconds: new Float64Array(capacity),
    zone: new Uint8Array(capacity),
    active: new Uint8Array(capacity),
  };
}

/** A chunk of probe frames with room for `capacity` of them; addresses only where asked for. */
export function probeChunk(capacity: number, withAddresses: boolean): ProbeChunk {
  const base = {
    kind: 'probe' as const,
    length: 0,
    atSeconds: new Float64Array(capacity),
    signalDbm: new Int8Array(capacity),
    progressSeconds: 0,
    deaf: false,
    malformed: 0,
  };
  return withAddresses ? { ...base, address: new Uint8Array(capacity * 6) } : base;
}

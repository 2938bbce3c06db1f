import type { Clock } from '../clock.ts';
import {
  type DistanceChunk,
  distanceChunk,
  type Geometry,
  type ReadingChunk,
  type Sensor,
  type SensorDescription,
  type Zone,
} from '../sensor.ts';
import type { BeamReading, LidarBeam, LidarBeamHealth } from './lidar-beam.ts';
import type { LidarKind } from './lidar-model.ts';

/** Readings of the two beams are put in order; a silent one holds the other back no longer than this. */
const mergeSecondsMax = 0.05;
/** A chunk is handed over this often: ten frames at 100 Hz, soon enough for every use. */
const chunkSeconds = 0.04;
/** 1,000 frames a second from two beams while the agent is held up for two seconds. */
const readingsWaitingMax = 4000;

export interface LidarSensorOptions {
  readonly kind: LidarKind;
  /** One beam, or outside and inside. */
  readonly beams: readonly LidarBeam[];
  readonly clock: Clock;
  readonly geometry: Geometry;
  readonly mountingHeightMm: number | undefined;
  readonly simulated: boolean;
}

/** One or two single-point lidars as a sensor with one or two zones. */
export class LidarSensor implements Sensor {
  readonly description: SensorDescription;
  readonly #beams: readonly LidarBeam[];
  readonly #clock: Clock;
  readonly #waiting: BeamReading[][];
  readonly #chunk: DistanceChunk = distanceChunk(readingsWaitingMax);
  readonly #closing = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: LidarSensorOptions) {
    this.#beams = options.beams;
    this.#clock = options.clock;
    this.#waiting = options.beams.map(() => []);
    const zones: Zone[] = [
      { id: 0, side: 'outside' },
      { id: 1, side: 'inside' },
    ];
    this.description = {
      kind: options.kind,
      timeline: { kind: 'live' },
      zones: zones.slice(0, options.beams.length),
      geometry: options.geometry,
      ...(options.mountingHeightMm === undefined ? {} : { mountingHeightMm: options.mountingHeightMm }),
      simulated: options.simulated,
    };
  }

  get health(): readonly LidarBeamHealth[] {
    return this.#beams.map((beam) => beam.health);
  }

  async *chunks(signal: AbortSignal): AsyncIterable<ReadingChunk> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    this.#running = Promise.all(
      this.#beams.map((beam, place) => beam.run(stop, (reading) => this.#queue(place, reading))),
    );
    // A beam's loop ends only with the signal; anything it throws must reach who pulls.
    let failure: unknown = null;
    this.#running.catch((error: unknown) => {
      failure = error;
    });
    while (!stop.aborted) {
      await this.#clock.sleep(chunkSeconds, stop);
      if (failure !== null) throw failure;
      const chunk = this.#merge();
      if (chunk.length > 0) yield chunk;
    }
    await this.#running.catch(() => {});
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running.catch(() => {});
    await Promise.all(this.#beams.map((beam) => beam.close()));
  }

  #queue(place: number, reading: BeamReading): void {
    const queue = this.#waiting[place]!;
    if (queue.length < readingsWaitingMax / 2) queue.push(reading);
  }

  /** All readings that no earlier one can follow, in order of time. */
  #merge(): DistanceChunk {
    const chunk = this.#chunk;
    chunk.length = 0;
    const overdue = this.#clock.nowSeconds() - mergeSecondsMax;
    const heads = this.#waiting.map(() => 0);
    while (chunk.length < readingsWaitingMax) {
      let earliest = -1;
      let complete = true;
      this.#waiting.forEach((queue, place) => {
        const reading = queue[heads[place]!];
        if (reading === undefined) complete = false;
        else if (earliest === -1 || reading.atSeconds < this.#at(earliest, heads).atSeconds) earliest = place;
      });
      if (earliest === -1) break;
      const reading = this.#at(earliest, heads);
      if (!complete && reading.atSeconds > overdue) break;
      heads[earliest]! += 1;
      this.#append(earliest, reading);
    }
    this.#waiting.forEach((queue, place) => {
      queue.splice(0, heads[place]!);
    });
    return chunk;
  }

  #at(place: number, heads: readonly number[]): BeamReading {
    return this.#waiting[place]![heads[place]!]!;
  }

  #append(zone: number, reading: BeamReading): void {
    const chunk = this.#chunk;
    const at = chunk.length;
    // A beam that was silent and comes back may bring times before what has been handed over.
    this.#lastAtSeconds = Math.max(this.#lastAtSeconds, reading.atSeconds);
    chunk.atSeconds[at] = this.#lastAtSeconds;
    chunk.zone[at] = zone;
    chunk.distanceMm[at] = reading.distanceMm;
    chunk.status[at] = reading.status;
    chunk.length += 1;
  }

  #lastAtSeconds = Number.NEGATIVE_INFINITY;
}

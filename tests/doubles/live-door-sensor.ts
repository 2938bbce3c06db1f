import type { Clock } from '../../hardware/clock.ts';
import {
  type DistanceChunk,
  distanceChunk,
  type Sensor,
  type SensorDescription,
  SensorError,
} from '../../hardware/sensor.ts';
import { doorMm, floorMm, type Passage, readingSeconds } from './door-recording.ts';

/** A ceiling sensor that measures now, while these people pass; times are those of the clock. */
export class LiveDoorSensor implements Sensor {
  readonly description: SensorDescription = {
    kind: 'vl53l1x',
    timeline: { kind: 'live' },
    zones: [
      { id: 0, side: 'outside' },
      { id: 1, side: 'inside' },
    ],
    geometry: 'ceiling',
    mountingHeightMm: floorMm,
    simulated: true,
  };
  /** From this time on the device is gone, until it is null again. */
  lostFromSeconds: number | null = null;
  readonly #clock: Clock;
  readonly #passages: readonly Passage[];

  constructor(clock: Clock, passages: readonly Passage[]) {
    this.#clock = clock;
    this.#passages = passages;
  }

  async *chunks(signal: AbortSignal): AsyncIterable<DistanceChunk> {
    const chunk = distanceChunk(64);
    let reading = Math.ceil(this.#clock.nowSeconds() / readingSeconds);
    while (!signal.aborted) {
      await this.#clock.sleep(0.5, signal);
      if (this.lostFromSeconds !== null && this.#clock.nowSeconds() >= this.lostFromSeconds) {
        throw new SensorError('bus-failed', 'the door sensor does not answer');
      }
      chunk.length = 0;
      for (; reading * readingSeconds <= this.#clock.nowSeconds() && chunk.length < 64; reading += 1) {
        const at = chunk.length++;
        chunk.atSeconds[at] = reading * readingSeconds;
        chunk.zone[at] = reading % 2;
        chunk.distanceMm[at] = doorMm(this.#passages, reading % 2, reading * readingSeconds);
        chunk.status[at] = 0;
      }
      if (chunk.length > 0 && !signal.aborted) yield chunk;
    }
  }

  async close(): Promise<void> {}
}

import type { Clock } from '../../hardware/clock.ts';
import { type MotionChunk, motionChunk, type Sensor, type SensorDescription } from '../../hardware/sensor.ts';

/** A motion detector that is watched, works as far as anybody knows, and never sees anything. */
export class StillMotionSensor implements Sensor {
  readonly description: SensorDescription = {
    kind: 'pir',
    timeline: { kind: 'live' },
    zones: [{ id: 0, side: 'outside' }],
    geometry: 'ceiling',
    simulated: true,
  };
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async *chunks(signal: AbortSignal): AsyncIterable<MotionChunk> {
    const chunk = motionChunk(1);
    while (!signal.aborted) {
      await this.#clock.sleep(1, signal);
      chunk.progressSeconds = this.#clock.nowSeconds();
      yield chunk;
    }
  }

  async close(): Promise<void> {}
}

import type { SlotConfig } from '../../edge-agent/config.ts';
import { openSensor } from '../../hardware/open-sensor.ts';
import type { DistanceChunk, Sensor } from '../../hardware/sensor.ts';
import { Refusal } from '../command.ts';
import { Interrupted } from '../dialogue/dialogue.ts';
import type { FrameMessages } from '../messages/frame.ts';

/**
 * A distance sensor that gives no good reading for so long is taken for unplugged. Drivers bring a
 * device back within a second, and the sun may blind it for a while: longer than both.
 */
const lostSecondsMax = 6;
const watchMs = 250;
/** Reason of the refusal when a sensor falls silent. */
export const sensorLost = 'sensor-lost';

/** A sensor held open for a verb. */
export interface SensorFeed {
  readonly sensor: Sensor;
  readonly slot: SlotConfig;
  /**
   * Distances as they come. Ends when `stop` aborts; throws `Interrupted` when the technician breaks
   * off and `Refusal` (`sensor-lost`) when the sensor is silent for long.
   */
  distances(stop?: AbortSignal): AsyncIterable<DistanceChunk>;
  close(): Promise<void>;
}

/**
 * Opens the sensor of a slot through its real driver. `distances` may be called again and again: the
 * readings between two calls are dropped, as a technician who reads a question misses them. Throws
 * `SensorError`.
 */
export async function openSensorFeed(
  slot: SlotConfig,
  { signal, words }: { readonly signal: AbortSignal; readonly words: FrameMessages },
): Promise<SensorFeed> {
  const sensor = await openSensor(slot.source);
  const ending = new AbortController();
  const pump = new DistancePump(sensor, AbortSignal.any([signal, ending.signal]));
  const running = pump.run();
  return {
    sensor,
    slot,
    async *distances(stop) {
      const until = stop === undefined ? signal : AbortSignal.any([signal, stop]);
      for (;;) {
        const chunk = await pump.next(until, lostSecondsMax);
        if (signal.aborted) throw new Interrupted();
        if (chunk === 'stopped') return;
        if (chunk === 'silent') {
          throw new Refusal(sensorLost, words.sensorLost(slot.sensor, lostSecondsMax), {
            sensor: slot.sensor,
          });
        }
        yield chunk;
      }
    },
    async close() {
      ending.abort();
      pump.release();
      await sensor.close();
      await running;
    },
  };
}

/** Takes chunks from the sensor all the time, and hands the newest to whoever waits. */
class DistancePump {
  readonly #sensor: Sensor;
  readonly #signal: AbortSignal;
  #taker: ((chunk: DistanceChunk) => void) | null = null;
  #taken: (() => void) | null = null;
  #fault: unknown = null;
  #goodAt = performance.now();

  constructor(sensor: Sensor, signal: AbortSignal) {
    this.#sensor = sensor;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    try {
      for await (const chunk of this.#sensor.chunks(this.#signal)) {
        if (chunk.kind !== 'distance') continue;
        if (chunk.status.subarray(0, chunk.length).some((status) => status !== 255)) {
          this.#goodAt = performance.now();
        }
        const taker = this.#taker;
        if (taker === null) continue;
        this.#taker = null;
        // The chunk is the sensor's: it waits until the taker asks for the next one.
        const taken = new Promise<void>((resolve) => {
          this.#taken = resolve;
        });
        taker(chunk);
        if (!this.#signal.aborted) await taken;
      }
    } catch (fault) {
      this.#fault = fault;
    }
  }

  /** The next chunk; the one before is given back. */
  async next(until: AbortSignal, silentSecondsMax: number): Promise<DistanceChunk | 'stopped' | 'silent'> {
    this.release();
    return new Promise((resolve, reject) => {
      const end = (outcome: DistanceChunk | 'stopped' | 'silent') => {
        clearInterval(watch);
        until.removeEventListener('abort', stop);
        this.#taker = null;
        if (outcome === 'stopped') this.release();
        resolve(outcome);
      };
      const stop = () => end('stopped');
      const watch = setInterval(() => {
        if (this.#fault !== null) {
          clearInterval(watch);
          reject(this.#fault);
        } else if (performance.now() - this.#goodAt > silentSecondsMax * 1000) end('silent');
      }, watchMs);
      until.addEventListener('abort', stop, { once: true });
      this.#taker = end;
      if (until.aborted) stop();
    });
  }

  /** Gives the chunk back that was handed over. */
  release(): void {
    this.#taken?.();
    this.#taken = null;
  }
}

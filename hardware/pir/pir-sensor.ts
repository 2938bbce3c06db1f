import type { MotionChunk, ReadingChunk, Sensor, SensorDescription, Zone } from '../sensor.ts';
import { motionChunk } from '../sensor.ts';
import type { PinWatch } from './pin-watch.ts';

export interface PirSensorOptions {
  readonly watch: PinWatch;
  /** Pins by zone id: one detector, or outside and inside. */
  readonly pins: readonly number[];
  readonly simulated: boolean;
}

/** What the driver has gone through, for the technician and for tests. */
export interface PirHealth {
  readonly edges: number;
  readonly losses: number;
  readonly lastFault: string | null;
}

/**
 * One or two passive infrared detectors. Chunks carry level changes, and at least every second how far
 * the pins were watched. A detector whose pin is lost while it is active falls.
 */
export class PirSensor implements Sensor {
  readonly description: SensorDescription;
  readonly #watch: PinWatch;
  readonly #pins: readonly number[];
  readonly #chunk: MotionChunk = motionChunk(2);
  readonly #active = new Set<number>();
  readonly #closing = new AbortController();
  #health = { edges: 0, losses: 0, lastFault: null as string | null };

  constructor(options: PirSensorOptions) {
    this.#watch = options.watch;
    this.#pins = options.pins;
    const zones: Zone[] = [
      { id: 0, side: 'outside' },
      { id: 1, side: 'inside' },
    ];
    this.description = {
      kind: 'pir',
      timeline: { kind: 'live' },
      zones: zones.slice(0, options.pins.length),
      geometry: 'ceiling',
      simulated: options.simulated,
    };
  }

  get health(): PirHealth {
    return this.#health;
  }

  async *chunks(signal: AbortSignal): AsyncIterable<ReadingChunk> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    const chunk = this.#chunk;
    for await (const event of this.#watch.events(stop)) {
      chunk.length = 0;
      switch (event.kind) {
        case 'level':
          chunk.progressSeconds = event.atSeconds;
          this.#change(this.#pins.indexOf(event.pin), event.level, event.atSeconds);
          break;
        case 'alive':
          chunk.progressSeconds = event.atSeconds;
          break;
        case 'lost':
          this.#health.losses += 1;
          this.#health.lastFault = event.error.message;
          for (const zone of [...this.#active]) this.#change(zone, 0, event.atSeconds);
          if (chunk.length === 0) continue;
          break;
        default:
          event satisfies never;
      }
      yield chunk;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watch.close();
  }

  #change(zone: number, level: 0 | 1, atSeconds: number): void {
    if (zone < 0) return;
    if (level === 1) this.#active.add(zone);
    else this.#active.delete(zone);
    this.#health.edges += 1;
    const chunk = this.#chunk;
    chunk.atSeconds[chunk.length] = atSeconds;
    chunk.zone[chunk.length] = zone;
    chunk.active[chunk.length] = level;
    chunk.length += 1;
  }
}

import { type MotionChunk, motionChunk, type Sensor, type SensorDescription } from '../../hardware/sensor.ts';
import type { DeviceLedger, Pulse } from './ledger.ts';
import type { Machine, SimProcess } from './sim-process.ts';
import type { Random } from './timeline.ts';

/** Motion lasts a second, and the next one comes late enough to be another (motion-counter.ts). */
const activeSeconds = 1;
const pauseSecondsMin = 6;
const pauseSecondsMean = 40;
/** The detector warms up for this long after its machine got power, and is blind. */
export const blindSeconds = 60;
/** The system hands an edge over so late at most. */
const handOverSecondsMax = 0.3;
/** Edges a chunk carries. */
const edgesMax = 64;

export interface SimDoorParts {
  readonly process: SimProcess;
  readonly machine: Machine;
  readonly random: Random;
  readonly ledger: DeviceLedger;
}

/** A door with a motion detector: people pass at random, and the ledger knows when. */
export class SimDoor implements Sensor {
  readonly description: SensorDescription = {
    kind: 'pir',
    timeline: { kind: 'live' },
    zones: [{ id: 0, side: 'outside' }],
    geometry: 'ceiling',
    simulated: true,
  };
  readonly #parts: SimDoorParts;
  #edgeSeconds: number;
  #active = false;

  constructor(parts: SimDoorParts) {
    this.#parts = parts;
    this.#edgeSeconds = Math.max(parts.machine.nowSeconds(), blindSeconds) + this.#pause();
  }

  async *chunks(signal: AbortSignal): AsyncIterable<MotionChunk> {
    const { process, ledger } = this.#parts;
    const chunk = motionChunk(edgesMax);
    while (!signal.aborted) {
      if (!(await process.through(() => this.#nextEdge(signal)))) return;
      const pulses = this.#fill(chunk);
      ledger.pulses.push(...pulses);
      yield chunk;
      // Asked for more, so it has dealt with these.
      if (process.alive) for (const pulse of pulses) pulse.certain = true;
    }
  }

  async close(): Promise<void> {}

  /** All edges up to now. */
  #fill(chunk: MotionChunk): Pulse[] {
    const { machine } = this.#parts;
    const pulses: Pulse[] = [];
    chunk.length = 0;
    while (this.#edgeSeconds <= machine.nowSeconds() && chunk.length < edgesMax) {
      this.#active = !this.#active;
      chunk.atSeconds[chunk.length] = this.#edgeSeconds;
      chunk.zone[chunk.length] = 0;
      chunk.active[chunk.length] = this.#active ? 1 : 0;
      chunk.length += 1;
      if (this.#active) {
        pulses.push({ atSeconds: this.#edgeSeconds + machine.bootedAtSeconds, certain: false });
      }
      this.#edgeSeconds += this.#active ? activeSeconds : this.#pause();
    }
    return pulses;
  }

  #pause(): number {
    return pauseSecondsMin - Math.log(1 - this.#parts.random()) * (pauseSecondsMean - pauseSecondsMin);
  }

  /** False where it was stopped. */
  #nextEdge(signal: AbortSignal): Promise<boolean> {
    const { machine, random } = this.#parts;
    const { timeline } = machine;
    const edge = this.#edgeSeconds + machine.bootedAtSeconds;
    const late = random() * handOverSecondsMax;
    return new Promise((resolve) => {
      const stop = () => resolve(false);
      signal.addEventListener('abort', stop, { once: true });
      timeline.at(edge + late, () => {
        signal.removeEventListener('abort', stop);
        resolve(true);
      });
    });
  }
}

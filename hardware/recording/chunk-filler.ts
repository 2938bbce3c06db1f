import { type DistanceChunk, distanceChunk, type MotionChunk, motionChunk } from '../sensor.ts';
import type { ReadingLine } from './reading-line.ts';
import type { RecordingHeader } from './recording-header.ts';

/** Large enough that an iteration's cost vanishes, small enough to stay in a processor's cache. */
const chunkReadings = 2048;

const statusMax = 255;

/** Puts the lines of one kind of recording into its reused chunk. */
export interface ChunkFiller {
  readonly chunk: DistanceChunk | MotionChunk;
  readonly full: boolean;
  /** Starts a play: `offsetSeconds` is added to every time. */
  begin(offsetSeconds: number): void;
  /** The cause why a line is no reading of this recording, or null. */
  check(line: ReadingLine): string | null;
  push(line: ReadingLine): void;
}

/** The part that all kinds share: times in order, zones that the header names. */
class LineOrder {
  readonly #zones: ReadonlySet<number>;
  #lastSeconds = 0;
  offsetSeconds = 0;

  constructor(header: RecordingHeader) {
    this.#zones = new Set(header.zones.map((zone) => zone.id));
  }

  begin(offsetSeconds: number): void {
    this.offsetSeconds = offsetSeconds;
    this.#lastSeconds = 0;
  }

  check(line: ReadingLine): string | null {
    if (!(line.t >= 0) || line.t === Number.POSITIVE_INFINITY)
      return '"t" is missing or no time from the start';
    if (line.t < this.#lastSeconds) return `time runs backwards: ${line.t} s after ${this.#lastSeconds} s`;
    if (!this.#zones.has(line.zone)) return unknownZone(line.zone);
    this.#lastSeconds = line.t;
    return null;
  }
}

function unknownZone(zone: number): string {
  return Number.isNaN(zone) ? '"zone" is missing' : `zone ${zone} is not in the header`;
}

class DistanceFiller implements ChunkFiller {
  readonly chunk = distanceChunk(chunkReadings, true);
  readonly #order: LineOrder;

  constructor(header: RecordingHeader) {
    this.#order = new LineOrder(header);
  }

  get full(): boolean {
    return this.chunk.length === chunkReadings;
  }

  begin(offsetSeconds: number): void {
    this.chunk.length = 0;
    this.#order.begin(offsetSeconds);
  }

  check(line: ReadingLine): string | null {
    const fault = this.#order.check(line);
    if (fault !== null) return fault;
    if (!(line.status >= 0 && line.status <= statusMax)) return '"status" is missing or not 0 to 255';
    if (!Number.isFinite(line.mm)) return '"mm" is missing';
    return null;
  }

  push(line: ReadingLine): void {
    const { chunk } = this;
    const at = chunk.length;
    chunk.atSeconds[at] = line.t + this.#order.offsetSeconds;
    chunk.zone[at] = line.zone;
    chunk.distanceMm[at] = line.mm;
    chunk.status[at] = line.status;
    chunk.signalKcps![at] = line.signalKcps;
    chunk.ambientKcps![at] = line.ambientKcps;
    chunk.sigmaMm![at] = line.sigmaMm;
    chunk.spads![at] = line.spads;
    chunk.length = at + 1;
  }
}

class MotionFiller implements ChunkFiller {
  readonly chunk = motionChunk(chunkReadings);
  readonly #order: LineOrder;

  constructor(header: RecordingHeader) {
    this.#order = new LineOrder(header);
  }

  get full(): boolean {
    return this.chunk.length === chunkReadings;
  }

  begin(offsetSeconds: number): void {
    this.chunk.length = 0;
    this.#order.begin(offsetSeconds);
  }

  check(line: ReadingLine): string | null {
    const fault = this.#order.check(line);
    if (fault !== null) return fault;
    return line.active === 0 || line.active === 1 ? null : '"active" is missing';
  }

  push(line: ReadingLine): void {
    const { chunk } = this;
    const at = chunk.length;
    chunk.atSeconds[at] = line.t + this.#order.offsetSeconds;
    chunk.zone[at] = line.zone;
    chunk.active[at] = line.active;
    chunk.length = at + 1;
  }
}

/** The filler for the readings that a recording's header announces. */
export function createChunkFiller(header: RecordingHeader): ChunkFiller {
  return header.sensor === 'pir' ? new MotionFiller(header) : new DistanceFiller(header);
}

import { type DistanceChunk, distanceChunk, type MotionChunk, motionChunk } from '../sensor.ts';
import { LidarFrameParser } from '../tf-luna/lidar-frame-parser.ts';
import { type LidarKind, lidarModels } from '../tf-luna/lidar-model.ts';
import type { ReadingLine } from './reading-line.ts';
import type { RecordingHeader } from './recording-header.ts';

/** Large enough that an iteration's cost vanishes, small enough to stay in a processor's cache. */
const chunkReadings = 2048;

const statusMax = 255;

/** A line of bytes as a serial port hands them over; longer ones are two ports' worth of buffer. */
const serialBytesMax = 4096;
/** So many frames of nine bytes may come out of one line. */
const framesALineMax = Math.ceil(serialBytesMax / 9);

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
  readonly chunk: DistanceChunk;
  readonly #order: LineOrder;

  constructor(header: RecordingHeader, chunk = distanceChunk(chunkReadings, true)) {
    this.chunk = chunk;
    this.#order = new LineOrder(header);
  }

  get full(): boolean {
    return this.chunk.length === chunkReadings;
  }

  begin(offsetSeconds: number): void {
    this.chunk.length = 0;
    this.#order.begin(offsetSeconds);
  }

  checkOrder(line: ReadingLine): string | null {
    return this.#order.check(line);
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

/** Bytes of a serial lidar, through the parser of the driver; lines with distances are taken too. */
class LidarFiller implements ChunkFiller {
  readonly chunk = distanceChunk(chunkReadings + framesALineMax, true);
  readonly #distances: DistanceFiller;
  readonly #kind: LidarKind;
  readonly #parsers = new Map<number, LidarFrameParser>();
  readonly #onlyZone: number;

  constructor(header: RecordingHeader, kind: LidarKind) {
    this.#distances = new DistanceFiller(header, this.chunk);
    this.#kind = kind;
    for (const { id } of header.zones) this.#parsers.set(id, new LidarFrameParser());
    this.#onlyZone = header.zones.length === 1 ? header.zones[0]!.id : Number.NaN;
  }

  get full(): boolean {
    return this.chunk.length >= chunkReadings;
  }

  begin(offsetSeconds: number): void {
    this.#distances.begin(offsetSeconds);
    for (const parser of this.#parsers.values()) parser.reset();
  }

  check(line: ReadingLine): string | null {
    if (line.bytes === '') return this.#distances.check(line);
    if (Number.isNaN(line.zone)) line.zone = this.#onlyZone;
    if (line.bytes.length > 2 * serialBytesMax) return `"bytes" are more than ${serialBytesMax}`;
    if (!/^(?:[0-9a-fA-F]{2})+$/.test(line.bytes)) return '"bytes" are not pairs of hexadecimal digits';
    return this.#distances.checkOrder(line);
  }

  push(line: ReadingLine): void {
    if (line.bytes === '') {
      this.#distances.push(line);
      return;
    }
    const bytes = Buffer.from(line.bytes, 'hex');
    this.#parsers.get(line.zone)!.push(bytes, (item) => {
      if (item.kind !== 'frame') return;
      const { distanceMm, status } = lidarModels[this.#kind].read(item);
      this.#distances.push({ ...line, mm: distanceMm, status });
    });
  }
}

/** The filler for the readings that a recording's header announces. */
export function createChunkFiller(header: RecordingHeader): ChunkFiller {
  switch (header.sensor) {
    case 'pir':
      return new MotionFiller(header);
    case 'tf-luna':
    case 'tfmini-s':
      return new LidarFiller(header, header.sensor);
    case 'vl53l1x':
    case 'ultrasonic':
      return new DistanceFiller(header);
  }
}

import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProbeChunk, type Sensor, type SensorDescription, SensorError } from '../sensor.ts';
import { CaptureReader } from './capture-reader.ts';
import { ProbeChunkWriter, type ProbeChunkWriterOptions } from './probe-chunk-writer.ts';

/** A week without a frame is a broken clock or a damaged record, and would fill a disk with zeros. */
const silenceSecondsMax = 7 * 86_400;

/** How often a paced capture reports its progress when no frame is due. */
const progressSecondsMax = 0.5;

export interface CaptureSensorConfig extends ProbeChunkWriterOptions {
  readonly file: string;
  /** Speed-up: 1 real pace, 0 as fast as possible. */
  readonly pace: number;
  /** Added to the time at which the recording started. */
  readonly shiftSeconds: number;
}

/**
 * Opens a pcap or pcapng file as a sensor. Times are seconds since the whole second
 * of the first frame. Throws
 * `SensorError`: `file-unreadable`, or `recording-invalid` naming file, frame, byte and cause;
 * the same while reading, where a capture is cut off or damaged.
 */
export async function openCaptureSensor(config: CaptureSensorConfig): Promise<Sensor> {
  let descriptor: number;
  try {
    descriptor = openSync(config.file, 'r');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : String(cause);
    throw new SensorError('file-unreadable', `${config.file}: ${reason}`, { cause });
  }
  const sensor = new CaptureSensor(config, descriptor);
  try {
    sensor.readFirst();
    return sensor;
  } catch (error) {
    await sensor.close();
    throw error;
  }
}

class CaptureSensor implements Sensor {
  readonly #config: CaptureSensorConfig;
  readonly #reader = new CaptureReader();
  readonly #writer: ProbeChunkWriter;
  #descriptor: number;
  #ended = false;
  #originSeconds = 0;
  #lastSeconds = 0;

  constructor(config: CaptureSensorConfig, descriptor: number) {
    this.#config = config;
    this.#writer = new ProbeChunkWriter(config);
    this.#descriptor = descriptor;
  }

  get description(): SensorDescription {
    const startedAtEpochSeconds = this.#originSeconds + this.#config.shiftSeconds;
    return {
      kind: 'wifi-probe',
      timeline: { kind: 'recorded', startedAtEpochSeconds },
      zones: [],
      geometry: 'ceiling',
      simulated: false,
    };
  }

  /** Reads up to the first frame, whose time is the recording's start. */
  readFirst(): void {
    if (!this.#step()) throw this.#invalid('holds no frame');
    // Whole seconds keep the sum of start and time exact to the microsecond of the capture.
    this.#originSeconds = Math.floor(this.#reader.frame.atSeconds);
  }

  async *chunks(signal: AbortSignal): AsyncGenerator<ProbeChunk> {
    try {
      if (this.#config.pace > 0) yield* this.#paced(signal);
      else yield* this.#unpaced(signal);
    } finally {
      this.#writer.clear();
      this.#reader.wipe();
    }
  }

  async close(): Promise<void> {
    this.#ended = true;
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  *#unpaced(signal: AbortSignal): Generator<ProbeChunk> {
    const writer = this.#writer;
    do {
      writer.add(this.#reader, this.#frameSeconds());
      if (!writer.full) continue;
      yield this.#finish(this.#lastSeconds);
      writer.clear();
    } while (!signal.aborted && this.#step());
    if (!signal.aborted) yield this.#finish(this.#lastSeconds);
  }

  async *#paced(signal: AbortSignal): AsyncGenerator<ProbeChunk> {
    const writer = this.#writer;
    const pace = this.#config.pace;
    const beganMs = performance.now();
    let due = this.#frameSeconds();
    for (let more = true; more && !signal.aborted; ) {
      const nowSeconds = ((performance.now() - beganMs) / 1000) * pace;
      while (more && due <= nowSeconds && !writer.full) {
        writer.add(this.#reader, due);
        more = this.#step();
        if (more) due = this.#frameSeconds();
      }
      yield this.#finish(more ? Math.min(nowSeconds, due) : this.#lastSeconds);
      writer.clear();
      const waitSeconds = Math.min(progressSecondsMax, (due - nowSeconds) / pace);
      if (more && waitSeconds > 0) await sleep(waitSeconds * 1000, undefined, { signal }).catch(() => {});
    }
  }

  #finish(progressSeconds: number): ProbeChunk {
    const chunk = this.#writer.chunk;
    chunk.progressSeconds = Math.max(chunk.progressSeconds, progressSeconds);
    return chunk;
  }

  /** Time of the current frame. Sniffers without a clock step back at times: order is kept. */
  #frameSeconds(): number {
    const atSeconds = Math.max(this.#lastSeconds, this.#reader.frame.atSeconds - this.#originSeconds);
    if (atSeconds - this.#lastSeconds > silenceSecondsMax) throw this.#invalid('its time jumps ahead by weeks');
    this.#lastSeconds = atSeconds;
    return atSeconds;
  }

  /** Moves to the next frame; false at the end of the file. */
  #step(): boolean {
    const reader = this.#reader;
    for (;;) {
      const step = reader.next();
      if (step === 'frame') return true;
      if (step === 'damaged') throw this.#invalid(reader.fault);
      if (this.#ended) return false;
      const at = reader.fillFrom();
      const bytes = readSync(this.#descriptor, reader.buffer, at, reader.buffer.length - at, null);
      if (bytes === 0) {
        this.#ended = true;
        if (reader.pendingBytes > 0) throw this.#invalid('the file is cut off within a record');
        return false;
      }
      reader.filled(bytes);
    }
  }

  #invalid(cause: string): SensorError {
    const { file } = this.#config;
    const { frames, byteOffset } = this.#reader;
    return new SensorError(
      'recording-invalid',
      `${file}: frame ${frames + 1} at byte ${byteOffset}: ${cause}`,
    );
  }
}

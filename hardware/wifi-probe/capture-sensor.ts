import { closeSync, openSync, readSync } from 'node:fs';
import { type Clock, monotonicClock } from '../clock.ts';
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
  readonly shiftSeconds?: number;
  /** `live` lays the capture onto the machine's clock, as though somebody listened now. */
  readonly timeline?: 'recorded' | 'live';
  /** Begin again at the end; on a live time line only. */
  readonly loop?: boolean;
  readonly simulated?: boolean;
}

/**
 * Opens a pcap or pcapng file as a sensor. Times are seconds since the whole second of the first
 * frame. Throws `SensorError`: `file-unreadable`, or `recording-invalid` naming file, frame, byte
 * and cause; the same while reading, where a capture is cut off or damaged, after the frames
 * before the damage were handed over.
 */
export async function openCaptureSensor(
  config: CaptureSensorConfig,
  clock: Clock = monotonicClock,
): Promise<Sensor> {
  const source = new CaptureFile(config.file);
  try {
    if (!source.step()) throw source.fault ?? source.invalid('holds no frame');
    return new CaptureSensor(config, source, clock);
  } catch (error) {
    source.close();
    throw error;
  }
}

/** An open capture and its current frame. */
class CaptureFile {
  readonly reader = new CaptureReader();
  /** Set where the capture cannot be read to its end. */
  fault: SensorError | null = null;
  readonly #file: string;
  #descriptor: number;

  constructor(file: string) {
    this.#file = file;
    try {
      this.#descriptor = openSync(file, 'r');
    } catch (cause) {
      const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      const reason = missing ? 'no such file' : (cause as Error).message;
      throw new SensorError('file-unreadable', `${file}: ${reason}`, { cause });
    }
  }

  /** Moves to the next frame; false at the end of the file, or where `fault` stops it. */
  step(): boolean {
    const reader = this.reader;
    for (;;) {
      const step = reader.next();
      if (step === 'frame') return true;
      if (step === 'damaged') this.fault = this.invalid(reader.fault);
      if (step === 'damaged' || this.#descriptor < 0) return false;
      if (this.#fill() > 0) continue;
      if (reader.pendingBytes > 0) this.fault = this.invalid('the file is cut off within a record');
      return false;
    }
  }

  invalid(cause: string): SensorError {
    const { frames, byteOffset } = this.reader;
    const place = `${this.#file}: frame ${frames + 1} at byte ${byteOffset}`;
    return new SensorError('recording-invalid', `${place}: ${cause}`);
  }

  close(): void {
    this.reader.wipe();
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  #fill(): number {
    const { reader } = this;
    const at = reader.fillFrom();
    try {
      const bytes = readSync(this.#descriptor, reader.buffer, at, reader.buffer.length - at, null);
      reader.filled(bytes);
      return bytes;
    } catch (cause) {
      throw new SensorError('file-unreadable', `${this.#file}: ${(cause as Error).message}`, { cause });
    }
  }
}

class CaptureSensor implements Sensor {
  readonly description: SensorDescription;
  readonly #config: CaptureSensorConfig;
  readonly #clock: Clock;
  readonly #writer: ProbeChunkWriter;
  readonly #originSeconds: number;
  #source: CaptureFile;
  #offsetSeconds = 0;
  #lastSeconds = 0;
  #closed = false;

  constructor(config: CaptureSensorConfig, source: CaptureFile, clock: Clock) {
    this.#config = config;
    this.#source = source;
    this.#clock = clock;
    this.#writer = new ProbeChunkWriter(config);
    // Whole seconds keep the sum of start and time exact to the microsecond of the capture.
    this.#originSeconds = Math.floor(source.reader.frame.atSeconds);
    const startedAtEpochSeconds = this.#originSeconds + (config.shiftSeconds ?? 0);
    this.description = {
      kind: 'wifi-probe',
      timeline: config.timeline === 'live' ? { kind: 'live' } : { kind: 'recorded', startedAtEpochSeconds },
      zones: [],
      geometry: 'ceiling',
      simulated: config.simulated ?? false,
    };
  }

  async *chunks(signal: AbortSignal): AsyncGenerator<ProbeChunk> {
    try {
      for (;;) {
        this.#offsetSeconds = this.#config.timeline === 'live' ? this.#clock.nowSeconds() : 0;
        this.#lastSeconds = this.#offsetSeconds;
        yield* this.#config.pace > 0 ? this.#paced(signal) : this.#unpaced(signal);
        if (this.#source.fault !== null && !this.#closed) throw this.#source.fault;
        if (!this.#config.loop || signal.aborted || this.#closed) return;
        this.#source.close();
        this.#source = new CaptureFile(this.#config.file);
        this.#source.step();
      }
    } finally {
      this.#writer.clear();
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#source.close();
  }

  *#unpaced(signal: AbortSignal): Generator<ProbeChunk> {
    const writer = this.#writer;
    for (let more = this.#accept(); more && !this.#closed; more = this.#next()) {
      writer.atSeconds = this.#lastSeconds;
      writer.add(this.#source.reader);
      if (!writer.full) continue;
      yield this.#finish(this.#lastSeconds);
      writer.clear();
      if (signal.aborted) return;
    }
    yield this.#finish(this.#lastSeconds);
    writer.clear();
  }

  async *#paced(signal: AbortSignal): AsyncGenerator<ProbeChunk> {
    const { pace } = this.#config;
    const writer = this.#writer;
    const beganSeconds = this.#clock.nowSeconds();
    let more = this.#accept();
    while (more && !signal.aborted && !this.#closed) {
      const nowSeconds = this.#offsetSeconds + (this.#clock.nowSeconds() - beganSeconds) * pace;
      let heardSeconds = Math.min(nowSeconds, this.#lastSeconds);
      while (more && this.#lastSeconds <= nowSeconds && !writer.full) {
        heardSeconds = this.#lastSeconds;
        writer.atSeconds = heardSeconds;
        writer.add(this.#source.reader);
        more = this.#next();
      }
      if (more && !writer.full)
        heardSeconds = Math.max(heardSeconds, Math.min(nowSeconds, this.#lastSeconds));
      yield this.#finish(heardSeconds);
      writer.clear();
      const waitSeconds = Math.min(progressSecondsMax, (this.#lastSeconds - nowSeconds) / pace);
      if (more && waitSeconds > 0) await this.#clock.sleep(waitSeconds, signal);
    }
  }

  #finish(progressSeconds: number): ProbeChunk {
    const chunk = this.#writer.chunk;
    chunk.progressSeconds = Math.max(chunk.progressSeconds, progressSeconds);
    return chunk;
  }

  /** Goes to the next frame whose time is believed; false where there is none. */
  #next(): boolean {
    return this.#source.step() && this.#accept();
  }

  /** Takes the current frame's time. Sniffers without a clock step back at times: order is kept. */
  #accept(): boolean {
    const source = this.#source;
    const atSeconds = source.reader.frame.atSeconds - this.#originSeconds + this.#offsetSeconds;
    if (!(atSeconds - this.#lastSeconds <= silenceSecondsMax)) {
      source.fault = source.invalid('its time jumps ahead by more than a week');
      return false;
    }
    this.#lastSeconds = Math.max(this.#lastSeconds, atSeconds);
    return true;
  }
}

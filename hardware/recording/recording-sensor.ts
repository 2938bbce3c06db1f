import { open } from 'node:fs/promises';
import { type Clock, monotonicClock } from '../clock.ts';
import { type ReadingChunk, type Sensor, type SensorDescription, SensorError } from '../sensor.ts';
import { isCapture } from '../wifi-probe/capture-reader.ts';
import { openCaptureSensor } from '../wifi-probe/capture-sensor.ts';
import { type ChunkFiller, createChunkFiller } from './chunk-filler.ts';
import { lineError, ReadingLineParser } from './reading-line.ts';
import type { RecordingConfig } from './recording-config.ts';
import { parseRecordingHeader, type RecordingHeader } from './recording-header.ts';
import { openRecordingLines, type RecordingLines } from './recording-lines.ts';

/** At a pace, readings due within this time travel together: more wake-ups would cost more than they tell. */
const paceGrainSeconds = 0.02;

/** How the play of a recording relates to the machine's clock. */
interface Play {
  /** Recorded seconds a second; 0 is as fast as possible. */
  readonly pace: number;
  /** Machine time of the recording's t = 0. */
  readonly beganAtSeconds: number;
  /** Added to every `t`: 0 on a recorded time line, `beganAtSeconds` on a live one. */
  readonly offsetSeconds: number;
}

/** Plays an NDJSON recording. See `openRecordingSensor`. */
class RecordingSensor implements Sensor {
  readonly description: SensorDescription;
  readonly #config: RecordingConfig;
  readonly #clock: Clock;
  readonly #parser = new ReadingLineParser();
  readonly #filler: ChunkFiller;
  readonly #stop = new AbortController();
  #lines: RecordingLines;

  constructor(options: {
    config: RecordingConfig;
    header: RecordingHeader;
    lines: RecordingLines;
    clock: Clock;
  }) {
    this.#config = options.config;
    this.#lines = options.lines;
    this.#clock = options.clock;
    this.#filler = createChunkFiller(options.header);
    this.description = describeRecording(options.header, options.config);
  }

  async *chunks(signal: AbortSignal): AsyncIterable<ReadingChunk> {
    const stopped = AbortSignal.any([signal, this.#stop.signal]);
    const live = this.#config.timeline === 'live';
    try {
      do {
        const beganAtSeconds = this.#clock.nowSeconds();
        const offsetSeconds = live ? beganAtSeconds : 0;
        yield* this.#play({ pace: this.#config.pace ?? 1, beganAtSeconds, offsetSeconds }, stopped);
        if (!this.#config.loop || stopped.aborted) return;
        await this.#lines.close();
        this.#lines = await openRecordingLines(this.#config.file);
        await readHeader(this.#lines);
      } while (!stopped.aborted);
    } finally {
      await this.#lines.close();
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#lines.close();
  }

  async *#play(play: Play, signal: AbortSignal): AsyncIterable<ReadingChunk> {
    const lines = this.#lines;
    const filler = this.#filler;
    filler.begin(play.offsetSeconds);
    for (;;) {
      if (signal.aborted) return;
      if (!lines.step()) {
        if (await lines.fill()) continue;
        if (filler.chunk.length > 0) yield filler.chunk;
        return;
      }
      const fault = this.#parse(lines);
      if (fault === 'blank') continue;
      if (fault !== null) {
        if (filler.chunk.length > 0) yield filler.chunk;
        throw lineError(lines.file, lines.lineNumber, fault);
      }
      const waitSeconds = play.pace === 0 ? 0 : this.#waitSeconds(play);
      if (waitSeconds > 0 || filler.full) {
        if (filler.chunk.length > 0) yield filler.chunk;
        filler.chunk.length = 0;
        if (waitSeconds > 0) await this.#clock.sleep(Math.max(waitSeconds, paceGrainSeconds), signal);
        if (signal.aborted) return;
      }
      filler.push(this.#parser.line);
    }
  }

  #waitSeconds(play: Play): number {
    const dueSeconds = play.beganAtSeconds + this.#parser.line.t / play.pace;
    return dueSeconds - this.#clock.nowSeconds();
  }

  /** The cause why the current line is no reading, `blank` for an empty last line, or null. */
  #parse(lines: RecordingLines): string | null {
    if (lines.end === lines.start && !lines.complete) return 'blank';
    const fault = this.#parser.parse(lines.buffer, lines.start, lines.end);
    if (fault !== null)
      return lines.complete || fault !== 'not JSON' ? fault : `the file is cut short (${fault})`;
    return this.#filler.check(this.#parser.line);
  }
}

function describeRecording(header: RecordingHeader, config: RecordingConfig): SensorDescription {
  const startedAtEpochSeconds = Date.parse(header.startedAt) / 1000 + (config.shiftSeconds ?? 0);
  return {
    kind: header.sensor,
    timeline: config.timeline === 'live' ? { kind: 'live' } : { kind: 'recorded', startedAtEpochSeconds },
    zones: header.zones,
    geometry: header.geometry ?? 'ceiling',
    ...(header.mountingHeightMm === undefined ? {} : { mountingHeightMm: header.mountingHeightMm }),
    simulated: config.simulated ?? header.simulated ?? false,
  };
}

async function readHeader(lines: RecordingLines): Promise<RecordingHeader> {
  while (!lines.step()) {
    if (!(await lines.fill())) throw lineError(lines.file, 1, 'the file is empty');
  }
  return parseRecordingHeader(lines.buffer.toString('utf8', lines.start, lines.end), lines.file);
}

async function fileIsCapture(file: string): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    const magic = new Uint8Array(4);
    const { bytesRead } = await handle.read(magic, 0, magic.length, 0);
    return isCapture(magic.subarray(0, bytesRead));
  } catch {
    // A folder or a failing card: opening it as a recording says what is wrong.
    return false;
  } finally {
    await handle.close();
  }
}

function checkConfig(config: RecordingConfig): void {
  const pace = config.pace ?? 1;
  if (config.timeline === 'live' && pace !== 1) {
    throw new SensorError('unsupported', `${config.file}: a live time line has a pace of 1, not ${pace}`);
  }
  if (config.loop && config.timeline !== 'live') {
    throw new SensorError('unsupported', `${config.file}: only a live time line can loop`);
  }
}

/**
 * Opens a recording as a sensor: NDJSON of distances, motion or serial bytes, or a capture of probe
 * requests, told apart by their first bytes. Reads the header only. Throws `SensorError`
 * `file-unreadable`, `recording-invalid` naming file, line and cause, or `unsupported`; the iteration
 * of `chunks` throws `recording-invalid` at the first line that is no reading of this recording,
 * after the readings before it were handed over.
 */
export async function openRecordingSensor(
  config: RecordingConfig,
  clock: Clock = monotonicClock,
): Promise<Sensor> {
  checkConfig(config);
  if (await fileIsCapture(config.file)) {
    return openCaptureSensor({ ...config, pace: config.pace ?? 1, mode: config.wifiMode ?? 'rate' }, clock);
  }
  const lines = await openRecordingLines(config.file);
  try {
    return new RecordingSensor({ config, header: await readHeader(lines), lines, clock });
  } catch (error) {
    await lines.close();
    throw error;
  }
}

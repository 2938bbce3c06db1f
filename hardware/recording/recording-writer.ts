import { existsSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type ReadingChunk, SensorError } from '../sensor.ts';
import { finishTornRecording } from './finish-torn-recording.ts';
import { nameFinishedRecording, unfinishedSuffix } from './name-finished-recording.ts';
import { type RecordingHeader, recordingVersion } from './recording-header.ts';

/** Lines gather up to this size before they are written: an SD card likes few and large writes. */
const bufferCharactersMax = 64 * 1024;

/**
 * Writes readings as an NDJSON recording, under a name with `unfinishedSuffix` until `close` gives it
 * its own: what has the name of a recording is a whole one. What a killed program leaves is made whole
 * by `finishTornRecording`.
 */
export interface RecordingWriter {
  /** Bytes and readings so far. */
  readonly bytes: number;
  readonly readings: number;
  /** Appends a chunk; its times are kept relative to `startSeconds`. Throws where the disk is full. */
  write(chunk: ReadingChunk): Promise<void>;
  /** Puts on disk what waits in memory. */
  sync(): Promise<void>;
  /** Writes what is left and gives the file its name. Throws where that fails; the unfinished file stays. */
  close(): Promise<void>;
}

export interface RecordingWriterOptions {
  readonly file: string;
  readonly header: Omit<RecordingHeader, 'format' | 'version'>;
  /** The sensor's time that becomes t = 0. */
  readonly startSeconds: number;
}

class NdjsonRecordingWriter implements RecordingWriter {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #startSeconds: number;
  #text = '';
  #writtenBytes: number;
  #isClosed = false;
  /** A write was begun and not finished: half a line may stand at the end. */
  #isTorn = false;
  readings = 0;

  constructor(file: string, handle: FileHandle, start: { readonly seconds: number; readonly bytes: number }) {
    this.#file = file;
    this.#handle = handle;
    this.#startSeconds = start.seconds;
    this.#writtenBytes = start.bytes;
  }

  get bytes(): number {
    return this.#writtenBytes + this.#text.length;
  }

  async write(chunk: ReadingChunk): Promise<void> {
    if (chunk.kind === 'probe') throw new SensorError('unsupported', 'probe requests are recorded as pcap');
    for (let at = 0; at < chunk.length; at += 1) {
      const seconds = round(chunk.atSeconds[at]! - this.#startSeconds, 1e6);
      const start = `{"t":${seconds},"zone":${chunk.zone[at]},`;
      this.#text +=
        chunk.kind === 'motion'
          ? `${start}"active":${chunk.active[at] === 1}}\n`
          : `${start}"mm":${round(chunk.distanceMm[at]!, 1e3)},"status":${chunk.status[at]}${signal(chunk, at)}}\n`;
      this.readings += 1;
      if (this.#text.length >= bufferCharactersMax) await this.sync();
    }
  }

  async sync(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text === '') return;
    this.#isTorn = true;
    await this.#handle.appendFile(text);
    this.#isTorn = false;
    this.#writtenBytes += text.length;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.sync();
      await this.#handle.datasync();
    } finally {
      await this.#handle.close();
    }
    if (this.#isTorn) await finishTornRecording(this.#file + unfinishedSuffix);
    else await nameFinishedRecording(this.#file);
  }
}

const signalFields = ['signalKcps', 'ambientKcps', 'sigmaMm', 'spads'] as const;

function signal(chunk: Extract<ReadingChunk, { kind: 'distance' }>, at: number): string {
  let text = '';
  for (const field of signalFields) {
    const value = chunk[field]?.[at];
    if (value !== undefined && !Number.isNaN(value)) text += `,"${field}":${round(value, 1e3)}`;
  }
  return text;
}

function round(value: number, perUnit: number): number {
  return Math.round(value * perUnit) / perUnit;
}

/** Begins a recording; an existing file is never overwritten. Throws `SensorError` `file-unreadable`. */
export async function openRecordingWriter(options: RecordingWriterOptions): Promise<RecordingWriter> {
  const { file, header, startSeconds } = options;
  if (existsSync(file)) throw new SensorError('file-unreadable', `${file}: exists already`);
  const handle = await open(file + unfinishedSuffix, 'ax').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'EEXIST' ? 'is being written, or was left unfinished' : cause.message;
    throw new SensorError('file-unreadable', `${file}${unfinishedSuffix}: ${reason}`, { cause });
  });
  const firstLine = `${JSON.stringify({ format: 'passant-recording', version: recordingVersion, ...header })}\n`;
  await handle.appendFile(firstLine);
  return new NdjsonRecordingWriter(file, handle, { seconds: startSeconds, bytes: firstLine.length });
}

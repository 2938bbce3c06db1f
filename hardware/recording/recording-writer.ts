import { type FileHandle, open } from 'node:fs/promises';
import { type ReadingChunk, SensorError } from '../sensor.ts';
import { type RecordingHeader, recordingVersion } from './recording-header.ts';

/** Lines gather up to this size before they are written: an SD card likes few and large writes. */
const bufferCharactersMax = 64 * 1024;

/** Writes readings as an NDJSON recording. `close` writes what is left. */
export interface RecordingWriter {
  /** Appends a chunk; its times are kept relative to `startSeconds`. Throws where the disk is full. */
  write(chunk: ReadingChunk): Promise<void>;
  close(): Promise<void>;
}

export interface RecordingWriterOptions {
  readonly file: string;
  readonly header: Omit<RecordingHeader, 'format' | 'version'>;
  /** The sensor's time that becomes t = 0. */
  readonly startSeconds: number;
}

class NdjsonRecordingWriter implements RecordingWriter {
  readonly #handle: FileHandle;
  readonly #startSeconds: number;
  #text = '';

  constructor(handle: FileHandle, startSeconds: number) {
    this.#handle = handle;
    this.#startSeconds = startSeconds;
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
      if (this.#text.length >= bufferCharactersMax) await this.#flush();
    }
  }

  async close(): Promise<void> {
    try {
      await this.#flush();
      await this.#handle.datasync();
    } finally {
      await this.#handle.close();
    }
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text !== '') await this.#handle.appendFile(text);
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
  const handle = await open(file, 'ax').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'EEXIST' ? 'exists already' : cause.message;
    throw new SensorError('file-unreadable', `${file}: ${reason}`, { cause });
  });
  const firstLine = { format: 'passant-recording', version: recordingVersion, ...header };
  await handle.appendFile(`${JSON.stringify(firstLine)}\n`);
  return new NdjsonRecordingWriter(handle, startSeconds);
}

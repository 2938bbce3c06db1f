import { type FileHandle, open } from 'node:fs/promises';
import { SensorError } from '../sensor.ts';
import { lineError } from './reading-line.ts';

/** A reading line is under 200 bytes; a header with four zones under 1 KiB. A longer line is damage. */
const lineBytesMax = 64 * 1024;
const bufferBytes = 256 * 1024;

/** The lines of a file one after another, as positions in one reused buffer. */
export class RecordingLines {
  readonly file: string;
  readonly buffer = Buffer.allocUnsafe(bufferBytes);
  /** Number of the line at `[start, end)`, from 1. */
  lineNumber = 0;
  start = 0;
  end = 0;
  readonly #handle: FileHandle;
  #next = 0;
  #filled = 0;
  #atEnd = false;
  #closed = false;

  constructor(file: string, handle: FileHandle) {
    this.file = file;
    this.#handle = handle;
  }

  /** Whether the current line ended in a line break; a file cut short mostly ends without one. */
  get complete(): boolean {
    return this.end < this.#filled;
  }

  /** Steps to the next line that lies in the buffer; false when `fill` has to be called first. */
  step(): boolean {
    if (this.#next >= this.#filled) return false;
    const lineBreak = this.buffer.indexOf(0x0a, this.#next);
    // Beyond what is filled lie remains of earlier fills.
    if (lineBreak >= 0 && lineBreak < this.#filled) {
      this.#take(lineBreak, lineBreak + 1);
      return true;
    }
    if (!this.#atEnd) return false;
    this.#take(this.#filled, this.#filled);
    return true;
  }

  #take(end: number, next: number): void {
    this.start = this.#next;
    this.end = end;
    this.#next = next;
    this.lineNumber += 1;
  }

  /** Reads on; false when the file has ended and every line was stepped over. */
  async fill(): Promise<boolean> {
    if (this.#atEnd) return this.#next < this.#filled;
    this.buffer.copyWithin(0, this.#next, this.#filled);
    this.#filled -= this.#next;
    this.#next = 0;
    if (this.#filled > lineBytesMax) {
      throw lineError(this.file, this.lineNumber + 1, `longer than ${lineBytesMax} bytes`);
    }
    const { bytesRead } = await this.#handle.read(this.buffer, this.#filled, bufferBytes - this.#filled);
    this.#filled += bytesRead;
    this.#atEnd = bytesRead === 0;
    return true;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}

/** Opens a file for reading line by line. Throws `SensorError` `file-unreadable`. */
export async function openRecordingLines(file: string): Promise<RecordingLines> {
  try {
    const handle = await open(file, 'r');
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw new SensorError('file-unreadable', `${file}: is a directory`);
    }
    return new RecordingLines(file, handle);
  } catch (cause) {
    if (cause instanceof SensorError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'no such file' : (cause as Error).message;
    throw new SensorError('file-unreadable', `${file}: ${reason}`, { cause });
  }
}

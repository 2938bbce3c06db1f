import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Seal } from '../store/seal-store.ts';

const closed = { additionalProperties: false } as const;
const Nullable = Type.Union([Type.Integer(), Type.Null()]);

/** One line of the file: the seal, and the book of the database it was taken by. */
const SealLine = Type.Object(
  {
    book: Type.String(),
    line: Type.String(),
    fromMs: Type.Integer(),
    toMs: Type.Integer(),
    in: Nullable,
    out: Nullable,
    coverageTenths: Type.Integer({ minimum: 0, maximum: 10 }),
    epsilon: Type.Number(),
    sealedMs: Type.Integer(),
  },
  closed,
);
const validLine = Compile(SealLine);

const newline = 0x0a;
/** Seals that are laid beside the database at a time. */
const sliceSeals = 2_000;

/**
 * The append-only second record of every seal, outside the reach of database backups: a restored
 * database takes up from it what it has forgotten, so that nothing is ever drawn twice. One JSON
 * object a line, written through to the disk before the database commits and while it still keeps others from sealing.
 */
export class SealFile {
  readonly #path: string;
  readonly #book: string;

  constructor(path: string, book: string) {
    this.#path = path;
    this.#book = book;
  }

  exists(): boolean {
    return existsSync(this.#path);
  }

  /** Begins the file where there is none. */
  begin(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    closeSync(openSync(this.#path, 'a', 0o600));
  }

  /** Appends and waits for the disk; throws where either fails. */
  append(seals: readonly Seal[]): void {
    const file = openSync(this.#path, 'a+', 0o600);
    try {
      // What a power cut left unfinished was never committed.
      const { size } = fstatSync(file);
      if (size > 0 && lastByte(file, size) !== newline) ftruncateSync(file, wholeLines(readFileSync(file)));
      const lines = seals.map(({ late: _, ...seal }) => `${JSON.stringify({ book: this.#book, ...seal })}\n`);
      const bytes = Buffer.from(lines.join(''));
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** How many seals of this database's book the file holds. */
  count(): number {
    const text = this.#text();
    const head = `{"book":"${this.#book}"`;
    let count = 0;
    for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, at + head.length)) count += 1;
    return count;
  }

  /**
   * Seals of this database's book, the newest first: of two for the same cell the later one stands, since
   * the one before was never committed. `damaged` lines are no seals.
   */
  *newestFirst(): Generator<{ seals: Seal[]; damaged: number }> {
    const text = this.#text();
    let slice = { seals: [] as Seal[], damaged: 0 };
    for (let end = text.length; end > 0; ) {
      const start = text.lastIndexOf(newline, end - 2) + 1;
      const line = parsed(text.toString('utf8', start, end));
      end = start;
      if (line === null) slice.damaged += 1;
      else if (line.book === this.#book) {
        const { book: _, ...seal } = line;
        slice.seals.push({ ...seal, late: false });
      }
      if (slice.seals.length < sliceSeals) continue;
      yield slice;
      slice = { seals: [], damaged: 0 };
    }
    yield slice;
  }

  #text(): Buffer {
    const text = readFileSync(this.#path);
    return text.subarray(0, wholeLines(text));
  }
}

function lastByte(file: number, size: number): number {
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, size - 1);
  return byte[0]!;
}

/** Where the last whole line ends. */
function wholeLines(text: Buffer): number {
  return text.lastIndexOf(newline) + 1;
}

function parsed(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return validLine.Check(value) ? value : null;
  } catch {
    return null;
  }
}

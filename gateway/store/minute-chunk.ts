import type { Minute } from './minute.ts';

/**
 * Minutes of one sensor as a byte string: column after column, each as differences in numbers of
 * varying length (LEB128, zigzag for signs). A live minute is 20 bytes of which 8 are its hash; the
 * day of a compacted sensor has no hashes and is deflated by the caller.
 */
export interface KeptMinute extends Minute {
  readonly epochKey: number;
  readonly circumstanceKey: number;
  /** Null in compacted days. */
  readonly hash: bigint | null;
}

const chunkVersion = 1;
const withHashes = 1;

/** Ascending by start: columns of differences are then small. */
export function encodeChunk(minutes: readonly KeptMinute[], hashes: boolean): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(chunkVersion);
  writer.byte(hashes ? withHashes : 0);
  writer.whole(minutes.length);
  writer.whole(minutes[0]?.values.length ?? 0);
  for (const column of steadyColumns) writer.column(minutes.map(column));
  for (const column of levelColumns) writer.differences(minutes.map(column));
  for (let position = 0; position < (minutes[0]?.values.length ?? 0); position += 1) {
    for (const minute of minutes) writer.signed(minute.values[position]!);
  }
  const texts = [...new Set(minutes.map(({ extra }) => extra))];
  writer.whole(texts.length);
  for (const text of texts) writer.text(text);
  for (const { extra } of minutes) writer.whole(texts.indexOf(extra));
  if (hashes) for (const { hash } of minutes) writer.hash(hash!);
  return writer.bytes();
}

/** Throws where the bytes are not a chunk: the database is damaged. */
export function decodeChunk(bytes: Uint8Array): KeptMinute[] {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== chunkVersion) throw new Error(`minutes in a format of the future (${version})`);
  const hashes = reader.byte() === withHashes;
  const length = reader.whole();
  const valueColumns = reader.whole();
  const [sequences, starts] = [reader.column(length), reader.column(length)];
  const [epochs, circumstances, durations, coverages, flags] = [
    reader.differences(length),
    reader.differences(length),
    reader.differences(length),
    reader.differences(length),
    reader.differences(length),
  ];
  const values = Array.from({ length: valueColumns }, () => Array.from({ length }, () => reader.signed()));
  const texts = Array.from({ length: reader.whole() }, () => reader.text());
  const extras = Array.from({ length }, () => texts[reader.whole()] ?? '');
  return Array.from({ length }, (_, index) => ({
    sequence: sequences[index]!,
    startMs: starts[index]!,
    epochKey: epochs[index]!,
    circumstanceKey: circumstances[index]!,
    durationMs: durations[index]!,
    coverageMs: coverages[index]!,
    flags: flags[index]!,
    values: values.map((column) => column[index]!),
    extra: extras[index]!,
    hash: hashes ? reader.hash() : null,
  }));
}

/** Columns that grow by the same step from minute to minute. */
const steadyColumns = [({ sequence }: KeptMinute) => sequence, ({ startMs }: KeptMinute) => startMs] as const;
/** Columns that stay where they are for long. */
const levelColumns = [
  ({ epochKey }: KeptMinute) => epochKey,
  ({ circumstanceKey }: KeptMinute) => circumstanceKey,
  ({ durationMs }: KeptMinute) => durationMs,
  ({ coverageMs }: KeptMinute) => coverageMs,
  ({ flags }: KeptMinute) => flags,
] as const;

class ByteWriter {
  #buffer = Buffer.allocUnsafe(4_096);
  #length = 0;

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** LEB128 by division: shifts end at 32 bits, and milliseconds since 1970 have 41. */
  whole(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
  }

  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  differences(values: readonly number[]): void {
    let last = 0;
    for (const value of values) {
      this.signed(value - last);
      last = value;
    }
  }

  /** Differences of differences. */
  column(values: readonly number[]): void {
    let last = 0;
    let step = 0;
    for (const value of values) {
      this.signed(value - last - step);
      step = value - last;
      last = value;
    }
  }

  text(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.whole(bytes.length);
    this.#reserve(bytes.length);
    bytes.copy(this.#buffer, this.#length);
    this.#length += bytes.length;
  }

  hash(hash: bigint): void {
    this.#reserve(8);
    this.#buffer.writeBigInt64LE(hash, this.#length);
    this.#length += 8;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#buffer.length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

class ByteReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    if (this.#position >= this.#bytes.length) throw new Error('minutes that end too early');
    return this.#bytes[this.#position++]!;
  }

  whole(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  differences(length: number): number[] {
    let last = 0;
    return Array.from({ length }, () => {
      last += this.signed();
      return last;
    });
  }

  column(length: number): number[] {
    let last = 0;
    let step = 0;
    return Array.from({ length }, () => {
      step += this.signed();
      last += step;
      return last;
    });
  }

  text(): string {
    const length = this.whole();
    const text = this.#bytes.toString('utf8', this.#position, this.#position + length);
    this.#position += length;
    return text;
  }

  hash(): bigint {
    const hash = this.#bytes.readBigInt64LE(this.#position);
    this.#position += 8;
    return hash;
  }
}

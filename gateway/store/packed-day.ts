import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Minute } from './minute.ts';
import { decodeChunk, encodeChunk } from './minute-chunk.ts';

/** A minute with what it shares with thousands of others written out. */
export interface DayMinute extends Minute {
  readonly epoch: string;
  readonly engine: string;
  readonly profile: string;
  readonly clock: string;
  readonly mode: string;
}

/** Of the texts that repeat, which each minute names by number. */
interface Texts {
  readonly epochs: readonly string[];
  readonly circumstances: readonly string[];
}

/**
 * The minutes of one sensor and UTC day as one deflated byte string that needs nothing beside it: the
 * length of a JSON of the texts that repeat, that JSON, and a chunk without hashes (minute-chunk.ts).
 */
export function packDay(minutes: readonly DayMinute[]): Uint8Array {
  const epochs = [...new Set(minutes.map(({ epoch }) => epoch))];
  const circumstances = [...new Set(minutes.map(circumstanceOf))];
  const sorted = minutes.toSorted(
    (left, right) => left.startMs - right.startMs || left.sequence - right.sequence,
  );
  const chunk = encodeChunk(
    sorted.map((minute) => ({
      ...minute,
      hash: null,
      epochKey: epochs.indexOf(minute.epoch),
      circumstanceKey: circumstances.indexOf(circumstanceOf(minute)),
    })),
    false,
  );
  const texts = Buffer.from(JSON.stringify({ epochs, circumstances } satisfies Texts));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(texts.length);
  return deflateRawSync(Buffer.concat([length, texts, chunk]), { level: 9 });
}

/** Throws where the bytes are not a packed day: the database is damaged. */
export function unpackDay(body: Uint8Array): DayMinute[] {
  const bytes = inflateRawSync(body);
  const end = 4 + bytes.readUInt32LE(0);
  const { epochs, circumstances } = JSON.parse(bytes.toString('utf8', 4, end)) as Texts;
  return decodeChunk(bytes.subarray(end)).map(({ epochKey, circumstanceKey, hash: _, ...minute }) => {
    const [engine, profile, clock, mode] = JSON.parse(circumstances[circumstanceKey]!) as Circumstance;
    return { ...minute, epoch: epochs[epochKey]!, engine, profile, clock, mode };
  });
}

type Circumstance = [string, string, string, string];

function circumstanceOf({ engine, profile, clock, mode }: DayMinute): string {
  return JSON.stringify([engine, profile, clock, mode] satisfies Circumstance);
}

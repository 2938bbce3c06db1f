import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { finishTornRecording } from '../../hardware/recording/finish-torn-recording.ts';
import { unfinishedSuffix } from '../../hardware/recording/name-finished-recording.ts';
import { openRecordingWriter, type RecordingWriter } from '../../hardware/recording/recording-writer.ts';
import type { ReadingChunk, SensorDescription } from '../../hardware/sensor.ts';
import type { RecordedSite } from './recorded-site.ts';

/** What is in memory goes to the card so often: a killed program loses so much and no more. */
const syncSeconds = 2;
/** A recording that nobody has written to for this long was broken off. */
const abandonedSeconds = 10;

export interface LiveRecording {
  readonly file: string;
  readonly startedAt: string;
  readonly startSeconds: number;
  readonly bytes: number;
  readonly readings: number;
  take(chunk: ReadingChunk): Promise<void>;
  close(): Promise<void>;
}

export interface RecordingPlan {
  readonly folder: string;
  /** What the file's name begins with, for example `walk-test-door`. */
  readonly name: string;
  readonly description: SensorDescription;
  readonly site: RecordedSite;
  /** Sensor's time that becomes t = 0, and what the calendar says then. */
  readonly startSeconds: number;
  readonly startedAt: Date;
}

/** Begins the recording of a sensor that is open. Throws `SensorError`. */
export async function beginLiveRecording(plan: RecordingPlan): Promise<LiveRecording> {
  const { folder, name, description, site, startSeconds } = plan;
  mkdirSync(folder, { recursive: true });
  const startedAt = `${plan.startedAt.toISOString().slice(0, 19)}Z`;
  const file = join(folder, freeName(folder, `${name}-${startedAt.replaceAll(':', '')}`));
  const { kind } = description;
  if (kind === 'wifi-probe') throw new RangeError('probe requests are never recorded: they carry addresses');
  const writer = await openRecordingWriter({
    file,
    header: {
      sensor: kind,
      startedAt,
      zones: [...site.zones],
      geometry: site.geometry,
      simulated: description.simulated,
      ...(site.mountingHeightMm === null ? {} : { mountingHeightMm: site.mountingHeightMm }),
    },
    startSeconds,
  });
  return new SyncedRecording(writer, { file, startedAt, startSeconds });
}

function freeName(folder: string, name: string): string {
  const taken = (candidate: string) =>
    existsSync(join(folder, candidate)) || existsSync(join(folder, candidate + unfinishedSuffix));
  if (!taken(`${name}.ndjson`)) return `${name}.ndjson`;
  let number = 2;
  while (taken(`${name}-${number}.ndjson`)) number += 1;
  return `${name}-${number}.ndjson`;
}

class SyncedRecording implements LiveRecording {
  readonly file: string;
  readonly startedAt: string;
  readonly startSeconds: number;
  readonly #writer: RecordingWriter;
  #syncedSeconds: number;

  constructor(writer: RecordingWriter, place: { file: string; startedAt: string; startSeconds: number }) {
    this.#writer = writer;
    this.file = place.file;
    this.startedAt = place.startedAt;
    this.startSeconds = place.startSeconds;
    this.#syncedSeconds = place.startSeconds;
  }

  get bytes(): number {
    return this.#writer.bytes;
  }

  get readings(): number {
    return this.#writer.readings;
  }

  async take(chunk: ReadingChunk): Promise<void> {
    await this.#writer.write(chunk);
    const now = chunk.atSeconds[chunk.length - 1] ?? this.#syncedSeconds;
    if (now - this.#syncedSeconds < syncSeconds) return;
    this.#syncedSeconds = now;
    await this.#writer.sync();
  }

  /** On a full card the last line is cut off, and the rest is a whole recording. */
  async close(): Promise<void> {
    try {
      await this.#writer.close();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await finishTornRecording(this.file + unfinishedSuffix);
    }
  }
}

export const isDiskFull = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC';

/** Makes whole what programs that were killed left in a folder; returns the names. */
export async function finishAbandoned(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const finished: string[] = [];
  for (const entry of readdirSync(folder)) {
    if (!entry.endsWith(`.ndjson${unfinishedSuffix}`)) continue;
    const file = join(folder, entry);
    if (Date.now() - statSync(file).mtimeMs < abandonedSeconds * 1000) continue;
    const name = await finishTornRecording(file);
    if (name !== null) finished.push(name);
  }
  return finished;
}

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { decodeChunk, encodeChunk, type KeptMinute } from '../minute-chunk.ts';
import { hourMs } from '../roll-ups.ts';

const dayMs = 86_400_000;
/** Keys are `sensor_key * 2^24 + cell`; 2^24 hours are 1,900 years. */
const cellsPerSensor = 2 ** 24;

/** Reads and writes the minutes of sensors; the caller holds the transaction. */
export class SqliteMinutes {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** Minutes that have a row of their own for their hour. */
  readHour(sensorKey: number, hourStartMs: number): KeptMinute[] {
    const body = this.#statements.hour.get(hourKey(sensorKey, hourStartMs));
    return body === undefined ? [] : decodeChunk(body);
  }

  writeHour(sensorKey: number, hourStartMs: number, minutes: KeptMinute[]): void {
    minutes.sort(byStart);
    this.#statements.putHour.run(hourKey(sensorKey, hourStartMs), encodeChunk(minutes, true));
  }

  /** Minutes of the compacted UTC day in which a moment lies. */
  readDay(sensorKey: number, atMs: number): KeptMinute[] {
    const body = this.#statements.day.get(dayKey(sensorKey, atMs));
    return body === undefined ? [] : decodeChunk(inflateRawSync(body));
  }

  /** All minutes that start in a range, ascending, whether compacted or not. */
  read(sensorKey: number, fromMs: number, toMs: number): KeptMinute[] {
    const { days, hours } = this.#statements;
    const bodies = [
      ...days.all(dayKey(sensorKey, fromMs), dayKey(sensorKey, toMs - 1)).map((body) => inflateRawSync(body)),
      ...hours.all(hourKey(sensorKey, fromMs), hourKey(sensorKey, toMs - 1)),
    ];
    return bodies
      .flatMap(decodeChunk)
      .filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
      .sort(byStart);
  }

  /** The first hour of a sensor that is not compacted and starts before `beforeMs`, or null. */
  oldestHour(sensorKey: number, beforeMs: number): number | null {
    const key = this.#statements.oldest.get(hourKey(sensorKey, 0), hourKey(sensorKey, beforeMs) - 1);
    return key === undefined || key === null ? null : (key % cellsPerSensor) * hourMs;
  }

  /** Moves one UTC day of a sensor into one deflated row without hashes; returns how many minutes. */
  compactDay(sensorKey: number, atMs: number): number {
    const fromMs = atMs - (atMs % dayMs);
    const minutes = this.read(sensorKey, fromMs, fromMs + dayMs);
    const packed = deflateRawSync(encodeChunk(minutes, false), { level: 9 });
    this.#statements.putDay.run(dayKey(sensorKey, fromMs), packed);
    this.#statements.dropHours.run(hourKey(sensorKey, fromMs), hourKey(sensorKey, fromMs + dayMs) - 1);
    return minutes.length;
  }

  /** Deletes whole UTC days that end at or before `beforeMs`; returns how many rows. */
  deleteBefore(sensorKey: number, beforeMs: number): number {
    const untilMs = beforeMs - (beforeMs % dayMs);
    const { dropHours, dropDays } = this.#statements;
    const hours = dropHours.run(hourKey(sensorKey, 0), hourKey(sensorKey, untilMs) - 1);
    const days = dropDays.run(dayKey(sensorKey, 0), dayKey(sensorKey, untilMs) - 1);
    return hours.changes + days.changes;
  }
}

function byStart(left: KeptMinute, right: KeptMinute): number {
  return left.startMs - right.startMs || left.sequence - right.sequence;
}

function hourKey(sensorKey: number, atMs: number): number {
  return sensorKey * cellsPerSensor + Math.floor(atMs / hourMs);
}

function dayKey(sensorKey: number, atMs: number): number {
  return sensorKey * cellsPerSensor + Math.floor(atMs / dayMs);
}

function prepareStatements(database: Database.Database) {
  const between = 'WHERE chunk_key BETWEEN ? AND ?';
  type Range = [number, number];
  const bodyOf = (table: string) =>
    database.prepare<[number], Buffer>(`SELECT body FROM ${table} WHERE chunk_key = ?`).pluck();
  const bodiesOf = (table: string) =>
    database.prepare<Range, Buffer>(`SELECT body FROM ${table} ${between} ORDER BY chunk_key`).pluck();
  const put = (table: string) =>
    database.prepare<[number, Uint8Array]>(`INSERT OR REPLACE INTO ${table} (chunk_key, body) VALUES (?, ?)`);
  return {
    hour: bodyOf('hours_of_minutes'),
    day: bodyOf('days_of_minutes'),
    hours: bodiesOf('hours_of_minutes'),
    days: bodiesOf('days_of_minutes'),
    putHour: put('hours_of_minutes'),
    putDay: put('days_of_minutes'),
    dropHours: database.prepare<Range>(`DELETE FROM hours_of_minutes ${between}`),
    dropDays: database.prepare<Range>(`DELETE FROM days_of_minutes ${between}`),
    oldest: database
      .prepare<Range, number | null>(`SELECT min(chunk_key) FROM hours_of_minutes ${between}`)
      .pluck(),
  };
}

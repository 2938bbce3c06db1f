import type Database from 'better-sqlite3';
import type { AdmittedBatch, AdmittedInterval, CommitOutcome } from '../count-store.ts';
import { countOverlaps, markOverlaps } from '../mark-overlaps.ts';
import { isSameMinute, minuteOf } from '../minute.ts';
import type { KeptMinute } from '../minute-chunk.ts';
import { hourMs, quartersOf } from '../roll-ups.ts';
import { type FoundRow, settleBatch, type Twin } from '../settle-batch.ts';
import type { SqliteAccounts } from './sqlite-accounts.ts';
import { deviceRecorder } from './sqlite-directory.ts';
import type { SqliteMinutes } from './sqlite-minutes.ts';
import type { SqliteOrigins } from './sqlite-origins.ts';
import type { SqliteQuarantine } from './sqlite-quarantine.ts';
import type { SqliteRollUps } from './sqlite-roll-ups.ts';
import type { SqliteSeals } from './sqlite-seals.ts';
import type { SqliteSensors } from './sqlite-sensors.ts';

export interface BatchWriterParts {
  readonly database: Database.Database;
  readonly accounts: SqliteAccounts;
  readonly quarantine: SqliteQuarantine;
  readonly sensors: SqliteSensors;
  readonly minutes: SqliteMinutes;
  readonly origins: SqliteOrigins;
  readonly rollUps: SqliteRollUps;
  readonly seals: SqliteSeals;
}

/** Writes one batch; the caller holds the transaction. */
export class SqliteBatchWriter {
  readonly #parts: BatchWriterParts;
  readonly #recordDevice: ReturnType<typeof deviceRecorder>;
  readonly #deletedBefore: Database.Statement<[], number>;

  constructor(parts: BatchWriterParts) {
    this.#parts = parts;
    this.#recordDevice = deviceRecorder(parts.database);
    this.#deletedBefore = parts.database
      .prepare<[], number>(`SELECT before_ms FROM deleted WHERE level = 'minutes'`)
      .pluck();
  }

  write(batch: AdmittedBatch): CommitOutcome {
    const { accounts } = this.#parts;
    this.#recordDevice({ device: batch.device, status: null, atMs: batch.receivedAtMs });
    const before = accounts.open(batch.device, batch.epoch, batch.receivedAtMs);
    const deletedBeforeMs = this.#deletedBefore.get() ?? 0;
    const places = new BatchPlacesInMinutes(this.#parts, batch.device, before.key);
    const settled = settleBatch(batch, before.account, {
      find: (admitted) => places.find(admitted),
      twin: (admitted) => places.twin(admitted),
      isDeleted: (startMs) => startMs < deletedBeforeMs,
    });
    let overlapping = 0;
    for (const sensor of bySensor(settled.stored)) {
      overlapping += this.#store(batch, before.key, { sensor, places });
    }
    for (const { interval } of settled.reused) this.#setAside(batch, interval);
    accounts.save(before, settled.outcome.account);
    return { ...settled.outcome, overlapping };
  }

  /** Returns how many share their time with others. */
  #store(
    batch: AdmittedBatch,
    epochKey: number,
    { sensor, places }: { sensor: readonly AdmittedInterval[]; places: BatchPlacesInMinutes },
  ): number {
    const { sensors, minutes, origins, rollUps, seals } = this.#parts;
    const { interval: first } = sensor[0]!;
    const sensorKey = sensors.open(batch.device, first.sensor, first.kind);
    const kept = sensor.map(
      ({ interval, hash }): KeptMinute => ({
        ...minuteOf(interval),
        epochKey,
        hash,
        circumstanceKey: sensors.circumstanceKey(interval),
      }),
    );
    const marked: KeptMinute[] = [];
    for (const [hourStartMs, added] of byHour(kept)) {
      const present = places.hour(sensorKey, hourStartMs);
      const others = [...present, ...places.packedDay(sensorKey, hourStartMs)];
      const anew = markOverlaps(added, others);
      minutes.writeHour(sensorKey, hourStartMs, [...present, ...anew]);
      marked.push(...anew);
    }
    for (const { interval } of sensor) origins.note(sensorKey, epochKey, interval);
    rollUps.add(sensorKey, first.kind, { minutes: marked, atMs: batch.receivedAtMs });
    if (first.kind === 'crossing') seals.touch(sensorKey, quartersOf(kept), batch.receivedAtMs);
    return countOverlaps(marked);
  }

  #setAside(batch: AdmittedBatch, interval: AdmittedInterval['interval']): void {
    this.#parts.quarantine.add({
      receivedAtMs: batch.receivedAtMs,
      device: batch.device,
      reason: 'sequence-reused',
      detail: `sequence ${interval.sequence}`,
      payload: Buffer.from(JSON.stringify(interval)),
    });
  }
}

/** Rows at the places of one batch's intervals; each hour is read once. */
class BatchPlacesInMinutes {
  readonly #parts: BatchWriterParts;
  readonly #device: string;
  readonly #epochKey: number;
  readonly #hours = new Map<string, readonly KeptMinute[]>();
  readonly #days = new Map<string, readonly KeptMinute[]>();

  constructor(parts: BatchWriterParts, device: string, epochKey: number) {
    this.#parts = parts;
    this.#device = device;
    this.#epochKey = epochKey;
  }

  hour(sensorKey: number, hourStartMs: number): readonly KeptMinute[] {
    return remembered(this.#hours, `${sensorKey}/${hourStartMs}`, () =>
      this.#parts.minutes.readHour(sensorKey, hourStartMs),
    );
  }

  find({ interval }: AdmittedInterval): FoundRow {
    const sensorKey = this.#parts.sensors.find(this.#device, interval.sensor, interval.kind);
    if (sensorKey === null) return null;
    const startMs = Date.parse(interval.start);
    const isIt = (row: KeptMinute) => row.sequence === interval.sequence && row.epochKey === this.#epochKey;
    const row = this.hour(sensorKey, startMs - (startMs % hourMs)).find(isIt);
    if (row) return row.hash;
    return this.packedDay(sensorKey, startMs).some(isIt) ? 'packed' : null;
  }

  twin({ interval, hash }: AdmittedInterval): Twin {
    const { sensors, origins } = this.#parts;
    const sensorKey = sensors.find(this.#device, interval.sensor, interval.kind);
    if (sensorKey === null) return null;
    const minute = minuteOf(interval);
    const young = this.hour(sensorKey, minute.startMs - (minute.startMs % hourMs));
    if (young.some((row) => row.hash === hash)) return 'another';
    if (this.packedDay(sensorKey, minute.startMs).some((row) => isSameMinute(row, minute))) return 'another';
    const key = origins.find(sensorKey, interval);
    if (key === null) return null;
    return key.epochKey === this.#epochKey && key.sequence === interval.sequence ? 'own' : 'another';
  }

  packedDay(sensorKey: number, startMs: number): readonly KeptMinute[] {
    const day = Math.floor(startMs / (24 * hourMs));
    return remembered(this.#days, `${sensorKey}/${day}`, () =>
      this.#parts.minutes.readDay(sensorKey, startMs),
    );
  }
}

function remembered<T>(known: Map<string, T>, name: string, read: () => T): T {
  let value = known.get(name);
  if (value === undefined) {
    value = read();
    known.set(name, value);
  }
  return value;
}

/** The intervals of each sensor; a slot that changes its kind is another sensor. */
function bySensor(intervals: readonly AdmittedInterval[]): AdmittedInterval[][] {
  const sensors = Map.groupBy(intervals, ({ interval }) => `${interval.sensor}/${interval.kind}`);
  return [...sensors.values()];
}

function byHour(minutes: readonly KeptMinute[]): Map<number, KeptMinute[]> {
  return Map.groupBy(minutes, ({ startMs }) => startMs - (startMs % hourMs));
}

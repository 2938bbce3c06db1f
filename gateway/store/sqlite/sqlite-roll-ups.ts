import type Database from 'better-sqlite3';
import type { LineKind } from '../../contract/http-api.ts';
import { type Minute, type Sums, summedNames } from '../minute.ts';
import { LocalDays, receivedDayMs, rollUp } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import type { SqliteBlocks } from './sqlite-blocks.ts';
import type { SqliteSensors } from './sqlite-sensors.ts';

const sumNames = [...summedNames, 'flags'] as const;

/** Adds minutes to quarters, hours and local days; the caller holds the transaction. */
export class SqliteRollUps {
  readonly #sensors: SqliteSensors;
  readonly #blocks: SqliteBlocks;
  readonly #days = new Map<string, LocalDays>();
  readonly #add: Record<'quarters' | 'hours' | 'days', Database.Statement<unknown[]>>;

  constructor(database: Database.Database, parts: { sensors: SqliteSensors; blocks: SqliteBlocks }) {
    this.#sensors = parts.sensors;
    this.#blocks = parts.blocks;
    this.#add = {
      quarters: prepareAdd(database, 'quarters', ['sensor_key', 'start_ms']),
      hours: prepareAdd(database, 'hours', ['sensor_key', 'start_ms', 'received_day']),
      days: prepareAdd(database, 'days', ['sensor_key', 'start_ms']),
    };
  }

  add(sensorKey: number, kind: LineKind, received: { minutes: readonly Minute[]; atMs: number }): void {
    const parts = rollUp(received.minutes, kind, this.#daysOf(sensorKey));
    const receivedDay = Math.floor(received.atMs / receivedDayMs);
    for (const [startMs, sums] of parts.quarters) {
      this.#add.quarters.run(sensorKey, startMs, ...sumNames.map((name) => sums[name]));
    }
    for (const [startMs, sums] of parts.hours) {
      this.#add.hours.run(sensorKey, startMs, receivedDay, ...sumNames.map((name) => sums[name]));
    }
    for (const [startMs, sums] of parts.days) this.addToDay(sensorKey, startMs, sums);
    this.#blocks.drop('hours', sensorKey, parts.hours.keys());
    this.#blocks.drop('days', sensorKey, parts.days.keys());
  }

  /** Adds to one day; the caller says of its block that it no longer holds. */

  addToDay(sensorKey: number, startMs: number, sums: Sums): void {
    this.#add.days.run(sensorKey, startMs, ...sumNames.map((name) => sums[name]));
  }

  #daysOf(sensorKey: number): LocalDays {
    const timeZone = this.#sensors.zoneOf(sensorKey);
    let days = this.#days.get(timeZone);
    if (days === undefined) {
      days = new LocalDays(timeZone);
      this.#days.set(timeZone, days);
    }
    return days;
  }
}

function prepareAdd(database: Database.Database, table: string, keys: readonly string[]) {
  const columns = [...keys, ...sumNames.map((name) => columnOf[name])];
  return database.prepare<unknown[]>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (${keys.join(', ')}) DO UPDATE SET
     ${summedNames.map((name) => `${columnOf[name]} = ${columnOf[name]} + excluded.${columnOf[name]}`).join(', ')},
     flags = flags | excluded.flags`,
  );
}

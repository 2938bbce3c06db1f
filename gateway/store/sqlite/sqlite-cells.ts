import type Database from 'better-sqlite3';
import type { LineKind } from '../../contract/http-api.ts';
import { cellSums, inHours, type Level, levelOf, namesOfKind } from '../cell-levels.ts';
import type { CellQuery, CellSums } from '../count-store.ts';
import { addMinute, addSums, noSums, type Sums } from '../minute.ts';
import { quarterMs, receivedDayMs, sumsAt } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import type { SqliteMinutes } from './sqlite-minutes.ts';
import type { SqliteSensors } from './sqlite-sensors.ts';

/** Reads sums of one sensor from the coarsest level that has them. */
export class SqliteCells {
  readonly #database: Database.Database;
  readonly #sensors: SqliteSensors;
  readonly #minutes: SqliteMinutes;
  readonly #statements = new Map<string, Database.Statement<number[], number[]>>();

  constructor(parts: { database: Database.Database; sensors: SqliteSensors; minutes: SqliteMinutes }) {
    this.#database = parts.database;
    this.#sensors = parts.sensors;
    this.#minutes = parts.minutes;
  }

  read(query: CellQuery): CellSums[] {
    const key = this.#sensors.find(query.device, query.sensor, query.kind);
    if (key === null) return [];
    const level = levelOf(query, this.#sensors.zoneOf(key));
    const cells = level === 'minutes' ? this.#fromMinutes(key, query) : this.#fromLevel(key, level, query);
    return [...cells].map(([startMs, sums]) => cellSums(startMs, sums));
  }

  #fromLevel(key: number, level: Level, query: CellQuery): Map<number, Sums> {
    const names = namesOfKind[query.kind];
    const asOfDay = query.asOfMs === undefined ? null : Math.floor(query.asOfMs / receivedDayMs);
    const statement = this.#statement(level, query.kind, asOfDay !== null);
    const range = [key, query.fromMs, query.toMs];
    const cells = new Map<number, Sums>();
    for (const row of statement.iterate(...range, ...(asOfDay === null ? [] : [asOfDay]))) {
      const sums = noSums();
      for (let index = 0; index < names.length; index += 1) sums[names[index]!] = row[index + 1]!;
      // Deltas of the same hour follow each other.
      const known = cells.get(row[0]!);
      if (known) addSums(known, sums);
      else cells.set(row[0]!, sums);
    }
    return level === 'quarters' && query.cellSeconds === 3600 ? inHours(cells) : cells;
  }

  #fromMinutes(key: number, query: CellQuery): Map<number, Sums> {
    // Quarters fit into the days of every zone.
    const cellMs = query.cellSeconds === 86_400 ? quarterMs : query.cellSeconds * 1000;
    const cells = new Map<number, Sums>();
    for (const minute of this.#minutes.read(key, query.fromMs, query.toMs)) {
      addMinute(sumsAt(cells, minute.startMs - (minute.startMs % cellMs)), query.kind, minute);
    }
    return cells;
  }

  #statement(level: Level, kind: LineKind, asOf: boolean): Database.Statement<number[], number[]> {
    const name = `${level}/${kind}/${asOf}`;
    let statement = this.#statements.get(name);
    if (statement === undefined) {
      statement = this.#database
        .prepare<number[], number[]>(
          `SELECT start_ms, ${namesOfKind[kind].map((sum) => columnOf[sum]).join(', ')} FROM ${level}
           WHERE sensor_key = ? AND start_ms >= ? AND start_ms < ? ${asOf ? 'AND received_day <= ?' : ''}
           ORDER BY start_ms`,
        )
        .raw();
      this.#statements.set(name, statement);
    }
    return statement;
  }
}

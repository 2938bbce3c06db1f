import type Database from 'better-sqlite3';
import type { LineKind } from '../../contract/http-api.ts';
import { cellSums, inHours, type Level, levelOf, namesOfKind } from '../cell-levels.ts';
import type { CellQuery, CellSums } from '../count-store.ts';
import { addMinute, noSums, type Sums } from '../minute.ts';
import { LocalDays, quarterMs, receivedDayMs, sumsAt } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import type { SqliteMinutes } from './sqlite-minutes.ts';
import type { SqliteSensors } from './sqlite-sensors.ts';

/** Reads sums of one sensor from the coarsest level that has them. */
export class SqliteCells {
  readonly #database: Database.Database;
  readonly #sensors: SqliteSensors;
  readonly #minutes: SqliteMinutes;
  readonly #days = new Map<string, LocalDays>();
  readonly #statements = new Map<string, Database.Statement<number[], number[]>>();

  constructor(parts: { database: Database.Database; sensors: SqliteSensors; minutes: SqliteMinutes }) {
    this.#database = parts.database;
    this.#sensors = parts.sensors;
    this.#minutes = parts.minutes;
  }

  read(query: CellQuery): CellSums[] {
    const key = this.#sensors.find(query.device, query.sensor, query.kind);
    if (key === null) return [];
    const level = levelOf(query, this.#daysOf(this.#sensors.zoneOf(key)));
    if (level !== 'minutes' && !(level === 'quarters' && query.cellSeconds === 3600)) {
      return this.#fromLevel(key, level, query);
    }
    const cells =
      level === 'minutes' ? this.#fromMinutes(key, query) : inHours(this.#fromLevel(key, level, query));
    return [...cells].map(([startMs, sums]) => cellSums(startMs, sums));
  }

  #daysOf(timeZone: string): LocalDays {
    let days = this.#days.get(timeZone);
    if (days === undefined) {
      days = new LocalDays(timeZone);
      this.#days.set(timeZone, days);
    }
    return days;
  }

  #fromLevel(key: number, level: Level, query: CellQuery): CellSums[] {
    const asOfDay = query.asOfMs === undefined ? null : Math.floor(query.asOfMs / receivedDayMs);
    const statement = this.#statement(level, query.kind, asOfDay !== null);
    const range = [key, query.fromMs, query.toMs];
    const cells: CellSums[] = [];
    for (const row of statement.all(...range, ...(asOfDay === null ? [] : [asOfDay]))) {
      const cell = cellOfRow(query.kind, row);
      const last = cells.at(-1);
      // Deltas of the same hour follow each other.
      if (last?.startMs === cell.startMs) cells[cells.length - 1] = joined(last, cell);
      else cells.push(cell);
    }
    return cells;
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

/** A row in the order of `namesOfKind`, after its start. */
function cellOfRow(kind: LineKind, row: readonly number[]): CellSums {
  const [startMs, measured, durationMs, coverageMs, flags, first, second, third, fourth] = row as Row;
  const cell = { ...noCell, startMs, measured, flags };
  cell.durationSeconds = durationMs / 1000;
  cell.coverageSeconds = coverageMs / 1000;
  switch (kind) {
    case 'crossing':
      cell.in = first;
      cell.out = second;
      cell.varianceIn = third;
      cell.varianceOut = fourth;
      return cell;
    case 'motion':
      cell.activations = first;
      cell.activeSeconds = second / 1000;
      cell.orderedIn = third;
      cell.orderedOut = fourth;
      return cell;
    case 'presence':
      cell.frames = first;
      cell.indicator = second;
      cell.variance = third;
      return cell;
  }
}

type Row = [number, number, number, number, number, number, number, number, number];
const noCell = cellSums(0, noSums());

/** Two deltas of one cell. */
function joined(left: CellSums, right: CellSums): CellSums {
  const sum = { ...left } as Record<keyof CellSums, number>;
  for (const name of Object.keys(left) as (keyof CellSums)[]) {
    if (name === 'flags') sum.flags |= right.flags;
    else if (name !== 'startMs') sum[name] += right[name];
  }
  return sum;
}

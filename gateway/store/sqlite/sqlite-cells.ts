import type Database from 'better-sqlite3';
import type { LineKind } from '../../contract/http-api.ts';
import { isBlockLevel, unpackBlock } from '../cell-blocks.ts';
import { cellSums, inHours, type Level, levelOf, namesOfKind } from '../cell-levels.ts';
import type { CellQuery, CellSums } from '../count-store.ts';
import { addMinute, type Sums } from '../minute.ts';
import { LocalDays, quarterMs, receivedDayMs, sumsAt } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import type { OpenBlock, SqliteBlocks } from './sqlite-blocks.ts';
import type { SqliteMinutes } from './sqlite-minutes.ts';
import type { SqliteSensors } from './sqlite-sensors.ts';

/** Reads sums of one sensor from the coarsest level that has them. */
export class SqliteCells {
  readonly #database: Database.Database;
  readonly #sensors: SqliteSensors;
  readonly #minutes: SqliteMinutes;
  readonly #blocks: SqliteBlocks;
  readonly #days = new Map<string, LocalDays>();
  readonly #statements = new Map<string, Database.Statement<number[], number[]>>();

  constructor(parts: {
    database: Database.Database;
    sensors: SqliteSensors;
    minutes: SqliteMinutes;
    blocks: SqliteBlocks;
  }) {
    this.#database = parts.database;
    this.#blocks = parts.blocks;
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
    const cells: CellSums[] = [];
    if (query.asOfMs !== undefined || !isBlockLevel(level)) {
      this.#addRows(cells, { key, level, ...query });
      return cells;
    }
    const { kind } = query;
    for (const stretch of this.#blocks.stretches(level, key, query)) {
      if (stretch.body) unpackBlock(cells, stretch, kind);
      else this.#addRows(cells, { key, level, kind, fromMs: stretch.fromMs, toMs: stretch.toMs });
    }
    return cells;
  }

  /** The cells of a block, from its rows. */
  ofBlock({ level, sensorKey, kind, span }: OpenBlock): CellSums[] {
    const cells: CellSums[] = [];
    this.#addRows(cells, { key: sensorKey, level, kind, ...span });
    return cells;
  }

  #addRows(into: CellSums[], rows: RowsQuery): void {
    const { key, level, kind, fromMs, toMs, asOfMs } = rows;
    const asOf = asOfMs === undefined ? [] : [Math.floor(asOfMs / receivedDayMs)];
    const statement = this.#statement(level, kind, asOf.length > 0);
    for (const row of statement.all(key, fromMs, toMs, ...asOf)) {
      const cell = cellOfRow(kind, row);
      const last = into.at(-1);
      // Deltas of the same hour follow each other.
      if (last?.startMs === cell.startMs) into[into.length - 1] = joined(last, cell);
      else into.push(cell);
    }
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

interface RowsQuery {
  readonly key: number;
  readonly level: Level;
  readonly kind: LineKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly asOfMs?: number;
}

/** A row in the order of `namesOfKind`, after its start. */
function cellOfRow(kind: LineKind, row: readonly number[]): CellSums {
  const [startMs, measured, durationMs, coverageMs, flags, first, second, third, fourth] = row as Row;
  const [crossing, motion, presence] = [kind === 'crossing', kind === 'motion', kind === 'presence'];
  // One shape for all kinds: a year has 8,760 of these.
  return {
    startMs,
    measured,
    durationSeconds: durationMs / 1000,
    coverageSeconds: coverageMs / 1000,
    in: crossing ? first : 0,
    out: crossing ? second : 0,
    varianceIn: crossing ? third : 0,
    varianceOut: crossing ? fourth : 0,
    activations: motion ? first : 0,
    activeSeconds: motion ? second / 1000 : 0,
    orderedIn: motion ? third : 0,
    orderedOut: motion ? fourth : 0,
    frames: presence ? first : 0,
    indicator: presence ? second : 0,
    variance: presence ? third : 0,
    flags,
  };
}

type Row = [number, number, number, number, number, number, number, number, number];

/** Two deltas of one cell. */
function joined(left: CellSums, right: CellSums): CellSums {
  const sum = { ...left } as Record<keyof CellSums, number>;
  for (const name of Object.keys(left) as (keyof CellSums)[]) {
    if (name === 'flags') sum.flags |= right.flags;
    else if (name !== 'startMs') sum[name] += right[name];
  }
  return sum;
}

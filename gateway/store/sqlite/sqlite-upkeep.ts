import type Database from 'better-sqlite3';
import { isBlockLevel } from '../cell-blocks.ts';
import { type KeptLevel, keptLevels } from '../count-store.ts';
import { receivedDayMs } from '../roll-ups.ts';
import { type UpkeepPlan, type UpkeepReport, upkeepMsMax } from '../store-upkeep.ts';
import type { SqliteBlocks } from './sqlite-blocks.ts';
import type { SqliteCells } from './sqlite-cells.ts';
import type { SqliteMinutes } from './sqlite-minutes.ts';

/** Compacts and deletes what is old; opens a short transaction for each step. */
export class SqliteUpkeep {
  readonly #database: Database.Database;
  readonly #minutes: SqliteMinutes;
  readonly #cells: SqliteCells;
  readonly #blocks: SqliteBlocks;

  constructor(parts: {
    database: Database.Database;
    minutes: SqliteMinutes;
    cells: SqliteCells;
    blocks: SqliteBlocks;
  }) {
    this.#database = parts.database;
    this.#minutes = parts.minutes;
    this.#cells = parts.cells;
    this.#blocks = parts.blocks;
  }

  run(plan: UpkeepPlan): UpkeepReport {
    const untilMs = performance.now() + upkeepMsMax;
    const deletedRows = this.#delete(plan);
    const { days, finished } = this.#compact(plan, untilMs);
    const packed = this.#packBlocks(plan, untilMs);
    return { compactedDays: days, deletedRows, finished: finished && packed };
  }

  #delete(plan: UpkeepPlan): number {
    let rows = 0;
    for (const level of keptLevels) {
      const days = plan.keepDays[level];
      if (days === null) continue;
      const beforeMs = startOfDay(plan.nowMs) - days * receivedDayMs;
      this.#database.transaction(() => {
        rows += level === 'minutes' ? this.#deleteMinutes(beforeMs) : this.#deleteCells(level, beforeMs);
        if (isBlockLevel(level)) this.#blocks.deleteBefore(level, beforeMs);
        this.#database
          .prepare(
            `INSERT INTO deleted VALUES (?, ?) ON CONFLICT (level) DO UPDATE SET before_ms = max(before_ms, excluded.before_ms)`,
          )
          .run(level, beforeMs);
      })();
    }
    return rows;
  }

  #deleteMinutes(beforeMs: number): number {
    return this.#sensorKeys().reduce((sum, key) => sum + this.#minutes.deleteBefore(key, beforeMs), 0);
  }

  #deleteCells(level: Exclude<KeptLevel, 'minutes'>, beforeMs: number): number {
    if (level === 'hours') this.#database.prepare('DELETE FROM origins WHERE start_ms < ?').run(beforeMs);
    return this.#database.prepare(`DELETE FROM ${level} WHERE start_ms < ?`).run(beforeMs).changes;
  }

  #compact(plan: UpkeepPlan, untilMs: number): { days: number; finished: boolean } {
    const beforeMs = startOfDay(plan.nowMs) - plan.compactAfterDays * receivedDayMs;
    let days = 0;
    for (const sensorKey of this.#sensorKeys()) {
      let hour = this.#minutes.oldestHour(sensorKey, beforeMs);
      while (hour !== null) {
        if (performance.now() > untilMs) return { days, finished: false };
        const atMs = hour;
        this.#database.transaction(() => this.#minutes.compactDay(sensorKey, atMs)).immediate();
        days += 1;
        hour = this.#minutes.oldestHour(sensorKey, beforeMs);
      }
    }
    return { days, finished: true };
  }

  /** True where none is left to be packed. */
  #packBlocks(plan: UpkeepPlan, untilMs: number): boolean {
    const packOne = this.#database.transaction((): boolean => {
      const open = this.#blocks.nextOpen(plan.nowMs);
      if (open) this.#blocks.put(open, this.#cells.ofBlock(open));
      return open !== null;
    });
    while (packOne.immediate()) if (performance.now() > untilMs) return false;
    return true;
  }

  #sensorKeys(): number[] {
    return this.#database.prepare<[], number>('SELECT sensor_key FROM sensors').pluck().all();
  }
}

function startOfDay(atMs: number): number {
  return atMs - (atMs % receivedDayMs);
}

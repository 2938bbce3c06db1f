import type Database from 'better-sqlite3';
import type { LineKind } from '../../contract/http-api.ts';
import type { Span } from '../../values/local-time.ts';
import {
  type BlockLevel,
  blockLevels,
  blockOf,
  blockSpan,
  packBlock,
  type Stretch,
  settledBefore,
  stretchesOf,
} from '../cell-blocks.ts';
import type { CellSums } from '../count-store.ts';

/** A block that has to be packed, and of what. */
export interface OpenBlock {
  readonly level: BlockLevel;
  readonly sensorKey: number;
  readonly kind: LineKind;
  readonly span: Span;
}

/** Packed copies of roll-up rows (cell-blocks.ts); whoever writes rows holds the transaction. */
export class SqliteBlocks {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** Says that cells were added to: their blocks no longer hold. */
  drop(level: BlockLevel, sensorKey: number, startsMs: Iterable<number>): void {
    const blocks = new Set<number>();
    for (const startMs of startsMs) blocks.add(blockOf(level, startMs));
    for (const block of blocks) this.#statements.open.run(sensorKey, level, block);
  }

  /** Says that any cell of a sensor may have changed. */
  dropAll(level: BlockLevel, sensorKey: number): void {
    this.#statements.openAll.run(sensorKey, level);
  }

  /** Follows retention: blocks of deleted cells go, and the one that was cut is opened. */
  deleteBefore(level: BlockLevel, beforeMs: number): void {
    const cut = blockOf(level, beforeMs);
    this.#statements.delete.run(level, cut);
    this.#statements.openOne.run(level, cut);
  }

  stretches(level: BlockLevel, sensorKey: number, range: Span): Stretch[] {
    const [first, last] = [blockOf(level, range.fromMs), blockOf(level, range.toMs - 1)];
    return stretchesOf(range, level, this.#statements.read.all(sensorKey, level, first, last));
  }

  /** The next block that is old enough to be packed, or null. */
  nextOpen(nowMs: number): OpenBlock | null {
    for (const level of blockLevels) {
      const row = this.#statements.next.get(level, settledBefore(level, nowMs));
      if (row) {
        return { level, sensorKey: row.sensor_key, kind: row.kind, span: blockSpan(level, row.block) };
      }
    }
    return null;
  }

  put({ level, sensorKey, kind, span }: OpenBlock, cells: readonly CellSums[]): void {
    this.#statements.pack.run(packBlock(cells, kind), sensorKey, level, blockOf(level, span.fromMs));
  }
}

function prepareStatements(database: Database.Database) {
  const one = 'sensor_key = ? AND level = ? AND block = ?';
  return {
    open: database.prepare<[number, string, number]>(
      `INSERT INTO cell_blocks VALUES (?, ?, ?, NULL)
       ON CONFLICT (sensor_key, level, block) DO UPDATE SET body = NULL WHERE body IS NOT NULL`,
    ),
    openAll: database.prepare<[number, string]>(
      'UPDATE cell_blocks SET body = NULL WHERE sensor_key = ? AND level = ?',
    ),
    openOne: database.prepare<[string, number]>(
      'UPDATE cell_blocks SET body = NULL WHERE level = ? AND block = ?',
    ),
    delete: database.prepare<[string, number]>('DELETE FROM cell_blocks WHERE level = ? AND block < ?'),
    read: database.prepare<[number, string, number, number], { block: number; body: Buffer }>(
      `SELECT block, body FROM cell_blocks
       WHERE sensor_key = ? AND level = ? AND block BETWEEN ? AND ? AND body IS NOT NULL ORDER BY block`,
    ),
    next: database.prepare<[string, number], { sensor_key: number; kind: LineKind; block: number }>(
      `SELECT sensor_key, kind, block FROM cell_blocks JOIN sensors USING (sensor_key)
       WHERE level = ? AND block < ? AND body IS NULL LIMIT 1`,
    ),
    pack: database.prepare<[Uint8Array, number, string, number]>(
      `UPDATE cell_blocks SET body = ? WHERE ${one}`,
    ),
  };
}

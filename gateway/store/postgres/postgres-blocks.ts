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
import type { PostgresDatabase, Queries } from './postgres-database.ts';
import type { SensorKey } from './postgres-packed-days.ts';

/** Packed copies of roll-up rows (cell-blocks.ts). Says that cells were added to: their blocks no longer hold. */
export async function dropBlocks(
  queries: Queries,
  level: BlockLevel,
  cells: { device: string; sensor: string; kind: string; startsMs: readonly number[] },
): Promise<void> {
  const starts = new Set(cells.startsMs.map((startMs) => startOf(level, blockOf(level, startMs))));
  // The row is locked even where it is open already, so that whoever packs it waits for what we add.
  await queries.query(
    `INSERT INTO cell_blocks SELECT $1, $2, $3, $4, unnest($5::bigint[]), NULL
     ON CONFLICT (device, sensor, kind, level, start_ms) DO UPDATE SET body = NULL
     WHERE cell_blocks.body IS NOT NULL`,
    [cells.device, cells.sensor, cells.kind, level, [...starts]],
  );
}

/** Says that any cell of a sensor may have changed. */
export async function dropAllBlocks(
  queries: Queries,
  level: BlockLevel,
  { device, sensor, kind }: { device: string; sensor: string; kind: string },
): Promise<void> {
  await queries.query(
    `UPDATE cell_blocks SET body = NULL WHERE device = $1 AND sensor = $2 AND kind = $3 AND level = $4`,
    [device, sensor, kind, level],
  );
}

/** Follows retention: blocks of deleted cells go, and the one that was cut is opened. */
export async function deleteBlocks(queries: Queries, level: BlockLevel, beforeMs: number): Promise<void> {
  const cutMs = startOf(level, blockOf(level, beforeMs));
  await queries.query('DELETE FROM cell_blocks WHERE level = $1 AND start_ms < $2', [level, cutMs]);
  await queries.query('UPDATE cell_blocks SET body = NULL WHERE level = $1 AND start_ms = $2', [
    level,
    cutMs,
  ]);
}

export async function readStretches(
  queries: Queries,
  level: BlockLevel,
  { device, sensor, kind, fromMs, toMs }: SensorKey & Span,
): Promise<Stretch[]> {
  const [first, last] = [blockOf(level, fromMs), blockOf(level, toMs - 1)];
  const { rows } = await queries.query<{ start_ms: number; body: Buffer }>(
    `SELECT start_ms, body FROM cell_blocks
     WHERE device = $1 AND sensor = $2 AND kind = $3 AND level = $4 AND start_ms BETWEEN $5 AND $6
       AND body IS NOT NULL ORDER BY start_ms`,
    [device, sensor, kind, level, startOf(level, first), startOf(level, last)],
  );
  const blocks = rows.map(({ start_ms, body }) => ({ block: blockOf(level, start_ms), body }));
  return stretchesOf({ fromMs, toMs }, level, blocks);
}

type ReadRows = (queries: Queries, level: BlockLevel, asked: SensorKey & Span) => Promise<CellSums[]>;

/** Packs blocks that are old enough until there is none left, or it is late: then false. */
export async function packBlocks(
  database: PostgresDatabase,
  readRows: ReadRows,
  { nowMs, isLate }: { nowMs: number; isLate: () => boolean },
): Promise<boolean> {
  for (const level of blockLevels) {
    const beforeMs = startOf(level, settledBefore(level, nowMs));
    const packNext = (queries: Queries) => packOne(queries, readRows, { level, beforeMs });
    while (await database.transaction(packNext)) if (isLate()) return false;
  }
  return true;
}

/** False where there was none. */
async function packOne(
  queries: Queries,
  readRows: ReadRows,
  { level, beforeMs }: { level: BlockLevel; beforeMs: number },
): Promise<boolean> {
  const { rows } = await queries.query<{ device: string; sensor: string; kind: LineKind; start_ms: number }>(
    `SELECT device, sensor, kind, start_ms FROM cell_blocks
     WHERE level = $1 AND start_ms < $2 AND body IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [level, beforeMs],
  );
  const [open] = rows;
  if (open === undefined) return false;
  const { device, sensor, kind, start_ms } = open;
  const span = blockSpan(level, blockOf(level, start_ms));
  const cells = await readRows(queries, level, { device, sensor, kind, ...span });
  await queries.query(
    `UPDATE cell_blocks SET body = $6
     WHERE device = $1 AND sensor = $2 AND kind = $3 AND level = $4 AND start_ms = $5`,
    [device, sensor, kind, level, start_ms, Buffer.from(packBlock(cells, kind))],
  );
  return true;
}

function startOf(level: BlockLevel, block: number): number {
  return blockSpan(level, block).fromMs;
}

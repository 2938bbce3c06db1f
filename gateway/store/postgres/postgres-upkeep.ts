import { isBlockLevel } from '../cell-blocks.ts';
import { type KeptLevel, keptLevels } from '../count-store.ts';
import { receivedDayMs } from '../roll-ups.ts';
import { unsettledDaysMax } from '../seal-store.ts';
import { type UpkeepPlan, type UpkeepReport, upkeepMsMax } from '../store-upkeep.ts';
import { deleteBlocks, packBlocks } from './postgres-blocks.ts';
import { readRows } from './postgres-cells.ts';
import type { PostgresDatabase, Queries } from './postgres-database.ts';
import { packOldDays } from './postgres-packed-days.ts';
import { forgetUnsettled } from './postgres-seals.ts';

/** Deletes and packs what is old, each step in a short transaction of its own. */
export async function runPostgresUpkeep(database: PostgresDatabase, plan: UpkeepPlan): Promise<UpkeepReport> {
  const untilMs = performance.now() + upkeepMsMax;
  const isLate = () => performance.now() > untilMs;
  const today = plan.nowMs - (plan.nowMs % receivedDayMs);
  await forgetUnsettled(database, plan.nowMs - unsettledDaysMax * receivedDayMs);
  let deletedRows = 0;
  for (const level of keptLevels) {
    const days = plan.keepDays[level];
    if (days === null) continue;
    const beforeMs = today - days * receivedDayMs;
    deletedRows += await database.transaction((queries) => deleteLevel(queries, level, beforeMs));
  }
  const beforeMs = today - plan.compactAfterDays * receivedDayMs;
  const { days, finished } = await packOldDays(database, { beforeMs, isLate });
  const packed = await packBlocks(database, readRows, { nowMs: plan.nowMs, isLate });
  return { compactedDays: days, deletedRows, finished: finished && packed };
}

/** Returns how many rows. */
async function deleteLevel(queries: Queries, level: KeptLevel, beforeMs: number): Promise<number> {
  const tables = level === 'minutes' ? ['minutes', 'packed_days'] : [level];
  if (level === 'hours') tables.push('origins');
  let deleted = 0;
  for (const table of tables) {
    const { rowCount } = await queries.query(`DELETE FROM ${table} WHERE start_ms < $1`, [beforeMs]);
    if (table !== 'origins') deleted += rowCount ?? 0;
  }
  if (isBlockLevel(level)) await deleteBlocks(queries, level, beforeMs);
  await queries.query(
    `INSERT INTO deleted VALUES ($1, $2)
     ON CONFLICT (level) DO UPDATE SET before_ms = greatest(deleted.before_ms, excluded.before_ms)`,
    [level, beforeMs],
  );
  return deleted;
}

import type Database from 'better-sqlite3';
import { noSums, type Sums, summedNames } from '../minute.ts';
import { hasWholeHours, LocalDays } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import type { SqliteBlocks } from './sqlite-blocks.ts';
import type { SqliteRollUps } from './sqlite-roll-ups.ts';

/**
 * Lays a sensor's days out anew after its site has moved to another zone; the caller holds the
 * transaction. Hours are kept longer than quarters, so they are taken where days begin on whole hours.
 */
export function rebuildDays(
  database: Database.Database,
  sensor: { sensorKey: number; timeZone: string; rollUps: SqliteRollUps; blocks: SqliteBlocks },
): void {
  const { sensorKey, timeZone, rollUps, blocks } = sensor;
  const startsMs = new Set<number>();
  const days = new LocalDays(timeZone);
  const names = [...summedNames, 'flags'] as const;
  const columns = names.map((name) => columnOf[name]).join(', ');
  blocks.dropAll('days', sensorKey);
  database.prepare('DELETE FROM days WHERE sensor_key = ?').run(sensorKey);
  const newest = database
    .prepare<[number], number | null>('SELECT max(start_ms) FROM hours WHERE sensor_key = ?')
    .pluck()
    .get(sensorKey);
  if (newest === undefined || newest === null) return;
  const source = hasWholeHours(days, newest) ? 'hours' : 'quarters';
  const rows = database
    .prepare<[number], number[]>(
      `SELECT start_ms, ${columns} FROM ${source} WHERE sensor_key = ? ORDER BY start_ms`,
    )
    .raw()
    .all(sensorKey);
  for (const [startMs, ...values] of rows) {
    const sums: Sums = noSums();
    for (const [index, name] of names.entries()) sums[name] = values[index]!;
    const dayMs = days.startOf(startMs!);
    rollUps.addToDay(sensorKey, dayMs, sums);
    startsMs.add(dayMs);
  }
  blocks.drop('days', sensorKey, startsMs);
}

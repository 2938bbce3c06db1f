import type { Span } from '../../values/local-time.ts';
import { isBlockLevel, unpackBlock } from '../cell-blocks.ts';
import { cellSums, inHours, type Level, levelOf, namesOfKind } from '../cell-levels.ts';
import type { CellQuery, CellSums } from '../count-store.ts';
import { addMinute, addSums, noSums, type Sums } from '../minute.ts';
import { LocalDays, quarterMs, receivedDayMs, sumsAt } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import { readStretches } from './postgres-blocks.ts';
import type { PostgresDatabase, Queries } from './postgres-database.ts';
import { readMinutes, type SensorKey } from './postgres-packed-days.ts';

/** Reads sums of one sensor from the coarsest level that has them. */
export async function readPostgresCells(database: PostgresDatabase, query: CellQuery): Promise<CellSums[]> {
  const { device, sensor, kind } = query;
  const { rows } = await database.query<{ time_zone: string }>(
    'SELECT time_zone FROM sensors WHERE device = $1 AND sensor = $2 AND kind = $3',
    [device, sensor, kind],
  );
  if (!rows[0]) return [];
  const level = levelOf(query, new LocalDays(rows[0].time_zone));
  // A day that is packed between two statements must be in neither or in one of them.
  if (level === 'minutes') return database.snapshot((queries) => fromMinutes(queries, query));
  const cells = await fromLevel(database, level, query);
  if (level !== 'quarters' || query.cellSeconds !== 3600) return cells;
  return [...inHours(cells)].map(([startMs, cell]) => cellSums(startMs, cell));
}

async function fromLevel(queries: Queries, level: Level, query: CellQuery): Promise<CellSums[]> {
  if (query.asOfMs !== undefined || !isBlockLevel(level)) return readRows(queries, level, query);
  const cells: CellSums[] = [];
  for (const stretch of await readStretches(queries, level, query)) {
    if (stretch.body) unpackBlock(cells, stretch, query.kind);
    else {
      const { fromMs, toMs } = stretch;
      cells.push(...(await readRows(queries, level, { ...query, fromMs, toMs })));
    }
  }
  return cells;
}

/** Cells of one level from its rows. */
export async function readRows(
  queries: Queries,
  level: Level,
  query: SensorKey & Span & { readonly asOfMs?: number },
): Promise<CellSums[]> {
  const names = namesOfKind[query.kind];
  const asOf = query.asOfMs === undefined ? [] : [Math.floor(query.asOfMs / receivedDayMs)];
  const { rows } = await queries.query<Record<string, number>>(
    `SELECT start_ms, ${names.map((name) => columnOf[name]).join(', ')} FROM ${level}
     WHERE device = $1 AND sensor = $2 AND kind = $3 AND start_ms >= $4 AND start_ms < $5
     ${asOf.length > 0 ? 'AND received_day <= $6' : ''} ORDER BY start_ms`,
    [query.device, query.sensor, query.kind, query.fromMs, query.toMs, ...asOf],
  );
  const cells = new Map<number, Sums>();
  for (const row of rows) {
    const sums = noSums();
    for (const name of names) sums[name] = row[columnOf[name]]!;
    const known = cells.get(row['start_ms']!);
    if (known) addSums(known, sums);
    else cells.set(row['start_ms']!, sums);
  }
  return [...cells].map(([startMs, sums]) => cellSums(startMs, sums));
}

async function fromMinutes(queries: Queries, query: CellQuery): Promise<CellSums[]> {
  const cellMs = query.cellSeconds === 86_400 ? quarterMs : query.cellSeconds * 1000;
  const cells = new Map<number, Sums>();
  for (const minute of await readMinutes(queries, query)) {
    addMinute(sumsAt(cells, minute.startMs - (minute.startMs % cellMs)), query.kind, minute);
  }
  return [...cells].map(([startMs, sums]) => cellSums(startMs, sums));
}

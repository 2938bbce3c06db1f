import { cellSums, inHours, type Level, levelOf, namesOfKind } from '../cell-levels.ts';
import type { CellQuery, CellSums } from '../count-store.ts';
import { addMinute, addSums, noSums, type Sums } from '../minute.ts';
import { LocalDays, quarterMs, receivedDayMs, sumsAt } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import type { Queries } from './postgres-database.ts';

/** Reads sums of one sensor from the coarsest level that has them. */
export async function readPostgresCells(queries: Queries, query: CellQuery): Promise<CellSums[]> {
  const { device, sensor, kind } = query;
  const { rows } = await queries.query<{ time_zone: string }>(
    'SELECT time_zone FROM sensors WHERE device = $1 AND sensor = $2 AND kind = $3',
    [device, sensor, kind],
  );
  if (!rows[0]) return [];
  const level = levelOf(query, new LocalDays(rows[0].time_zone));
  const cells =
    level === 'minutes' ? await fromMinutes(queries, query) : await fromLevel(queries, level, query);
  const sums = [...cells].map(([startMs, cell]) => cellSums(startMs, cell));
  if (level !== 'quarters' || query.cellSeconds !== 3600) return sums;
  return [...inHours(sums)].map(([startMs, cell]) => cellSums(startMs, cell));
}

async function fromLevel(queries: Queries, level: Level, query: CellQuery): Promise<Map<number, Sums>> {
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
  return cells;
}

interface MinuteRow {
  start_ms: number;
  duration_ms: number;
  coverage_ms: number;
  flags: number;
  numbers: number[];
}

async function fromMinutes(queries: Queries, query: CellQuery): Promise<Map<number, Sums>> {
  const cellMs = query.cellSeconds === 86_400 ? quarterMs : query.cellSeconds * 1000;
  const { rows } = await queries.query<MinuteRow>(
    `SELECT start_ms, duration_ms, coverage_ms, flags, numbers::float8[] AS numbers FROM minutes
     WHERE device = $1 AND sensor = $2 AND kind = $3 AND start_ms >= $4 AND start_ms < $5
     ORDER BY start_ms, sequence`,
    [query.device, query.sensor, query.kind, query.fromMs, query.toMs],
  );
  const cells = new Map<number, Sums>();
  for (const row of rows) {
    addMinute(sumsAt(cells, row.start_ms - (row.start_ms % cellMs)), query.kind, {
      sequence: 0,
      startMs: row.start_ms,
      durationMs: row.duration_ms,
      coverageMs: row.coverage_ms,
      values: row.numbers,
      flags: row.flags,
      extra: '',
    });
  }
  return cells;
}

import type { LineKind } from '../../contract/http-api.ts';
import type { Span } from '../../values/local-time.ts';
import { type DayMinute, packDay, unpackDay } from '../packed-day.ts';
import { receivedDayMs as dayMs } from '../roll-ups.ts';
import type { PostgresDatabase, Queries } from './postgres-database.ts';

/** A sensor as the tables name it. */
export interface SensorKey {
  readonly device: string;
  readonly sensor: string;
  readonly kind: LineKind;
}

/** A row of `minutes` as packing and reading need it. */
interface MinuteRow {
  readonly start_ms: number;
  readonly epoch: string;
  readonly sequence: number;
  readonly duration_ms: number;
  readonly coverage_ms: number;
  readonly flags: number;
  readonly numbers: number[];
  readonly engine: string;
  readonly profile: string;
  readonly clock: string;
  readonly mode: string;
  readonly extra: string;
}
const minuteColumns = `start_ms, epoch, sequence, duration_ms, coverage_ms, flags,
  numbers::float8[] AS numbers, engine, profile, clock, mode, extra`;

function minuteOfRow(row: MinuteRow): DayMinute {
  const { start_ms, duration_ms, coverage_ms, numbers, ...rest } = row;
  return { ...rest, startMs: start_ms, durationMs: duration_ms, coverageMs: coverage_ms, values: numbers };
}

/**
 * Minutes of a sensor that start in a range, ascending, packed or not. To be asked within a snapshot: a day
 * that is packed between two statements would be missed or read twice.
 */
export async function readMinutes(
  queries: Queries,
  { device, sensor, kind, fromMs, toMs }: SensorKey & Span,
): Promise<DayMinute[]> {
  const { rows } = await queries.query<MinuteRow>(
    `SELECT ${minuteColumns} FROM minutes
     WHERE device = $1 AND sensor = $2 AND kind = $3 AND start_ms >= $4 AND start_ms < $5`,
    [device, sensor, kind, fromMs, toMs],
  );
  const packed = await queries.query<{ body: Buffer }>(
    `SELECT body FROM packed_days WHERE device = $1 AND sensor = $2 AND kind = $3
     AND start_ms >= $4 AND start_ms < $5`,
    [device, sensor, kind, fromMs - (fromMs % dayMs), toMs],
  );
  return [...packed.rows.flatMap(({ body }) => unpackDay(body)), ...rows.map(minuteOfRow)]
    .filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
    .sort((left, right) => left.startMs - right.startMs || left.sequence - right.sequence);
}

/** Minutes of packed days in which intervals of a batch lie, by sensor, kind and UTC day. */
export async function readPackedDays(
  queries: Queries,
  device: string,
  places: readonly { readonly sensor: string; readonly kind: string; readonly start: string }[],
): Promise<ReadonlyMap<string, readonly DayMinute[]>> {
  const { rows } = await queries.query<{ sensor: string; kind: string; start_ms: number; body: Buffer }>(
    `SELECT sensor, kind, start_ms, body FROM packed_days
     JOIN (SELECT DISTINCT * FROM unnest($2::text[], $3::text[], $4::bigint[])
       AS sent (sensor, kind, start_ms)) AS sent USING (sensor, kind, start_ms)
     WHERE device = $1`,
    [
      device,
      places.map(({ sensor }) => sensor),
      places.map(({ kind }) => kind),
      places.map(({ start }) => Math.floor(Date.parse(start) / dayMs) * dayMs),
    ],
  );
  return new Map(rows.map((row) => [dayName(row, row.start_ms), unpackDay(row.body)]));
}

export function dayName({ sensor, kind }: { sensor: string; kind: string }, atMs: number): string {
  return `${sensor}/${kind}/${Math.floor(atMs / dayMs)}`;
}

/** Packs days that begin before `beforeMs` until there is none left or it is late; false where it is late. */
export async function packOldDays(
  database: PostgresDatabase,
  { beforeMs, isLate }: { beforeMs: number; isLate: () => boolean },
): Promise<{ days: number; finished: boolean }> {
  const sensors = await database.query<SensorKey & { [column: string]: unknown }>(
    'SELECT device, sensor, kind FROM sensors',
  );
  let days = 0;
  for (const key of sensors.rows) {
    for (;;) {
      const oldest = await oldestMinute(database, key, beforeMs);
      if (oldest === null) break;
      if (isLate()) return { days, finished: false };
      await database.transaction((queries) => packOneDay(queries, key, oldest - (oldest % dayMs)));
      days += 1;
    }
  }
  return { days, finished: true };
}

async function oldestMinute(
  queries: Queries,
  { device, sensor, kind }: SensorKey,
  beforeMs: number,
): Promise<number | null> {
  const { rows } = await queries.query<{ at: number | null }>(
    `SELECT min(start_ms) AS at FROM minutes
     WHERE device = $1 AND sensor = $2 AND kind = $3 AND start_ms < $4`,
    [device, sensor, kind, beforeMs],
  );
  return rows[0]?.at ?? null;
}

/**
 * Moves the rows of one UTC day into its packed row. What the deletion returns is what is packed, so a
 * row that arrives meanwhile stays a row; another gateway that packs the same day finds none.
 */
async function packOneDay(
  queries: Queries,
  { device, sensor, kind }: SensorKey,
  startMs: number,
): Promise<void> {
  const day = [device, sensor, kind, startMs];
  const { rows } = await queries.query<MinuteRow>(
    `DELETE FROM minutes WHERE device = $1 AND sensor = $2 AND kind = $3
       AND start_ms >= $4 AND start_ms < $4 + ${dayMs}
     RETURNING ${minuteColumns}`,
    day,
  );
  if (rows.length === 0) return;
  const packed = await queries.query<{ body: Buffer }>(
    `SELECT body FROM packed_days WHERE device = $1 AND sensor = $2 AND kind = $3 AND start_ms = $4
     FOR UPDATE`,
    day,
  );
  const known = packed.rows.flatMap(({ body }) => unpackDay(body));
  await queries.query(
    `INSERT INTO packed_days VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (device, sensor, kind, start_ms) DO UPDATE SET body = excluded.body`,
    [...day, Buffer.from(packDay([...known, ...rows.map(minuteOfRow)]))],
  );
}

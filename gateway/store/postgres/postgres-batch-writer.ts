import type { DeviceStatus } from '../../contract/device-status.ts';
import { isBlockLevel } from '../cell-blocks.ts';
import {
  type AdmittedBatch,
  type AdmittedInterval,
  BatchLimitError,
  type CommitOutcome,
  type QuarantineEntry,
  sensorsPerDeviceMax,
} from '../count-store.ts';
import { countOverlaps, markOverlaps } from '../mark-overlaps.ts';
import { type Minute, minuteOf, type Sums, summedNames } from '../minute.ts';
import { hourMs, LocalDays, receivedDayMs, rollUp } from '../roll-ups.ts';
import { settleBatch } from '../settle-batch.ts';
import { columnOf } from '../sum-columns.ts';
import { lockAccount, saveAccount } from './postgres-accounts.ts';
import { dropBlocks } from './postgres-blocks.ts';
import type { Queries } from './postgres-database.ts';
import { dayName } from './postgres-packed-days.ts';
import { findPlaces, noteOrigins, type PostgresPlaces } from './postgres-places.ts';
import { touchQuarters } from './postgres-seals.ts';

/** As in the other stores: enough to see what a broken device does, too little to fill a disk. */
const quarantineRowsMax = 1_000;
const quarantineHeadBytesMax = 2_048;

const sumNames = [...summedNames, 'flags'] as const;
const zoneOfUnassigned = 'Europe/Berlin';

/** Notes that a device was heard, and what it said of itself if it did. */
export async function recordDevice(
  queries: Queries,
  heard: { device: string; status: DeviceStatus | null; atMs: number },
): Promise<void> {
  await queries.query(
    `INSERT INTO devices VALUES ($1, $2, $2, $3)
     ON CONFLICT (device) DO UPDATE SET
       last_seen_ms = greatest(devices.last_seen_ms, excluded.last_seen_ms),
       status = coalesce(excluded.status, devices.status)`,
    [heard.device, heard.atMs, heard.status === null ? null : JSON.stringify(heard.status)],
  );
}

/** Writes one batch within the caller's transaction. The epoch's row is locked, so batches take turns. */
export async function writeBatch(queries: Queries, batch: AdmittedBatch): Promise<CommitOutcome> {
  await recordDevice(queries, { device: batch.device, status: null, atMs: batch.receivedAtMs });
  const before = await lockAccount(queries, batch.device, batch.epoch);
  const places = await findPlaces(queries, batch);
  const deletedBeforeMs = await minutesDeletedBefore(queries);
  const settled = settleBatch(batch, before, {
    ...places,
    isDeleted: (startMs) => startMs < deletedBeforeMs,
  });
  const sensors = Map.groupBy(settled.stored, ({ interval }) => `${interval.sensor}/${interval.kind}`);
  let overlapping = 0;
  for (const intervals of sensors.values())
    overlapping += await storeSensor(queries, batch, { intervals, packed: places.packed });
  await noteOrigins(queries, batch, settled.stored);
  for (const { interval } of settled.reused) {
    await addToQuarantine(queries, {
      receivedAtMs: batch.receivedAtMs,
      device: batch.device,
      reason: 'sequence-reused',
      detail: `sequence ${interval.sequence}`,
      payload: Buffer.from(JSON.stringify(interval)),
    });
  }
  await saveAccount(queries, before, settled.outcome.account);
  return { ...settled.outcome, overlapping };
}

async function minutesDeletedBefore(queries: Queries): Promise<number> {
  const { rows } = await queries.query<{ before_ms: number }>(
    `SELECT before_ms FROM deleted WHERE level = 'minutes'`,
  );
  return rows[0]?.before_ms ?? 0;
}

/** Returns how many share their time with others. */
async function storeSensor(
  queries: Queries,
  batch: AdmittedBatch,
  { intervals, packed }: { intervals: readonly AdmittedInterval[]; packed: PostgresPlaces['packed'] },
): Promise<number> {
  const { sensor, kind } = intervals[0]!.interval;
  const zone = await openSensor(queries, [batch.device, sensor, kind]);
  const added = intervals.map(({ interval }) => minuteOf(interval));
  const young = await spansAround(queries, [batch.device, sensor, kind], added);
  const names = new Set(added.map(({ startMs }) => dayName({ sensor, kind }, startMs)));
  const old = [...names].flatMap((name) => packed.get(name) ?? []);
  const minutes = markOverlaps(added, [...young, ...old]);
  await insertMinutes(queries, batch, { intervals, minutes });
  const parts = rollUp(minutes, kind, new LocalDays(zone));
  const receivedDay = Math.floor(batch.receivedAtMs / receivedDayMs);
  const place = { device: batch.device, sensor, kind };
  await addToLevel(queries, 'quarters', { ...place, cells: parts.quarters });
  await addToLevel(queries, 'hours', { ...place, cells: parts.hours, receivedDay });
  await addToLevel(queries, 'days', { ...place, cells: parts.days });
  if (kind === 'crossing') {
    await touchQuarters(queries, place, { starts: parts.quarters.keys(), atMs: batch.receivedAtMs });
  }
  return countOverlaps(minutes);
}

/** Stored minutes of a sensor in the hours of those to be added. */
async function spansAround(
  queries: Queries,
  key: [string, string, string],
  added: readonly Minute[],
): Promise<{ startMs: number; durationMs: number }[]> {
  const hours = new Set(added.map(({ startMs }) => startMs - (startMs % hourMs)));
  const { rows } = await queries.query<{ start_ms: number; duration_ms: number }>(
    `SELECT start_ms, duration_ms FROM unnest($4::bigint[]) AS hour
     JOIN minutes ON device = $1 AND sensor = $2 AND kind = $3
       AND start_ms >= hour AND start_ms < hour + ${hourMs}`,
    [...key, [...hours]],
  );
  return rows.map((row) => ({ startMs: row.start_ms, durationMs: row.duration_ms }));
}

/** The zone of the sensor's days; a new sensor takes the one of the site it is assigned to. */
async function openSensor(queries: Queries, key: [string, string, string]): Promise<string> {
  const known = await queries.query<{ time_zone: string }>(
    'SELECT time_zone FROM sensors WHERE device = $1 AND sensor = $2 AND kind = $3',
    key,
  );
  if (known.rows[0]) return known.rows[0].time_zone;
  const { rows } = await queries.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM sensors WHERE device = $1',
    key.slice(0, 1),
  );
  if ((rows[0]?.count ?? 0) >= sensorsPerDeviceMax) {
    throw new BatchLimitError(`more than ${sensorsPerDeviceMax} sensors of one device`);
  }
  const site = await queries.query<{ time_zone: string }>(
    `SELECT sites.time_zone FROM assignments JOIN lines USING (line) JOIN sites USING (site)
     WHERE device = $1 AND sensor = $2 ORDER BY coalesce(from_ms, 0) DESC LIMIT 1`,
    key.slice(0, 2),
  );
  const zone = site.rows[0]?.time_zone ?? zoneOfUnassigned;
  await queries.query('INSERT INTO sensors VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [...key, zone]);
  return zone;
}

async function insertMinutes(
  queries: Queries,
  batch: AdmittedBatch,
  { intervals, minutes }: { intervals: readonly AdmittedInterval[]; minutes: readonly Minute[] },
): Promise<void> {
  const rows = intervals.map(({ interval, hash }, at) => {
    const minute = minutes[at]!;
    return {
      sensor: interval.sensor,
      kind: interval.kind,
      start_ms: minute.startMs,
      sequence: minute.sequence,
      hash: hash.toString(),
      duration_ms: minute.durationMs,
      coverage_ms: minute.coverageMs,
      flags: minute.flags,
      numbers: minute.values,
      engine: interval.engine,
      profile: interval.profile,
      clock: interval.clock,
      mode: interval.kind === 'presence' ? interval.mode : '',
      extra: minute.extra,
    };
  });
  // One statement whatever the number of rows; the table's own types read the JSON.
  await queries.query(
    `INSERT INTO minutes (device, sensor, kind, start_ms, epoch, sequence, hash, duration_ms, coverage_ms,
       flags, numbers, engine, profile, clock, mode, extra)
     SELECT $1, sensor, kind, start_ms, $2, sequence, hash, duration_ms, coverage_ms,
       flags, numbers, engine, profile, clock, mode, extra
     FROM jsonb_populate_recordset(NULL::minutes, $3::jsonb)`,
    [batch.device, batch.epoch, JSON.stringify(rows)],
  );
}

/** Adds sums to cells of one level, in one statement. */
export async function addToLevel(
  queries: Queries,
  level: 'quarters' | 'hours' | 'days',
  part: {
    device: string;
    sensor: string;
    kind: string;
    cells: ReadonlyMap<number, Sums>;
    receivedDay?: number;
  },
): Promise<void> {
  const keys = ['device', 'sensor', 'kind', 'start_ms', ...(level === 'hours' ? ['received_day'] : [])];
  const columns = [...keys, ...sumNames.map((name) => columnOf[name])];
  const rows = [...part.cells].map(([startMs, sums]) => ({
    device: part.device,
    sensor: part.sensor,
    kind: part.kind,
    start_ms: startMs,
    received_day: part.receivedDay,
    ...Object.fromEntries(sumNames.map((name) => [columnOf[name], sums[name]])),
  }));
  const added = summedNames
    .map((name) => columnOf[name])
    .map((name) => `${name} = ${level}.${name} + excluded.${name}`);
  await queries.query(
    `INSERT INTO ${level} (${columns.join(', ')})
     SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::${level}, $1::jsonb)
     ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${added.join(', ')}, flags = ${level}.flags | excluded.flags`,
    [JSON.stringify(rows)],
  );
  if (isBlockLevel(level)) await dropBlocks(queries, level, { ...part, startsMs: [...part.cells.keys()] });
}

/** Keeps the newest poison only, and the head of each. */
export async function addToQuarantine(queries: Queries, entry: QuarantineEntry): Promise<void> {
  const { receivedAtMs, device, reason, detail, payload } = entry;
  const head = Buffer.from(payload.subarray(0, quarantineHeadBytesMax));
  await queries.query(
    `INSERT INTO quarantine (received_ms, device, reason, detail, bytes, head) VALUES ($1, $2, $3, $4, $5, $6)`,
    [receivedAtMs, device, reason, detail, payload.byteLength, head],
  );
  await queries.query('DELETE FROM quarantine WHERE entry <= (SELECT max(entry) FROM quarantine) - $1', [
    quarantineRowsMax,
  ]);
}

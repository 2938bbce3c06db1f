import type { DeviceStatus } from '../../contract/device-status.ts';
import {
  type AdmittedBatch,
  type AdmittedInterval,
  BatchLimitError,
  type CommitOutcome,
  type QuarantineEntry,
  sensorsPerDeviceMax,
} from '../count-store.ts';
import { minuteOf, type Sums, summedNames } from '../minute.ts';
import { LocalDays, receivedDayMs, rollUp } from '../roll-ups.ts';
import { type FoundRow, settleBatch } from '../settle-batch.ts';
import { columnOf } from '../sum-columns.ts';
import { lockAccount, saveAccount } from './postgres-accounts.ts';
import type { Queries } from './postgres-database.ts';

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
  const found = await findRows(queries, batch);
  const deletedBeforeMs = await minutesDeletedBefore(queries);
  const settled = settleBatch(batch, before, {
    find: ({ interval }) => found.get(placeOf(interval)) ?? null,
    isDeleted: (startMs) => startMs < deletedBeforeMs,
  });
  const sensors = Map.groupBy(settled.stored, ({ interval }) => `${interval.sensor}/${interval.kind}`);
  for (const intervals of sensors.values()) await storeSensor(queries, batch, intervals);
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
  return settled.outcome;
}

type Placed = Pick<AdmittedInterval['interval'], 'sensor' | 'kind' | 'start' | 'sequence'>;

function placeOf({ sensor, kind, start, sequence }: Placed): string {
  return `${sensor}/${kind}/${Date.parse(start)}/${sequence}`;
}

async function findRows(queries: Queries, batch: AdmittedBatch): Promise<Map<string, FoundRow>> {
  const { rows } = await queries.query<{ place: string; hash: string }>(
    `SELECT sensor || '/' || kind || '/' || start_ms || '/' || sequence AS place, hash::text AS hash
     FROM minutes JOIN unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[])
       AS sent (sensor, kind, start_ms, sequence) USING (sensor, kind, start_ms, sequence)
     WHERE device = $1 AND epoch = $2`,
    [
      batch.device,
      batch.epoch,
      batch.intervals.map(({ interval }) => interval.sensor),
      batch.intervals.map(({ interval }) => interval.kind),
      batch.intervals.map(({ interval }) => Date.parse(interval.start)),
      batch.intervals.map(({ interval }) => interval.sequence),
    ],
  );
  return new Map(rows.map(({ place, hash }) => [place, BigInt(hash)]));
}

async function minutesDeletedBefore(queries: Queries): Promise<number> {
  const { rows } = await queries.query<{ before_ms: number }>(
    `SELECT before_ms FROM deleted WHERE level = 'minutes'`,
  );
  return rows[0]?.before_ms ?? 0;
}

async function storeSensor(
  queries: Queries,
  batch: AdmittedBatch,
  intervals: readonly AdmittedInterval[],
): Promise<void> {
  const { sensor, kind } = intervals[0]!.interval;
  const zone = await openSensor(queries, [batch.device, sensor, kind]);
  await insertMinutes(queries, batch, intervals);
  const minutes = intervals.map(({ interval }) => minuteOf(interval));
  const parts = rollUp(minutes, kind, new LocalDays(zone));
  const receivedDay = Math.floor(batch.receivedAtMs / receivedDayMs);
  const place = { device: batch.device, sensor, kind };
  await addToLevel(queries, 'quarters', { ...place, cells: parts.quarters });
  await addToLevel(queries, 'hours', { ...place, cells: parts.hours, receivedDay });
  await addToLevel(queries, 'days', { ...place, cells: parts.days });
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
  intervals: readonly AdmittedInterval[],
): Promise<void> {
  const rows = intervals.map(({ interval, hash }) => {
    const minute = minuteOf(interval);
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

import type { DeviceStatus } from '../../contract/device-status.ts';
import type { LineKind, LineRole } from '../../contract/http-api.ts';
import type { SiteDetails } from '../../contract/site-details.ts';
import type { AssignmentRole, Directory, KeptLevel, Setup, SiteRecord } from '../count-store.ts';
import { addSums, noSums, type Sums, summedNames } from '../minute.ts';
import { hasWholeHours, LocalDays, sumsAt } from '../roll-ups.ts';
import { columnOf } from '../sum-columns.ts';
import { addToLevel } from './postgres-batch-writer.ts';
import { dropAllBlocks } from './postgres-blocks.ts';
import type { Queries } from './postgres-database.ts';

/** Replaces sites, lines and assignments, and lays days out anew where a site has moved to another zone. */
export async function applyPostgresSetup(queries: Queries, setup: Setup): Promise<void> {
  await queries.query('DELETE FROM assignments');
  await queries.query('DELETE FROM lines');
  await queries.query('DELETE FROM sites');
  const sites = setup.sites.map(({ id, timeZone, ...rest }, position) => ({
    site: id,
    position,
    time_zone: timeZone,
    ...rest,
  }));
  const lines = setup.lines.map(({ id, ...rest }, position) => ({ line: id, position, ...rest }));
  const assignments = setup.assignments.map(({ fromMs, untilMs, ...rest }, position) => ({
    position,
    from_ms: fromMs,
    until_ms: untilMs,
    ...rest,
  }));
  for (const [table, rows] of Object.entries({ sites, lines, assignments })) {
    await queries.query(
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  }
  const stray = await queries.query<Sensor>(
    `SELECT DISTINCT ON (device, sensor, sensors.kind) device, sensor, sensors.kind, sites.time_zone
     FROM sensors JOIN assignments USING (device, sensor) JOIN lines USING (line) JOIN sites USING (site)
     WHERE sensors.time_zone <> sites.time_zone`,
  );
  for (const sensor of stray.rows) await rebuildDays(queries, sensor);
}

interface Sensor {
  device: string;
  sensor: string;
  kind: string;
  time_zone: string;
}

async function rebuildDays(queries: Queries, { device, sensor, kind, time_zone }: Sensor): Promise<void> {
  const key = [device, sensor, kind];
  const where = 'WHERE device = $1 AND sensor = $2 AND kind = $3';
  await queries.query(`UPDATE sensors SET time_zone = $4 ${where}`, [...key, time_zone]);
  await dropAllBlocks(queries, 'days', { device, sensor, kind });
  await queries.query(`DELETE FROM days ${where}`, key);
  const days = new LocalDays(time_zone);
  const newest = await queries.query<{ at: number | null }>(
    `SELECT max(start_ms) AS at FROM hours ${where}`,
    key,
  );
  const source = hasWholeHours(days, newest.rows[0]?.at ?? 0) ? 'hours' : 'quarters';
  const { rows } = await queries.query<Record<string, number>>(
    `SELECT * FROM ${source} ${where} ORDER BY start_ms`,
    key,
  );
  const cells = new Map<number, Sums>();
  for (const row of rows) {
    const sums = noSums();
    for (const name of [...summedNames, 'flags'] as const) sums[name] = row[columnOf[name]]!;
    addSums(sumsAt(cells, days.startOf(row['start_ms']!)), sums);
  }
  await addToLevel(queries, 'days', { device, sensor, kind, cells });
}

/** Everything but the numbers: who is there, and which sensor belongs to which line. */
export async function readPostgresDirectory(queries: Queries): Promise<Directory> {
  const all = async <Row extends object>(sql: string) => (await queries.query<Row>(sql)).rows;
  const deletedBeforeMs: Record<KeptLevel, number> = { minutes: 0, quarters: 0, hours: 0, days: 0 };
  for (const { level, before_ms } of await all<{ level: KeptLevel; before_ms: number }>(
    'SELECT * FROM deleted',
  )) {
    deletedBeforeMs[level] = before_ms;
  }
  return {
    sites: (
      await all<Omit<SiteRecord, 'details'> & { details: SiteDetails | null }>(
        `SELECT site AS id, name, organisation, town, time_zone AS "timeZone", details, protection
         FROM sites ORDER BY position`,
      )
    ).map(({ details, protection, ...site }) => ({
      ...site,
      ...(details === null ? {} : { details }),
      ...(protection ? { protection } : {}),
    })),
    lines: await all<{ id: string; site: string; name: string; role: LineRole; kind: LineKind }>(
      'SELECT line AS id, site, name, role, kind FROM lines ORDER BY position',
    ),
    assignments: await all<{
      line: string;
      device: string;
      sensor: string;
      role: AssignmentRole;
      lane: number;
      sign: 1 | -1;
      fromMs: number | null;
      untilMs: number | null;
    }>(
      `SELECT line, device, sensor, role, lane, sign, from_ms AS "fromMs", until_ms AS "untilMs"
       FROM assignments ORDER BY position`,
    ),
    devices: await all<{
      device: string;
      firstSeenMs: number;
      lastSeenMs: number;
      status: DeviceStatus | null;
    }>(
      `SELECT device, first_seen_ms AS "firstSeenMs", last_seen_ms AS "lastSeenMs", status
       FROM devices ORDER BY device`,
    ),
    sensors: await all<{ device: string; sensor: string; kind: LineKind }>(
      'SELECT device, sensor, kind FROM sensors ORDER BY device, sensor, kind',
    ),
    deletedBeforeMs,
  };
}

import type Database from 'better-sqlite3';
import type { DeviceStatus } from '../../contract/device-status.ts';
import type { LineKind, LineRole } from '../../contract/http-api.ts';
import type { Protection } from '../../contract/protection.ts';
import type { SiteDetails } from '../../contract/site-details.ts';
import type {
  AssignmentRecord,
  AssignmentRole,
  Directory,
  KeptLevel,
  Setup,
  SiteRecord,
} from '../count-store.ts';

/** Notes that a device was heard, and what it said of itself if it did. */
export function deviceRecorder(
  database: Database.Database,
): (heard: { device: string; status: DeviceStatus | null; atMs: number }) => void {
  const statement = database.prepare(
    `INSERT INTO devices (device, first_seen_ms, last_seen_ms, status) VALUES (@device, @atMs, @atMs, @status)
     ON CONFLICT (device) DO UPDATE SET
       last_seen_ms = max(last_seen_ms, excluded.last_seen_ms),
       status = coalesce(excluded.status, status)`,
  );
  return (heard) => {
    statement.run({ ...heard, status: heard.status === null ? null : JSON.stringify(heard.status) });
  };
}

/** Replaces sites, lines and assignments; the caller holds the transaction. */
export function applySqliteSetup(database: Database.Database, setup: Setup): void {
  const addSite = database.prepare(
    `INSERT INTO sites (site, position, name, organisation, town, time_zone, details, protection)
     VALUES (@id, @position, @name, @organisation, @town, @timeZone, @details, @protection)`,
  );
  const addLine = database.prepare('INSERT INTO lines VALUES (@id, @position, @site, @name, @role, @kind)');
  const addAssignment = database.prepare(
    'INSERT INTO assignments VALUES (NULL, @line, @device, @sensor, @role, @lane, @sign, @fromMs, @untilMs)',
  );
  database.exec('DELETE FROM assignments; DELETE FROM lines; DELETE FROM sites');
  const json = (value: object | null | undefined) => (value ? JSON.stringify(value) : null);
  for (const [position, { details, protection, ...site }] of setup.sites.entries()) {
    addSite.run({ ...site, position, details: json(details), protection: json(protection) });
  }
  for (const [position, line] of setup.lines.entries()) addLine.run({ ...line, position });
  for (const assignment of setup.assignments) addAssignment.run(assignment);
}

interface SiteRow {
  site: string;
  name: string;
  organisation: string;
  town: string;
  time_zone: string;
  details: string | null;
  protection: string | null;
}

interface AssignmentRow {
  line: string;
  device: string;
  sensor: string;
  role: AssignmentRole;
  lane: number;
  sign: 1 | -1;
  from_ms: number | null;
  until_ms: number | null;
}

/** Reads everything but the numbers: who is there, and which sensor belongs to which line. */
export function directoryReader(database: Database.Database): () => Directory {
  const prepared = <Row>(sql: string) => database.prepare<[], Row>(sql);
  const sites = prepared<SiteRow>(
    'SELECT site, name, organisation, town, time_zone, details, protection FROM sites ORDER BY position',
  );
  const lines = prepared<{ line: string; site: string; name: string; role: LineRole; kind: LineKind }>(
    'SELECT line, site, name, role, kind FROM lines ORDER BY position',
  );
  const assignments = prepared<AssignmentRow>('SELECT * FROM assignments ORDER BY position');
  const devices = prepared<DeviceRow>('SELECT * FROM devices ORDER BY device');
  const sensors = prepared<{ device: string; sensor: string; kind: LineKind }>(
    'SELECT device, sensor, kind FROM sensors ORDER BY device, sensor, kind',
  );
  const deleted = prepared<{ level: KeptLevel; before_ms: number }>('SELECT level, before_ms FROM deleted');
  return () => ({
    sites: sites.all().map(siteOf),
    lines: lines.all().map(({ line, ...rest }) => ({ id: line, ...rest })),
    assignments: assignments.all().map(assignmentOf),
    devices: devices.all().map(deviceOf),
    sensors: sensors.all(),
    deletedBeforeMs: deletedBefore(deleted.all()),
  });
}

function siteOf({ site, time_zone, details, protection, ...rest }: SiteRow): SiteRecord {
  return {
    id: site,
    timeZone: time_zone,
    ...rest,
    ...(details === null ? {} : { details: JSON.parse(details) as SiteDetails }),
    ...(protection === null ? {} : { protection: JSON.parse(protection) as Protection }),
  };
}

interface DeviceRow {
  device: string;
  first_seen_ms: number;
  last_seen_ms: number;
  status: string | null;
}

function deviceOf(row: DeviceRow): Directory['devices'][number] {
  return {
    device: row.device,
    firstSeenMs: row.first_seen_ms,
    lastSeenMs: row.last_seen_ms,
    status: row.status === null ? null : (JSON.parse(row.status) as DeviceStatus),
  };
}

/** Up to when retention has deleted each level; 0 where it never has. */
function deletedBefore(rows: readonly { level: KeptLevel; before_ms: number }[]): Record<KeptLevel, number> {
  const before = { minutes: 0, quarters: 0, hours: 0, days: 0 };
  for (const { level, before_ms } of rows) before[level] = before_ms;
  return before;
}

function assignmentOf(row: AssignmentRow): AssignmentRecord {
  const { from_ms, until_ms, line, device, sensor, role, lane, sign } = row;
  return { line, device, sensor, role, lane, sign, fromMs: from_ms, untilMs: until_ms };
}

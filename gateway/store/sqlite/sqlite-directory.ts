import type Database from 'better-sqlite3';
import type { DeviceStatus } from '../../contract/device-status.ts';
import type { LineKind, LineRole } from '../../contract/http-api.ts';
import type { SiteDetails } from '../../contract/site-details.ts';
import type { AssignmentRecord, AssignmentRole, Directory, KeptLevel, Setup } from '../count-store.ts';

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
    `INSERT INTO sites (site, position, name, organisation, town, time_zone, details)
     VALUES (@id, @position, @name, @organisation, @town, @timeZone, @details)`,
  );
  const addLine = database.prepare('INSERT INTO lines VALUES (@id, @position, @site, @name, @role, @kind)');
  const addAssignment = database.prepare(
    'INSERT INTO assignments VALUES (NULL, @line, @device, @sensor, @role, @lane, @sign, @fromMs, @untilMs)',
  );
  database.exec('DELETE FROM assignments; DELETE FROM lines; DELETE FROM sites');
  for (const [position, { details, ...site }] of setup.sites.entries()) {
    addSite.run({ ...site, position, details: details === undefined ? null : JSON.stringify(details) });
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

/** Everything but the numbers: who is there, and which sensor belongs to which line. */
export function readSqliteDirectory(database: Database.Database): Directory {
  const all = <Row>(sql: string) => database.prepare<[], Row>(sql).all();
  return {
    sites: all<SiteRow>(
      'SELECT site, name, organisation, town, time_zone, details FROM sites ORDER BY position',
    ).map(({ site, time_zone, details, ...rest }) => ({
      id: site,
      timeZone: time_zone,
      ...rest,
      ...(details === null ? {} : { details: JSON.parse(details) as SiteDetails }),
    })),
    lines: all<{ line: string; site: string; name: string; role: LineRole; kind: LineKind }>(
      'SELECT line, site, name, role, kind FROM lines ORDER BY position',
    ).map(({ line, ...rest }) => ({ id: line, ...rest })),
    assignments: all<AssignmentRow>('SELECT * FROM assignments ORDER BY position').map(assignmentOf),
    devices: all<{ device: string; first_seen_ms: number; last_seen_ms: number; status: string | null }>(
      'SELECT * FROM devices ORDER BY device',
    ).map((row) => ({
      device: row.device,
      firstSeenMs: row.first_seen_ms,
      lastSeenMs: row.last_seen_ms,
      status: row.status === null ? null : (JSON.parse(row.status) as DeviceStatus),
    })),
    sensors: all<{ device: string; sensor: string; kind: LineKind }>(
      'SELECT device, sensor, kind FROM sensors ORDER BY device, sensor, kind',
    ),
    deletedBeforeMs: deletedBefore(database),
  };
}

/** Up to when retention has deleted each level; 0 where it never has. */
function deletedBefore(database: Database.Database): Record<KeptLevel, number> {
  const rows = database
    .prepare<[], { level: KeptLevel; before_ms: number }>('SELECT level, before_ms FROM deleted')
    .all();
  const before = { minutes: 0, quarters: 0, hours: 0, days: 0 };
  for (const { level, before_ms } of rows) before[level] = before_ms;
  return before;
}

function assignmentOf(row: AssignmentRow): AssignmentRecord {
  const { from_ms, until_ms, line, device, sensor, role, lane, sign } = row;
  return { line, device, sensor, role, lane, sign, fromMs: from_ms, untilMs: until_ms };
}

/** Sums of a cell, in the order of `Sums`. */
const sumColumns = `
    measured INTEGER NOT NULL, duration_ms INTEGER NOT NULL, coverage_ms INTEGER NOT NULL,
    count_in INTEGER NOT NULL, count_out INTEGER NOT NULL,
    variance_in REAL NOT NULL, variance_out REAL NOT NULL,
    activations INTEGER NOT NULL, active_ms INTEGER NOT NULL,
    ordered_in INTEGER NOT NULL, ordered_out INTEGER NOT NULL,
    frames INTEGER NOT NULL, indicator REAL NOT NULL, variance REAL NOT NULL, flags INTEGER NOT NULL`;

/**
 * The schema as numbered steps. A step that has been released is never changed; a change is a new
 * step. Times are milliseconds since 1970 UTC.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE store (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL) STRICT;

  CREATE TABLE devices (
    device TEXT PRIMARY KEY, first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL, status TEXT
  ) STRICT, WITHOUT ROWID;

  -- Small keys for the long tables: a raw row names its epoch and sensor by number.
  CREATE TABLE epochs (
    epoch_key INTEGER PRIMARY KEY, device TEXT NOT NULL, epoch TEXT NOT NULL,
    through INTEGER NOT NULL, sent INTEGER NOT NULL, first_seen_ms INTEGER NOT NULL,
    UNIQUE (device, epoch)
  ) STRICT;
  CREATE TABLE sensors (
    sensor_key INTEGER PRIMARY KEY, device TEXT NOT NULL, sensor TEXT NOT NULL, kind TEXT NOT NULL,
    UNIQUE (device, sensor, kind)
  ) STRICT;

  -- The account of an epoch. Retention never touches it.
  CREATE TABLE accounted (
    epoch_key INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, disposition TEXT NOT NULL,
    PRIMARY KEY (epoch_key, first)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE reused (
    epoch_key INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (epoch_key, first)
  ) STRICT, WITHOUT ROWID;

  -- What an interval shares with thousands of others: engine, profile, clock, mode.
  CREATE TABLE circumstances (
    circumstance_key INTEGER PRIMARY KEY,
    engine TEXT NOT NULL, profile TEXT NOT NULL, clock TEXT NOT NULL, mode TEXT NOT NULL,
    UNIQUE (engine, profile, clock, mode)
  ) STRICT;

  -- Minutes as byte strings (minute-chunk.ts): a row an hour while they are young, a row a day,
  -- deflated and without hashes, when they are old. The key is sensor_key * 2^24 + number of the
  -- hour or UTC day since 1970, so a sensor's rows lie together.
  CREATE TABLE hours_of_minutes (chunk_key INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
  CREATE TABLE days_of_minutes (chunk_key INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;

  CREATE TABLE quarters (
    sensor_key INTEGER NOT NULL, start_ms INTEGER NOT NULL, ${sumColumns},
    PRIMARY KEY (sensor_key, start_ms)
  ) STRICT, WITHOUT ROWID;
  -- One row for each day on which something of the hour arrived: a row of an earlier day of receipt
  -- never changes, so the state of any day can be read again.
  CREATE TABLE hours (
    sensor_key INTEGER NOT NULL, start_ms INTEGER NOT NULL, received_day INTEGER NOT NULL, ${sumColumns},
    PRIMARY KEY (sensor_key, start_ms, received_day)
  ) STRICT, WITHOUT ROWID;
  -- Local days of the zone that day_zones names for the sensor.
  CREATE TABLE days (
    sensor_key INTEGER NOT NULL, start_ms INTEGER NOT NULL, ${sumColumns},
    PRIMARY KEY (sensor_key, start_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE day_zones (sensor_key INTEGER PRIMARY KEY, time_zone TEXT NOT NULL) STRICT;

  -- What retention has deleted: everything of the level that starts before.
  CREATE TABLE deleted (level TEXT PRIMARY KEY, before_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- What people decide: calibrations, events, calendars, users, keys, grants. Rows are retired, never changed.
  CREATE TABLE records (
    kind TEXT NOT NULL, id TEXT NOT NULL, recorded_ms INTEGER NOT NULL, retired_ms INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (kind, id, recorded_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit (
    entry INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL
  ) STRICT;

  CREATE TABLE sites (
    -- The order is the operator's: as configured.
    site TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, organisation TEXT NOT NULL,
    town TEXT NOT NULL, time_zone TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE lines (
    line TEXT PRIMARY KEY, position INTEGER NOT NULL, site TEXT NOT NULL, name TEXT NOT NULL,
    role TEXT NOT NULL, kind TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE assignments (
    position INTEGER PRIMARY KEY, line TEXT NOT NULL, device TEXT NOT NULL, sensor TEXT NOT NULL,
    role TEXT NOT NULL, lane INTEGER NOT NULL, sign INTEGER NOT NULL, from_ms INTEGER, until_ms INTEGER
  ) STRICT;

  CREATE TABLE quarantine (
    entry INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL, device TEXT, reason TEXT NOT NULL,
    detail TEXT NOT NULL, bytes INTEGER NOT NULL, head BLOB NOT NULL
  ) STRICT;
  `,
  // What the operator says of a site for papers, maps and catalogues: JSON.
  'ALTER TABLE sites ADD COLUMN details TEXT',
  `
  -- Packed copies of hours and days (cell-blocks.ts): body is null while a block has to be packed (again).
  CREATE TABLE cell_blocks (
    sensor_key INTEGER NOT NULL, level TEXT NOT NULL, block INTEGER NOT NULL, body BLOB,
    PRIMARY KEY (sensor_key, level, block)
  ) STRICT;
  CREATE INDEX open_blocks ON cell_blocks (level, block) WHERE body IS NULL;
  INSERT INTO cell_blocks SELECT DISTINCT sensor_key, 'hours', start_ms / 1209600000, NULL FROM hours;
  INSERT INTO cell_blocks SELECT DISTINCT sensor_key, 'days', start_ms / 4838400000, NULL FROM days;
  `,
  `
  -- Intervals whose start was worked out afterwards, by what they are: a card put back may have
  -- worked out another start. Kept as long as the hours, which would be doubled without it.
  CREATE TABLE origins (
    sensor_key INTEGER NOT NULL, origin TEXT NOT NULL, epoch_key INTEGER NOT NULL, sequence INTEGER NOT NULL,
    start_ms INTEGER NOT NULL, PRIMARY KEY (sensor_key, origin)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Sealed cells: written once, never changed but for the mark that data came too late. No retention.
  CREATE TABLE seals (
    line TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, noisy_in INTEGER, noisy_out INTEGER,
    coverage_tenths INTEGER NOT NULL, epsilon REAL NOT NULL, sealed_ms INTEGER NOT NULL, late INTEGER NOT NULL,
    PRIMARY KEY (line, start_ms)
  ) STRICT, WITHOUT ROWID;
  -- Quarters of crossing sensors that have received data since they were last settled.
  CREATE TABLE unsettled (
    sensor_key INTEGER NOT NULL, start_ms INTEGER NOT NULL, first_data_ms INTEGER NOT NULL,
    last_data_ms INTEGER NOT NULL, touches INTEGER NOT NULL,
    PRIMARY KEY (sensor_key, start_ms)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO unsettled
    SELECT sensor_key, start_ms, now_ms, now_ms, 1 FROM quarters JOIN sensors USING (sensor_key),
      (SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000 AS now_ms) WHERE kind = 'crossing';
  CREATE TABLE seal_book (
    only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, withheld_before_ms INTEGER NOT NULL,
    has_file INTEGER NOT NULL
  ) STRICT;
  INSERT INTO seal_book VALUES (1, lower(hex(randomblob(8))), 0, 0);
  ALTER TABLE sites ADD COLUMN protection TEXT;
  `,
];

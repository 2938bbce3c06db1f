/**
 * The schema as numbered steps; a released step is never changed. Every key begins with the device
 * (or the kind of record) and every long table's key holds its time, so that Citus can distribute
 * and TimescaleDB can partition the tables as they are. Times are milliseconds since 1970 UTC.
 */
const sumColumns = `
    measured bigint NOT NULL, duration_ms bigint NOT NULL, coverage_ms bigint NOT NULL,
    count_in bigint NOT NULL, count_out bigint NOT NULL,
    variance_in double precision NOT NULL, variance_out double precision NOT NULL,
    activations bigint NOT NULL, active_ms bigint NOT NULL,
    ordered_in bigint NOT NULL, ordered_out bigint NOT NULL,
    frames bigint NOT NULL, indicator double precision NOT NULL, variance double precision NOT NULL,
    flags integer NOT NULL`;

export const migrations: readonly string[] = [
  `
  CREATE TABLE store (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), id text NOT NULL);

  CREATE TABLE devices (
    device text PRIMARY KEY, first_seen_ms bigint NOT NULL, last_seen_ms bigint NOT NULL, status jsonb
  );
  CREATE TABLE epochs (
    device text NOT NULL, epoch text NOT NULL, through bigint NOT NULL, sent bigint NOT NULL,
    opened bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (device, epoch)
  );
  -- The account of an epoch. Retention never touches it.
  CREATE TABLE accounted (
    device text NOT NULL, epoch text NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
    disposition text NOT NULL, PRIMARY KEY (device, epoch, first)
  );
  CREATE TABLE reused (
    device text NOT NULL, epoch text NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
    PRIMARY KEY (device, epoch, first)
  );

  CREATE TABLE sensors (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, time_zone text NOT NULL,
    PRIMARY KEY (device, sensor, kind)
  );
  -- An interval is found by its place, so the key needs no second index.
  CREATE TABLE minutes (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, start_ms bigint NOT NULL,
    epoch text NOT NULL, sequence bigint NOT NULL, hash bigint NOT NULL,
    duration_ms integer NOT NULL, coverage_ms integer NOT NULL, flags integer NOT NULL,
    -- As the values of a minute (minute.ts); standard errors and indicators in ten-thousandths.
    numbers bigint[] NOT NULL,
    engine text NOT NULL, profile text NOT NULL, clock text NOT NULL, mode text NOT NULL, extra text NOT NULL,
    PRIMARY KEY (device, sensor, kind, start_ms, epoch, sequence)
  );
  CREATE TABLE quarters (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, start_ms bigint NOT NULL, ${sumColumns},
    PRIMARY KEY (device, sensor, kind, start_ms)
  );
  CREATE TABLE hours (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, start_ms bigint NOT NULL,
    received_day integer NOT NULL, ${sumColumns},
    PRIMARY KEY (device, sensor, kind, start_ms, received_day)
  );
  CREATE TABLE days (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, start_ms bigint NOT NULL, ${sumColumns},
    PRIMARY KEY (device, sensor, kind, start_ms)
  );
  CREATE TABLE deleted (level text PRIMARY KEY, before_ms bigint NOT NULL);

  CREATE TABLE sites (
    -- The order is the operator's: as configured.
    site text PRIMARY KEY, position integer NOT NULL, name text NOT NULL, organisation text NOT NULL, town text NOT NULL,
    time_zone text NOT NULL
  );
  CREATE TABLE lines (
    line text PRIMARY KEY, position integer NOT NULL, site text NOT NULL, name text NOT NULL, role text NOT NULL,
    kind text NOT NULL
  );
  CREATE TABLE assignments (
    position integer PRIMARY KEY, line text NOT NULL, device text NOT NULL, sensor text NOT NULL,
    role text NOT NULL, lane integer NOT NULL, sign integer NOT NULL, from_ms bigint, until_ms bigint
  );
  CREATE TABLE quarantine (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, received_ms bigint NOT NULL, device text,
    reason text NOT NULL, detail text NOT NULL, bytes integer NOT NULL, head bytea NOT NULL
  );
  CREATE TABLE records (
    kind text NOT NULL, id text NOT NULL, recorded_ms bigint NOT NULL, retired_ms bigint, body jsonb NOT NULL,
    PRIMARY KEY (kind, id, recorded_ms)
  );
  CREATE TABLE audit (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at_ms bigint NOT NULL, actor text NOT NULL,
    action text NOT NULL, subject text NOT NULL
  );
  `,
  // What the operator says of a site for papers, maps and catalogues.
  'ALTER TABLE sites ADD COLUMN details jsonb',
  `
  -- Intervals whose start was worked out afterwards, by what they are: a card put back may have
  -- worked out another start. Kept as long as the hours, which would be doubled without it.
  CREATE TABLE origins (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, origin text NOT NULL,
    epoch text NOT NULL, sequence bigint NOT NULL, start_ms bigint NOT NULL,
    PRIMARY KEY (device, sensor, kind, origin)
  );
  `,
  `
  -- Sealed cells: written once, never changed but for the mark that data came too late. No retention.
  CREATE TABLE seals (
    line text NOT NULL, start_ms bigint NOT NULL, end_ms bigint NOT NULL, noisy_in bigint, noisy_out bigint,
    coverage_tenths integer NOT NULL, epsilon double precision NOT NULL, sealed_ms bigint NOT NULL, late boolean NOT NULL,
    PRIMARY KEY (line, start_ms)
  );
  -- Quarters of crossing sensors that have received data since they were last settled.
  CREATE TABLE unsettled (
    device text NOT NULL, sensor text NOT NULL, start_ms bigint NOT NULL, first_data_ms bigint NOT NULL,
    last_data_ms bigint NOT NULL, touches bigint NOT NULL, PRIMARY KEY (device, sensor, start_ms)
  );
  INSERT INTO unsettled
    SELECT device, sensor, start_ms, now_ms, now_ms, 1 FROM quarters,
      (SELECT (extract(epoch FROM now()) * 1000)::bigint AS now_ms) AS clock WHERE kind = 'crossing';
  CREATE TABLE seal_book (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), id text NOT NULL, withheld_before_ms bigint NOT NULL,
    has_file boolean NOT NULL
  );
  INSERT INTO seal_book VALUES (true, replace(gen_random_uuid()::text, '-', ''), 0, false);
  ALTER TABLE sites ADD COLUMN protection jsonb;
  `,
  `
  -- Minutes of a UTC day of one sensor that is old, as one byte string (packed-day.ts); deflated already.
  CREATE TABLE packed_days (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, start_ms bigint NOT NULL,
    body bytea NOT NULL, PRIMARY KEY (device, sensor, kind, start_ms)
  );
  ALTER TABLE packed_days ALTER COLUMN body SET STORAGE EXTERNAL;
  -- Packed copies of hours and days (cell-blocks.ts): body is null while a block has to be packed (again).
  CREATE TABLE cell_blocks (
    device text NOT NULL, sensor text NOT NULL, kind text NOT NULL, level text NOT NULL,
    start_ms bigint NOT NULL, body bytea, PRIMARY KEY (device, sensor, kind, level, start_ms)
  );
  CREATE INDEX open_blocks ON cell_blocks (level, start_ms) WHERE body IS NULL;
  INSERT INTO cell_blocks
    SELECT DISTINCT device, sensor, kind, 'hours', start_ms / 1209600000 * 1209600000, NULL::bytea FROM hours;
  INSERT INTO cell_blocks
    SELECT DISTINCT device, sensor, kind, 'days', start_ms / 4838400000 * 4838400000, NULL::bytea FROM days;
  `,
];

/**
 * The outbox's tables. `interval` is clustered by its key, so a minute's commit touches one page at
 * its end. `accounted` is the gateway's word as JSON (`Accounted`); `unverified_from` is the first
 * sequence that was appended since the gateway last confirmed this file, null once it has.
 * `pruned_through` keeps the last sequence known when all rows are gone. `gaps` marks an epoch that
 * was saved from a damaged file. `origin` is what an interval is (`intervalOrigin`) where its key has
 * changed, else null.
 */
export const outboxSchemaVersion = 2;

/** What brings a file of an older version up to the next one; a released step is never changed. */
export const outboxMigrations: Readonly<Record<number, string>> = {
  1: `ALTER TABLE interval ADD COLUMN origin TEXT; PRAGMA user_version = 2;`,
};

export const outboxSchema = `
CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE epoch (
  id INTEGER PRIMARY KEY,
  epoch TEXT NOT NULL UNIQUE,
  reason TEXT NOT NULL,
  device TEXT NOT NULL,
  accounted TEXT NOT NULL,
  unverified_from INTEGER,
  pruned_through INTEGER NOT NULL DEFAULT 0,
  gaps INTEGER NOT NULL
);
CREATE TABLE source (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE);
CREATE TABLE boot (id INTEGER PRIMARY KEY, boot TEXT NOT NULL UNIQUE);
CREATE TABLE interval (
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  source INTEGER NOT NULL,
  boot INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  start_ms INTEGER,
  duration_ms INTEGER NOT NULL,
  coverage_ms INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  synced INTEGER NOT NULL,
  numbers TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  origin TEXT,
  PRIMARY KEY (epoch, sequence)
) WITHOUT ROWID;
CREATE INDEX interval_without_start ON interval (boot) WHERE start_ms IS NULL;
PRAGMA user_version = ${outboxSchemaVersion};
`;

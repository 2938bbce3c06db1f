import type Database from 'better-sqlite3';

const rowColumns = `sequence, source, at_ms AS atMs, start_ms AS startMs, duration_ms AS durationMs,
  coverage_ms AS coverageMs, flags, synced, numbers, checksum, boot, origin`;

export type OutboxStatements = ReturnType<typeof prepareOutboxStatements>;

/** Everything the outbox asks its tables, prepared once. */
export function prepareOutboxStatements(database: Database.Database) {
  const pending = (order: 'ASC' | 'DESC') =>
    database.prepare(`SELECT ${rowColumns} FROM interval
      WHERE epoch = ? AND sequence BETWEEN ? AND ? AND start_ms IS NOT NULL ORDER BY sequence ${order}`);
  return {
    insert: database.prepare(`INSERT INTO interval VALUES (@epoch, @sequence, @source, @boot, @atMs, @startMs,
      @durationMs, @coverageMs, @flags, @synced, @numbers, @checksum, @origin)`),
    unstamped: database.prepare(
      `SELECT epoch, ${rowColumns} FROM interval WHERE boot = ? AND start_ms IS NULL`,
    ),
    unplaced: database.prepare(
      `SELECT epoch, ${rowColumns} FROM interval WHERE start_ms IS NULL AND boot IS NOT ?`,
    ),
    stamp: database.prepare(
      'UPDATE interval SET start_ms = ?, checksum = ? WHERE epoch = ? AND sequence = ?',
    ),
    pendingOldest: pending('ASC'),
    pendingNewest: pending('DESC'),
    epochs: database.prepare(`SELECT epoch.*,
      (SELECT min(sequence) FROM interval WHERE interval.epoch = epoch.id) AS first,
      (SELECT max(sequence) FROM interval WHERE interval.epoch = epoch.id) AS last
      FROM epoch ORDER BY id`),
    openEpoch: database.prepare(`INSERT INTO epoch (epoch, reason, device, accounted, unverified_from, gaps)
      VALUES (@epoch, @reason, @device, @accounted, @unverifiedFrom, @gaps)`),
    noteEpoch: database.prepare(
      'UPDATE epoch SET accounted = ?, unverified_from = ?, pruned_through = ? WHERE id = ?',
    ),
    between: database.prepare(
      `SELECT ${rowColumns} FROM interval WHERE epoch = ? AND sequence BETWEEN ? AND ? ORDER BY sequence`,
    ),
    move: database.prepare(
      `UPDATE interval SET epoch = ?, sequence = ?, origin = ?, checksum = ? WHERE epoch = ? AND sequence = ?`,
    ),
    newestStart: database
      .prepare(`SELECT max(start_ms) FROM
        (SELECT start_ms FROM interval ORDER BY epoch DESC, sequence DESC LIMIT 60)`)
      .pluck(),
    firstKept: database
      .prepare(`SELECT min(sequence) FROM interval
        WHERE epoch = ? AND sequence BETWEEN ? AND ? AND (start_ms IS NULL OR start_ms >= ?)`)
      .pluck(),
    firstAbove: database
      .prepare('SELECT min(sequence) FROM interval WHERE epoch = ? AND sequence BETWEEN ? AND ?')
      .pluck(),
    countBetween: database
      .prepare('SELECT count(*) FROM interval WHERE epoch = ? AND sequence BETWEEN ? AND ?')
      .pluck(),
    prune: database.prepare('DELETE FROM interval WHERE epoch = ? AND sequence <= ?'),
    sources: database.prepare('SELECT id, source FROM source'),
    addSource: database.prepare('INSERT INTO source (source) VALUES (?)'),
    boots: database.prepare('SELECT id, boot FROM boot'),
    addBoot: database.prepare('INSERT INTO boot (boot) VALUES (?)'),
    readNote: database.prepare('SELECT value FROM note WHERE name = ?').pluck(),
    writeNote: database.prepare('INSERT OR REPLACE INTO note VALUES (?, ?)'),
    startedSince: database.prepare(`SELECT source, numbers FROM interval
      WHERE epoch = ? AND sequence BETWEEN ? AND ? AND start_ms >= ?`),
    placesAfter: database.prepare(`SELECT sequence, source, boot.boot AS boot, at_ms AS atMs FROM interval
      JOIN epoch ON epoch.id = interval.epoch JOIN boot ON boot.id = interval.boot
      WHERE (epoch.epoch = @epoch AND sequence > @sequence)
        OR epoch.id > (SELECT id FROM epoch WHERE epoch = @epoch)`),
  };
}

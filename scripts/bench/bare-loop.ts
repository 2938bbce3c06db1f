import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CrossingInterval } from '../../gateway/contract/count-batch.ts';

/**
 * What better-sqlite3 does by itself: a row for each minute with the columns an interval has, and
 * its quarter, hour and day in the same transaction, prepared once, as durable as the store.
 */
export function bareLoopSeconds(folder: string, batches: readonly (readonly CrossingInterval[])[]): number {
  const database = new Database(join(folder, 'bare.sqlite'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`
    CREATE TABLE minutes (sequence INTEGER PRIMARY KEY, hash INTEGER, sensor INTEGER, start_ms INTEGER,
      duration REAL, coverage REAL, circumstance INTEGER, count_in INTEGER, count_out INTEGER,
      error_in REAL, error_out REAL, flags TEXT, extra TEXT) STRICT;
    ${['quarters', 'hours', 'days']
      .map(
        (level) => `CREATE TABLE ${level} (sensor INTEGER, start_ms INTEGER, measured INTEGER, duration REAL,
        coverage REAL, count_in INTEGER, count_out INTEGER, variance_in REAL, variance_out REAL,
        PRIMARY KEY (sensor, start_ms)) STRICT, WITHOUT ROWID;`,
      )
      .join('')}`);
  const minute = database.prepare('INSERT INTO minutes VALUES (?, ?, 1, ?, ?, ?, 1, ?, ?, ?, ?, NULL, NULL)');
  const levels = [900_000, 3_600_000, 86_400_000].map((lengthMs, index) => ({
    lengthMs,
    add: database.prepare(
      `INSERT INTO ${['quarters', 'hours', 'days'][index]} VALUES (1, ?, 1, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET measured = measured + 1, duration = duration + excluded.duration,
         coverage = coverage + excluded.coverage, count_in = count_in + excluded.count_in,
         count_out = count_out + excluded.count_out, variance_in = variance_in + excluded.variance_in,
         variance_out = variance_out + excluded.variance_out`,
    ),
  }));
  const write = database.transaction((batch: readonly CrossingInterval[]) => {
    for (const interval of batch) {
      const startMs = Date.parse(interval.start);
      const { durationSeconds, coverageSeconds, standardErrorIn, standardErrorOut } = interval;
      const sums = [durationSeconds, coverageSeconds, interval.in, interval.out];
      const errors = [standardErrorIn, standardErrorOut];
      minute.run(interval.sequence, interval.sequence, startMs, ...sums, ...errors);
      for (const { lengthMs, add } of levels) {
        add.run(startMs - (startMs % lengthMs), ...sums, ...errors.map((error) => error ** 2));
      }
    }
  });
  const begin = performance.now();
  for (const batch of batches) write.immediate(batch);
  const seconds = (performance.now() - begin) / 1000;
  database.close();
  return seconds;
}

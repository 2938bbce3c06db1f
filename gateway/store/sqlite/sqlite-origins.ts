import type Database from 'better-sqlite3';
import type { Interval } from '../../contract/count-batch.ts';

/** The key under which an interval is stored. */
export interface OriginKey {
  readonly epochKey: number;
  readonly sequence: number;
}

/**
 * Intervals by what they are. Only those with an estimated start: all others are found at their
 * place, for a start that came from a clock never changes. The caller holds the transaction.
 */
export class SqliteOrigins {
  readonly #find: Database.Statement<[number, string], OriginKey>;
  readonly #note: Database.Statement<[number, string, number, number, number]>;

  constructor(database: Database.Database) {
    this.#find = database.prepare(
      'SELECT epoch_key AS epochKey, sequence FROM origins WHERE sensor_key = ? AND origin = ?',
    );
    this.#note = database.prepare('INSERT OR IGNORE INTO origins VALUES (?, ?, ?, ?, ?)');
  }

  find(sensorKey: number, { origin, clock }: Interval): OriginKey | null {
    if (origin === undefined || clock !== 'estimated') return null;
    return this.#find.get(sensorKey, origin) ?? null;
  }

  note(sensorKey: number, epochKey: number, interval: Interval): void {
    const { origin, clock, sequence, start } = interval;
    if (origin === undefined || clock !== 'estimated') return;
    this.#note.run(sensorKey, origin, epochKey, sequence, Date.parse(start));
  }
}

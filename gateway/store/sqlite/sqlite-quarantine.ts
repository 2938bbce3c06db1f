import type Database from 'better-sqlite3';
import type { QuarantineEntry } from '../count-store.ts';

/** Enough to see what a broken device does, too little to fill a disk (2 MB). */
export const quarantineRowsMax = 1_000;
/** The head of a message tells what it was; the rest is only counted. */
export const quarantineHeadBytesMax = 2_048;

/** Poison messages, the newest ones. The caller holds the transaction. */
export class SqliteQuarantine {
  readonly #add: Database.Statement<[number, string | null, string, string, number, Uint8Array]>;
  readonly #trim: Database.Statement<[number]>;

  constructor(database: Database.Database) {
    this.#add = database.prepare(
      'INSERT INTO quarantine (received_ms, device, reason, detail, bytes, head) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#trim = database.prepare(
      'DELETE FROM quarantine WHERE entry <= (SELECT max(entry) FROM quarantine) - ?',
    );
  }

  add(entry: QuarantineEntry): void {
    const { receivedAtMs, device, reason, detail, payload } = entry;
    const head = payload.subarray(0, quarantineHeadBytesMax);
    this.#add.run(receivedAtMs, device, reason, detail, payload.byteLength, head);
    this.#trim.run(quarantineRowsMax);
  }
}

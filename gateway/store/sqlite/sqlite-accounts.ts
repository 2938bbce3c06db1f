import type Database from 'better-sqlite3';
import { type AccountedRange, type Disposition, type EpochAccount, emptyAccount } from '../account.ts';
import { BatchLimitError, epochsPerDeviceMax } from '../count-store.ts';

interface EpochRow {
  epoch_key: number;
  device: string;
  epoch: string;
  through: number;
  sent: number;
}
interface RangeRow {
  first: number;
  last: number;
  disposition: string;
}

/** An account with the key under which its rows lie. */
export interface KeyedAccount {
  readonly key: number;
  readonly account: EpochAccount;
}

/** Reads and writes the books; the caller holds the transaction. */
export class SqliteAccounts {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  readAll(device?: string): EpochAccount[] {
    return this.#statements.epochs
      .all(device ?? null, device ?? null)
      .map((row) => this.#accountOf(row).account);
  }

  /** The account of an epoch; a new one is opened where there is none. */
  open(device: string, epoch: string, atMs: number): KeyedAccount {
    const row = this.#statements.epoch.get(device, epoch);
    if (row) return this.#accountOf(row);
    if ((this.#statements.countEpochs.get(device) ?? 0) >= epochsPerDeviceMax) {
      throw new BatchLimitError(`more than ${epochsPerDeviceMax} epochs of one device`);
    }
    const { lastInsertRowid } = this.#statements.addEpoch.run(device, epoch, atMs);
    return { key: Number(lastInsertRowid), account: emptyAccount(device, epoch) };
  }

  /** Notes how far a device says that it is; a device with too many epochs is not listened to. */
  hear(said: { device: string; epoch: string; sequence: number; atMs: number }): void {
    this.#statements.hear.run({ ...said, epochsMax: epochsPerDeviceMax });
  }

  /** Writes what has changed: usually one row. */
  save(before: KeyedAccount, after: EpochAccount): void {
    const { key, account } = before;
    if (account.through !== after.through || account.sent !== after.sent) {
      this.#statements.updateEpoch.run(after.through, after.sent, key);
    }
    const { addRange, dropRange, addReused, dropReused } = this.#statements;
    difference(account.ranges, after.ranges, {
      drop: (range) => dropRange.run(key, range.from),
      add: (range) => addRange.run(key, range.from, range.to, range.disposition),
    });
    difference(account.reused, after.reused, {
      drop: (range) => dropReused.run(key, range.from),
      add: (range) => addReused.run(key, range.from, range.to),
    });
  }

  #accountOf(row: EpochRow): KeyedAccount {
    const { device, epoch, through, sent } = row;
    const ranges = this.#statements.ranges.all(row.epoch_key).map(rangeOf);
    const reused = this.#statements.reused.all(row.epoch_key).map(rangeOf);
    return { key: row.epoch_key, account: { device, epoch, through, sent, ranges, reused } };
  }
}

function rangeOf(row: RangeRow): AccountedRange {
  return { from: row.first, to: row.last, disposition: row.disposition as Disposition };
}

function difference(
  before: readonly AccountedRange[],
  after: readonly AccountedRange[],
  change: { drop(range: AccountedRange): void; add(range: AccountedRange): void },
): void {
  const kept = new Set(after);
  const had = new Set(before);
  for (const range of before) if (!kept.has(range)) change.drop(range);
  for (const range of after) if (!had.has(range)) change.add(range);
}

function prepareStatements(database: Database.Database) {
  return {
    epochs: database.prepare<[string | null, string | null], EpochRow>(
      'SELECT * FROM epochs WHERE ? IS NULL OR device = ? ORDER BY epoch_key',
    ),
    epoch: database.prepare<[string, string], EpochRow>(
      'SELECT * FROM epochs WHERE device = ? AND epoch = ?',
    ),
    countEpochs: database.prepare<[string], number>('SELECT count(*) FROM epochs WHERE device = ?').pluck(),
    addEpoch: database.prepare<[string, string, number]>(
      'INSERT INTO epochs (device, epoch, through, sent, first_seen_ms) VALUES (?, ?, 0, 0, ?)',
    ),
    hear: database.prepare(
      `INSERT INTO epochs (device, epoch, through, sent, first_seen_ms)
       SELECT @device, @epoch, 0, @sequence, @atMs WHERE
         EXISTS (SELECT 1 FROM epochs WHERE device = @device AND epoch = @epoch) OR
         (SELECT count(*) FROM epochs WHERE device = @device) < @epochsMax
       ON CONFLICT (device, epoch) DO UPDATE SET sent = max(sent, excluded.sent)`,
    ),
    updateEpoch: database.prepare<[number, number, number]>(
      'UPDATE epochs SET through = ?, sent = ? WHERE epoch_key = ?',
    ),
    ranges: database.prepare<[number], RangeRow>(
      'SELECT first, last, disposition FROM accounted WHERE epoch_key = ? ORDER BY first',
    ),
    addRange: database.prepare<[number, number, number, string]>(
      'INSERT INTO accounted (epoch_key, first, last, disposition) VALUES (?, ?, ?, ?)',
    ),
    dropRange: database.prepare<[number, number]>('DELETE FROM accounted WHERE epoch_key = ? AND first = ?'),
    reused: database.prepare<[number], RangeRow>(
      `SELECT first, last, 'sequence-reused' AS disposition FROM reused WHERE epoch_key = ? ORDER BY first`,
    ),
    addReused: database.prepare<[number, number, number]>(
      'INSERT INTO reused (epoch_key, first, last) VALUES (?, ?, ?)',
    ),
    dropReused: database.prepare<[number, number]>('DELETE FROM reused WHERE epoch_key = ? AND first = ?'),
  };
}

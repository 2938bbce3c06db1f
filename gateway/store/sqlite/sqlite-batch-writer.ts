import type Database from 'better-sqlite3';
import type { Interval } from '../../contract/count-batch.ts';
import { type AccountedRange, dispositionOf, enterRange, throughOf } from '../account.ts';
import type { AdmittedBatch, AdmittedInterval, CommitOutcome } from '../count-store.ts';
import type { KeyedAccount, SqliteAccounts } from './sqlite-accounts.ts';
import { recordDevice } from './sqlite-directory.ts';
import { SqliteIntervalWriter } from './sqlite-interval-writer.ts';
import type { SqliteQuarantine } from './sqlite-quarantine.ts';

/** What became of one interval of a batch. */
type Fate = 'stored' | 'duplicate' | 'reused';

/** Writes one batch; the caller holds the transaction. */
export class SqliteBatchWriter {
  readonly #database: Database.Database;
  readonly #accounts: SqliteAccounts;
  readonly #quarantine: SqliteQuarantine;
  readonly #intervals: SqliteIntervalWriter;

  constructor(database: Database.Database, accounts: SqliteAccounts, quarantine: SqliteQuarantine) {
    this.#database = database;
    this.#accounts = accounts;
    this.#quarantine = quarantine;
    this.#intervals = new SqliteIntervalWriter(database);
  }

  write(batch: AdmittedBatch): CommitOutcome {
    recordDevice(this.#database, { device: batch.device, status: null, atMs: batch.receivedAtMs });
    const before = this.#accounts.open(batch.device, batch.epoch, batch.receivedAtMs);
    let { ranges, reused } = before.account;
    const tally = { stored: 0, duplicate: 0, reused: 0 };
    for (const admitted of batch.intervals) {
      const fate = this.#place(before, ranges, admitted);
      tally[fate] += 1;
      const { sequence } = admitted.interval;
      if (fate === 'stored') ranges = enterRange(ranges, rangeOfOne(sequence, 'stored'));
      if (fate === 'reused') {
        this.#setAside(batch, admitted.interval);
        reused = enterRange(reused, rangeOfOne(sequence, 'sequence-reused'));
      }
    }
    for (const refused of batch.refused) ranges = enterRange(ranges, refused);
    if (batch.oldestHeld > 1) {
      ranges = enterRange(ranges, { from: 1, to: batch.oldestHeld - 1, disposition: 'gone' });
    }
    const account = {
      ...before.account,
      ranges,
      reused,
      through: throughOf(ranges, before.account.through),
      sent: Math.max(before.account.sent, ranges.at(-1)?.to ?? 0),
    };
    this.#accounts.save(before, account);
    return { account, stored: tally.stored, duplicates: tally.duplicate, reused: tally.reused };
  }

  #place(keyed: KeyedAccount, ranges: readonly AccountedRange[], admitted: AdmittedInterval): Fate {
    const { interval, hash } = admitted;
    const known = this.#intervals.hashOf(keyed.key, interval.sequence);
    if (known !== null) return known === hash ? 'duplicate' : 'reused';
    // Accounted for and no row: refused earlier, or stored and deleted by retention since.
    const disposition = dispositionOf(ranges, interval.sequence);
    if (disposition !== null && disposition !== 'gone') return 'duplicate';
    this.#intervals.add({ epochKey: keyed.key, device: keyed.account.device, ...admitted });
    return 'stored';
  }

  #setAside(batch: AdmittedBatch, interval: Interval): void {
    this.#quarantine.add({
      receivedAtMs: batch.receivedAtMs,
      device: batch.device,
      reason: 'sequence-reused',
      detail: `sequence ${interval.sequence}`,
      payload: Buffer.from(JSON.stringify(interval)),
    });
  }
}

function rangeOfOne(sequence: number, disposition: AccountedRange['disposition']): AccountedRange {
  return { from: sequence, to: sequence, disposition };
}

import type Database from 'better-sqlite3';
import type { DeviceStatus } from '../../contract/device-status.ts';
import type { EpochAccount } from '../account.ts';
import {
  type AdmittedBatch,
  type CellQuery,
  type CellSums,
  type CommitOutcome,
  type CountStore,
  type Directory,
  type QuarantineEntry,
  type Setup,
  StoreError,
} from '../count-store.ts';
import { openDatabase } from './open-database.ts';
import { SqliteAccounts } from './sqlite-accounts.ts';
import { SqliteBatchWriter } from './sqlite-batch-writer.ts';
import { readSqliteCells } from './sqlite-cells.ts';
import { applySqliteSetup, readSqliteDirectory, recordDevice } from './sqlite-directory.ts';
import { SqliteQuarantine } from './sqlite-quarantine.ts';

/** The store in one SQLite file. */
export class SqliteCountStore implements CountStore {
  readonly id: string;
  readonly #database: Database.Database;
  readonly #accounts: SqliteAccounts;
  readonly #quarantine: SqliteQuarantine;
  readonly #commit: (batch: AdmittedBatch) => CommitOutcome;

  constructor(database: Database.Database, id: string) {
    this.id = id;
    this.#database = database;
    this.#accounts = new SqliteAccounts(database);
    this.#quarantine = new SqliteQuarantine(database);
    const writer = new SqliteBatchWriter(database, this.#accounts, this.#quarantine);
    const transaction = database.transaction((batch: AdmittedBatch) => writer.write(batch));
    // Immediate: two gateway processes on one file wait for each other instead of failing midway.
    this.#commit = (batch) => transaction.immediate(batch);
  }

  async commitBatch(batch: AdmittedBatch): Promise<CommitOutcome> {
    return this.#guard(() => this.#commit(batch));
  }

  async readAccounts(device?: string): Promise<EpochAccount[]> {
    return this.#guard(() => this.#accounts.readAll(device));
  }

  async recordStatus(device: string, status: DeviceStatus, receivedAtMs: number): Promise<void> {
    this.#guard(() => recordDevice(this.#database, { device, status, atMs: receivedAtMs }));
  }

  async quarantine(entry: QuarantineEntry): Promise<void> {
    this.#guard(() => this.#database.transaction(() => this.#quarantine.add(entry))());
  }

  async applySetup(setup: Setup): Promise<void> {
    this.#guard(() => applySqliteSetup(this.#database, setup));
  }

  async readDirectory(): Promise<Directory> {
    return this.#guard(() => readSqliteDirectory(this.#database));
  }

  async readCells(query: CellQuery): Promise<CellSums[]> {
    return this.#guard(() => readSqliteCells(this.#database, query));
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw asStoreError(cause);
    }
  }
}

/**
 * SQLite's result codes that are faults of the storage and may heal (https://sqlite.org/rescode.html).
 * All others are bugs of ours and stay what they are.
 */
const storageFaults =
  /^SQLITE_(BUSY|CANTOPEN|CORRUPT|FULL|IOERR|LOCKED|NOLFS|NOMEM|NOTADB|PERM|PROTOCOL|READONLY)(_|$)/;

function asStoreError(cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  if (typeof code !== 'string' || !storageFaults.test(code)) return cause;
  return code === 'SQLITE_FULL'
    ? new StoreError('storage-full', 'the storage is full', { cause })
    : new StoreError('storage-failed', `the storage fails: ${code}`, { cause });
}

/** Opens or creates the store in `file`. Throws `StoreError` with code `store-unusable`. */
export async function openSqliteCountStore(file: string): Promise<SqliteCountStore> {
  const { database, storeId } = openDatabase(file);
  return new SqliteCountStore(database, storeId);
}

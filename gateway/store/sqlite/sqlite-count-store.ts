import type Database from 'better-sqlite3';
import type { DeviceStatus } from '../../contract/device-status.ts';
import type { EpochAccount } from '../account.ts';
import {
  type AdmittedBatch,
  type CellQuery,
  type CellSums,
  type CommitOutcome,
  type Directory,
  type QuarantineEntry,
  type Setup,
  StoreError,
} from '../count-store.ts';
import type { GatewayStore } from '../gateway-store.ts';
import type {
  AuditEntry,
  NewRecord,
  NumberedAuditEntry,
  RecordCondition,
  RecordKind,
  StoredRecord,
} from '../record-store.ts';
import { type RejectedHour, type RejectionQuery, rejectedHours } from '../rejection-store.ts';
import { receivedDayMs } from '../roll-ups.ts';
import type { Seal, SealBook, SealWork, UnsettledQuarter } from '../seal-store.ts';
import { unsettledDaysMax } from '../seal-store.ts';
import type { UpkeepPlan, UpkeepReport } from '../store-upkeep.ts';
import { openDatabase } from './open-database.ts';
import { rebuildDays } from './rebuild-days.ts';
import { SqliteAccounts } from './sqlite-accounts.ts';
import { SqliteBatchWriter } from './sqlite-batch-writer.ts';
import { SqliteBlocks } from './sqlite-blocks.ts';
import { SqliteCells } from './sqlite-cells.ts';
import { applySqliteSetup, deviceRecorder, directoryReader } from './sqlite-directory.ts';
import { SqliteMinutes } from './sqlite-minutes.ts';
import { SqliteOrigins } from './sqlite-origins.ts';
import { SqliteQuarantine } from './sqlite-quarantine.ts';
import { SqliteRecords } from './sqlite-records.ts';
import { SqliteRollUps } from './sqlite-roll-ups.ts';
import { SqliteSeals } from './sqlite-seals.ts';
import { SqliteSensors } from './sqlite-sensors.ts';
import { SqliteUpkeep } from './sqlite-upkeep.ts';

/** The store in one SQLite file. */
export class SqliteCountStore implements GatewayStore {
  readonly id: string;
  readonly #database: Database.Database;
  readonly #accounts: SqliteAccounts;
  readonly #quarantine: SqliteQuarantine;
  readonly #sensors: SqliteSensors;
  readonly #rollUps: SqliteRollUps;
  readonly #blocks: SqliteBlocks;
  readonly #cells: SqliteCells;
  readonly #records: SqliteRecords;
  readonly #minutes: SqliteMinutes;
  readonly #seals: SqliteSeals;
  readonly #upkeep: SqliteUpkeep;
  readonly #recordDevice: ReturnType<typeof deviceRecorder>;
  readonly #readDirectory: ReturnType<typeof directoryReader>;
  readonly #commit: (batch: AdmittedBatch) => CommitOutcome;

  constructor(database: Database.Database, id: string) {
    this.id = id;
    this.#database = database;
    this.#accounts = new SqliteAccounts(database);
    this.#quarantine = new SqliteQuarantine(database);
    this.#sensors = new SqliteSensors(database);
    this.#blocks = new SqliteBlocks(database);
    this.#rollUps = new SqliteRollUps(database, { sensors: this.#sensors, blocks: this.#blocks });
    this.#records = new SqliteRecords(database);
    this.#seals = new SqliteSeals(database);
    this.#recordDevice = deviceRecorder(database);
    this.#readDirectory = directoryReader(database);
    const minutes = new SqliteMinutes(database);
    this.#minutes = minutes;
    this.#cells = new SqliteCells({ database, sensors: this.#sensors, minutes, blocks: this.#blocks });
    this.#upkeep = new SqliteUpkeep({ database, minutes, cells: this.#cells, blocks: this.#blocks });
    const writer = new SqliteBatchWriter({
      database,
      accounts: this.#accounts,
      quarantine: this.#quarantine,
      sensors: this.#sensors,
      minutes,
      origins: new SqliteOrigins(database),
      rollUps: this.#rollUps,
      seals: this.#seals,
    });
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
    const record = this.#database.transaction(() => {
      this.#recordDevice({ device, status, atMs: receivedAtMs });
      const { epoch, health } = status;
      const sequence = health.lastSequence ?? 0;
      if (sequence > 0) this.#accounts.hear({ device, epoch, sequence, atMs: receivedAtMs });
    });
    this.#guard(() => record.immediate());
  }

  async quarantine(entry: QuarantineEntry): Promise<void> {
    this.#guard(() => this.#database.transaction(() => this.#quarantine.add(entry))());
  }

  async applySetup(setup: Setup): Promise<void> {
    const apply = this.#database.transaction(() => {
      applySqliteSetup(this.#database, setup);
      for (const { sensorKey, timeZone } of this.#sensors.strayZones()) {
        this.#sensors.setZone(sensorKey, timeZone);
        rebuildDays(this.#database, { sensorKey, timeZone, rollUps: this.#rollUps, blocks: this.#blocks });
      }
    });
    this.#guard(() => apply.immediate());
  }

  async readDirectory(): Promise<Directory> {
    return this.#guard(() => this.#readDirectory());
  }

  async readCells(query: CellQuery): Promise<CellSums[]> {
    return this.#guard(() => this.#cells.read(query));
  }

  async readRejections({ device, sensor, fromMs, toMs }: RejectionQuery): Promise<RejectedHour[]> {
    return this.#guard(() => {
      const key = this.#sensors.find(device, sensor, 'crossing');
      return key === null ? [] : rejectedHours(this.#minutes.read(key, fromMs, toMs));
    });
  }

  async put(records: readonly NewRecord[], atMs: number): Promise<void> {
    this.#guard(() => this.#records.put(records, atMs));
  }

  async putIf(records: readonly NewRecord[], atMs: number, condition: RecordCondition): Promise<boolean> {
    return this.#guard(() => this.#records.putIf(records, atMs, condition));
  }

  async retire(kind: RecordKind, id: string, atMs: number): Promise<boolean> {
    return this.#guard(() => this.#records.retire(kind, id, atMs));
  }

  async readRecords(kind: RecordKind, asOfMs?: number): Promise<StoredRecord[]> {
    return this.#guard(() => this.#records.read(kind, asOfMs));
  }

  async appendAudit(entry: AuditEntry): Promise<void> {
    this.#guard(() => this.#records.appendAudit(entry));
  }

  async readAudit(page: { before?: number; limit: number }): Promise<NumberedAuditEntry[]> {
    return this.#guard(() => this.#records.readAudit(page));
  }

  async upkeep(plan: UpkeepPlan): Promise<UpkeepReport> {
    return this.#guard(() => {
      this.#seals.forgetBefore(plan.nowMs - unsettledDaysMax * receivedDayMs);
      return this.#upkeep.run(plan);
    });
  }

  async readUnsettled(
    sensor: { device: string; sensor: string },
    limit: number,
  ): Promise<UnsettledQuarter[]> {
    return this.#guard(() => this.#seals.readUnsettled(sensor, limit));
  }

  async commitSeals(work: SealWork, note: (taken: readonly Seal[]) => void): Promise<Seal[]> {
    return this.#guard(() => this.#seals.commit(work, note));
  }

  async readSeals(line: string, span: { fromMs: number; toMs: number }): Promise<Seal[]> {
    return this.#guard(() => this.#seals.read(line, span));
  }

  async readSealBook(): Promise<SealBook> {
    return this.#guard(() => this.#seals.readBook());
  }

  async markSealBook(mark: { hasFile?: true; withheldBeforeMs?: number }): Promise<void> {
    this.#guard(() => this.#seals.mark(mark));
  }

  /** Bytes of all compacted days, for measuring. */
  packedBytes(): number {
    return this.#database
      .prepare<[], number>('SELECT total(length(body) + 12) FROM days_of_minutes')
      .pluck()
      .get()!;
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      // Keys that were given in a transaction that has been rolled back do not exist.
      this.#sensors.forget();
      throw asStoreError(cause);
    }
  }
}

/** SQLite's result codes of a storage that is full, or that failed in another way. */
function asStoreError(cause: unknown): unknown {
  const code = (cause as { code?: unknown }).code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return cause;
  const full = code === 'SQLITE_FULL';
  return new StoreError(full ? 'storage-full' : 'storage-failed', full ? 'the storage is full' : code, {
    cause,
  });
}

/** Opens or creates the store in `file`. Throws `StoreError` with code `store-unusable`. */
export async function openSqliteCountStore(file: string): Promise<SqliteCountStore> {
  const { database, storeId } = openDatabase(file);
  return new SqliteCountStore(database, storeId);
}

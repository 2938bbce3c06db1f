import type { DeviceStatus } from '../../contract/device-status.ts';
import type { EpochAccount } from '../account.ts';
import type {
  AdmittedBatch,
  CellQuery,
  CellSums,
  CommitOutcome,
  Directory,
  QuarantineEntry,
  Setup,
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
import type { Seal, SealBook, SealWork, UnsettledQuarter } from '../seal-store.ts';
import type { UpkeepPlan, UpkeepReport } from '../store-upkeep.ts';
import { hearAccount, readAccounts } from './postgres-accounts.ts';
import { addToQuarantine, recordDevice, writeBatch } from './postgres-batch-writer.ts';
import { readPostgresCells } from './postgres-cells.ts';
import { openPostgresDatabase, type PostgresDatabase, type Queries } from './postgres-database.ts';
import { applyPostgresSetup, readPostgresDirectory } from './postgres-directory.ts';
import { readMinutes } from './postgres-packed-days.ts';
import { PostgresSeals } from './postgres-seals.ts';
import { runPostgresUpkeep } from './postgres-upkeep.ts';

/** The store in PostgreSQL, for towns with several gateway processes. */
export class PostgresCountStore implements GatewayStore {
  readonly id: string;
  readonly #database: PostgresDatabase;
  readonly #seals: PostgresSeals;

  constructor(database: PostgresDatabase, id: string) {
    this.#database = database;
    this.#seals = new PostgresSeals(database);
    this.id = id;
  }

  commitBatch(batch: AdmittedBatch): Promise<CommitOutcome> {
    return this.#database.transaction((queries) => writeBatch(queries, batch));
  }

  readAccounts(device?: string): Promise<EpochAccount[]> {
    return this.#database.transaction((queries) => readAccounts(queries, device));
  }

  recordStatus(device: string, status: DeviceStatus, receivedAtMs: number): Promise<void> {
    const { epoch, health } = status;
    const sequence = health.lastSequence ?? 0;
    return this.#database.transaction(async (queries) => {
      await recordDevice(queries, { device, status, atMs: receivedAtMs });
      if (sequence > 0) await hearAccount(queries, { device, epoch, sequence });
    });
  }

  quarantine(entry: QuarantineEntry): Promise<void> {
    return this.#database.transaction((queries) => addToQuarantine(queries, entry));
  }

  applySetup(setup: Setup): Promise<void> {
    return this.#database.transaction((queries) => applyPostgresSetup(queries, setup));
  }

  readDirectory(): Promise<Directory> {
    return readPostgresDirectory(this.#database);
  }

  readCells(query: CellQuery): Promise<CellSums[]> {
    return readPostgresCells(this.#database, query);
  }

  async readRejections(query: RejectionQuery): Promise<RejectedHour[]> {
    const asked = { ...query, kind: 'crossing' } as const;
    const minutes = await this.#database.snapshot((queries) => readMinutes(queries, asked));
    return rejectedHours(minutes);
  }

  async put(records: readonly NewRecord[], atMs: number): Promise<void> {
    await this.#database.transaction((queries) => writeRecords(queries, records, atMs));
  }

  async putIf(
    records: readonly NewRecord[],
    atMs: number,
    { kind, id, recordedMs }: RecordCondition,
  ): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      // Locked, so that of two who ask for the same state one waits and then finds it retired.
      const { rowCount } = await queries.query(
        `SELECT 1 FROM records WHERE kind = $1 AND id = $2 AND recorded_ms = $3 AND retired_ms IS NULL
         FOR UPDATE`,
        [kind, id, recordedMs],
      );
      if (rowCount === 0) return false;
      await writeRecords(queries, records, atMs);
      return true;
    });
  }

  async retire(kind: RecordKind, id: string, atMs: number): Promise<boolean> {
    const { rowCount } = await this.#database.query(retireSql, [atMs, kind, id]);
    return (rowCount ?? 0) > 0;
  }

  async readRecords(kind: RecordKind, asOfMs?: number): Promise<StoredRecord[]> {
    const { rows } = await this.#database.query<StoredRecord>(
      `SELECT kind, id, recorded_ms AS "recordedMs", retired_ms AS "retiredMs", body FROM records
       WHERE kind = $1 AND ($2::bigint IS NULL AND retired_ms IS NULL
         OR recorded_ms <= $2 AND (retired_ms IS NULL OR retired_ms > $2))
       ORDER BY id`,
      [kind, asOfMs ?? null],
    );
    return rows;
  }

  async appendAudit({ atMs, actor, action, subject }: AuditEntry): Promise<void> {
    await this.#database.query('INSERT INTO audit (at_ms, actor, action, subject) VALUES ($1, $2, $3, $4)', [
      atMs,
      actor,
      action,
      subject,
    ]);
  }

  async readAudit(page: { before?: number; limit: number }): Promise<NumberedAuditEntry[]> {
    const { rows } = await this.#database.query<NumberedAuditEntry>(
      `SELECT entry, at_ms AS "atMs", actor, action, subject FROM audit
       WHERE entry < $1 ORDER BY entry DESC LIMIT $2`,
      [page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
    );
    return rows;
  }

  upkeep(plan: UpkeepPlan): Promise<UpkeepReport> {
    return runPostgresUpkeep(this.#database, plan);
  }

  readUnsettled(sensor: { device: string; sensor: string }, limit: number): Promise<UnsettledQuarter[]> {
    return this.#seals.readUnsettled(sensor, limit);
  }

  commitSeals(work: SealWork, note: (taken: readonly Seal[]) => void): Promise<Seal[]> {
    return this.#seals.commit(work, note);
  }

  readSeals(line: string, span: { fromMs: number; toMs: number }): Promise<Seal[]> {
    return this.#seals.read(line, span);
  }

  readSealBook(): Promise<SealBook> {
    return this.#seals.readBook();
  }

  markSealBook(mark: { hasFile?: true; withheldBeforeMs?: number }): Promise<void> {
    return this.#seals.mark(mark);
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

/** The caller holds the transaction. */
async function writeRecords(queries: Queries, records: readonly NewRecord[], atMs: number): Promise<void> {
  for (const { kind, id, body } of records) {
    await queries.query(retireSql, [atMs, kind, id]);
    await queries.query(
      `INSERT INTO records VALUES ($1, $2, $3, NULL, $4)
       ON CONFLICT (kind, id, recorded_ms) DO UPDATE SET retired_ms = NULL, body = excluded.body`,
      [kind, id, atMs, JSON.stringify(body)],
    );
  }
}

const retireSql = 'UPDATE records SET retired_ms = $1 WHERE kind = $2 AND id = $3 AND retired_ms IS NULL';

/** Connects to `url` and brings the schema up to date. Throws `StoreError` with code `store-unusable`. */
export async function openPostgresCountStore(url: string): Promise<PostgresCountStore> {
  const { database, storeId } = await openPostgresDatabase(url);
  return new PostgresCountStore(database, storeId);
}

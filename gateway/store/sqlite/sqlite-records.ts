import type Database from 'better-sqlite3';
import type {
  AuditEntry,
  NewRecord,
  NumberedAuditEntry,
  RecordCondition,
  RecordKind,
  StoredRecord,
} from '../record-store.ts';

/** Records and audit log in SQLite; methods that write hold a transaction of their own. */
export class SqliteRecords {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  put(records: readonly NewRecord[], atMs: number): void {
    this.#database.transaction(() => this.#write(records, atMs)).immediate();
  }

  putIf(records: readonly NewRecord[], atMs: number, { kind, id, recordedMs }: RecordCondition): boolean {
    const inForce = this.#database
      .prepare<[string, string, number], number>(
        'SELECT count(*) FROM records WHERE kind = ? AND id = ? AND recorded_ms = ? AND retired_ms IS NULL',
      )
      .pluck();
    return this.#database
      .transaction(() => {
        if (inForce.get(kind, id, recordedMs) === 0) return false;
        this.#write(records, atMs);
        return true;
      })
      .immediate();
  }

  /** The caller holds the transaction. */
  #write(records: readonly NewRecord[], atMs: number): void {
    const retire = this.#database.prepare(retireSql);
    // Twice within a millisecond: the later one stands.
    const insert = this.#database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?, NULL, ?)');
    for (const { kind, id, body } of records) {
      retire.run(atMs, kind, id);
      insert.run(kind, id, atMs, JSON.stringify(body));
    }
  }

  retire(kind: RecordKind, id: string, atMs: number): boolean {
    return this.#database.prepare(retireSql).run(atMs, kind, id).changes > 0;
  }

  read(kind: RecordKind, asOfMs?: number): StoredRecord[] {
    const rows =
      asOfMs === undefined
        ? this.#database
            .prepare<[string], RecordRow>(
              'SELECT * FROM records WHERE kind = ? AND retired_ms IS NULL ORDER BY id',
            )
            .all(kind)
        : this.#database
            .prepare<[string, number, number], RecordRow>(
              `SELECT * FROM records WHERE kind = ? AND recorded_ms <= ?
               AND (retired_ms IS NULL OR retired_ms > ?) ORDER BY id`,
            )
            .all(kind, asOfMs, asOfMs);
    return rows.map(recordOf);
  }

  appendAudit({ atMs, actor, action, subject }: AuditEntry): void {
    this.#database
      .prepare('INSERT INTO audit (at_ms, actor, action, subject) VALUES (?, ?, ?, ?)')
      .run(atMs, actor, action, subject);
  }

  readAudit(page: { before?: number; limit: number }): NumberedAuditEntry[] {
    return this.#database
      .prepare<[number, number], NumberedAuditEntry>(
        `SELECT entry, at_ms AS atMs, actor, action, subject FROM audit
         WHERE entry < ? ORDER BY entry DESC LIMIT ?`,
      )
      .all(page.before ?? Number.MAX_SAFE_INTEGER, page.limit);
  }
}

const retireSql = 'UPDATE records SET retired_ms = ? WHERE kind = ? AND id = ? AND retired_ms IS NULL';

interface RecordRow {
  kind: RecordKind;
  id: string;
  recorded_ms: number;
  retired_ms: number | null;
  body: string;
}

function recordOf(row: RecordRow): StoredRecord {
  const { kind, id, recorded_ms, retired_ms, body } = row;
  return { kind, id, recordedMs: recorded_ms, retiredMs: retired_ms, body: JSON.parse(body) as unknown };
}

import type {
  AuditEntry,
  NewRecord,
  NumberedAuditEntry,
  RecordCondition,
  RecordKind,
  RecordStore,
  StoredRecord,
} from '../../gateway/store/record-store.ts';

/** Records and audit log in memory. */
export class RecordBook implements RecordStore {
  readonly #states: { -readonly [Name in keyof StoredRecord]: StoredRecord[Name] }[] = [];
  readonly #audit: NumberedAuditEntry[] = [];

  async put(records: readonly NewRecord[], atMs: number): Promise<void> {
    for (const { kind, id, body } of records) {
      await this.retire(kind, id, atMs);
      this.#states.push({ kind, id, body, recordedMs: atMs, retiredMs: null });
    }
  }

  async putIf(records: readonly NewRecord[], atMs: number, condition: RecordCondition): Promise<boolean> {
    const { kind, id, recordedMs } = condition;
    const holds = this.#inForce(kind).some((state) => state.id === id && state.recordedMs === recordedMs);
    if (holds) await this.put(records, atMs);
    return holds;
  }

  async retire(kind: RecordKind, id: string, atMs: number): Promise<boolean> {
    const state = this.#inForce(kind).find((candidate) => candidate.id === id);
    if (state) state.retiredMs = atMs;
    return state !== undefined;
  }

  async readRecords(kind: RecordKind): Promise<StoredRecord[]> {
    return this.#inForce(kind).toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  async appendAudit(entry: AuditEntry): Promise<void> {
    this.#audit.unshift({ ...entry, entry: this.#audit.length + 1 });
  }

  async readAudit({ limit }: { limit: number }): Promise<NumberedAuditEntry[]> {
    return this.#audit.slice(0, limit);
  }

  #inForce(kind: RecordKind) {
    return this.#states.filter((state) => state.kind === kind && state.retiredMs === null);
  }
}

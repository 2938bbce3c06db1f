/** What people decide, as opposed to what sensors saw. */
export type RecordKind =
  | 'calibration'
  | 'event'
  | 'opening-hours'
  | 'school-holidays'
  | 'weather-month'
  | 'receipts-month'
  | 'peer-group'
  | 'index-group'
  | 'user'
  | 'session'
  | 'api-key'
  | 'api-key-use'
  | 'grant'
  | 'device-credential'
  | 'configured-setup'
  | 'enrolment-code'
  | 'assignment'
  | 'device-profile'
  | 'device-settings';

/** A state that somebody wants to write. */
export interface NewRecord {
  readonly kind: RecordKind;
  readonly id: string;
  readonly body: unknown;
}

/** Which state has to be in force for a conditional write. */
export type RecordCondition = Pick<StoredRecord, 'kind' | 'id' | 'recordedMs'>;

/** One state of a record: in force from `recordedMs` until `retiredMs`, null while it still is. */
export interface StoredRecord {
  readonly kind: RecordKind;
  readonly id: string;
  readonly recordedMs: number;
  readonly retiredMs: number | null;
  /** JSON; the schema belongs to whoever writes the kind. */
  readonly body: unknown;
}

export interface AuditEntry {
  readonly atMs: number;
  /** Who: `user:anna`, `key:4f2a…`, `operator` at the command line. */
  readonly actor: string;
  /** What, from a closed list of the caller. */
  readonly action: string;
  /** On what: a route, a key, a line. */
  readonly subject: string;
}

export interface NumberedAuditEntry extends AuditEntry {
  /** Ascending in order of writing. */
  readonly entry: number;
}

/**
 * Records and the audit log. A record is never changed: a new state retires the one before, so that
 * every day's state can be read again. Every method rejects with a `StoreError` and then has changed
 * nothing.
 */
export interface RecordStore {
  /** Writes states; an earlier state of the same kind and id is retired at the same moment. */
  put(records: readonly NewRecord[], atMs: number): Promise<void>;
  /**
   * Writes states as `put`, but only where the state of `condition` is the one in force; false where
   * somebody was faster, and then nothing is written. `atMs` is later than `condition.recordedMs`.
   */
  putIf(records: readonly NewRecord[], atMs: number, condition: RecordCondition): Promise<boolean>;
  /** False where no state was in force. */
  retire(kind: RecordKind, id: string, atMs: number): Promise<boolean>;
  /** States in force now, or at `asOfMs`, by id. */
  readRecords(kind: RecordKind, asOfMs?: number): Promise<StoredRecord[]>;
  appendAudit(entry: AuditEntry): Promise<void>;
  /** Newest first, of entries below `before` where it is given. */
  readAudit(page: { before?: number; limit: number }): Promise<NumberedAuditEntry[]>;
}

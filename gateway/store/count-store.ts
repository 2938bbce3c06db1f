import type { Interval } from '../contract/count-batch.ts';
import type { DeviceStatus } from '../contract/device-status.ts';
import type { LineKind, LineRole } from '../contract/http-api.ts';
import type { ProtectionRule } from '../contract/protection.ts';
import type { RefusalReason } from '../contract/receipt.ts';
import type { SiteDetails } from '../contract/site-details.ts';
import type { AccountedRange, EpochAccount } from './account.ts';

/** An interval that passed validation, with the hash of its contents without the sequence. */
export interface AdmittedInterval {
  readonly interval: Interval;
  readonly hash: bigint;
}

/** What ingest made of one batch; `refused` are sequences that will never be stored. */
export interface AdmittedBatch {
  readonly device: string;
  readonly epoch: string;
  readonly receivedAtMs: number;
  /** Everything below is gone for good; 1 where the batch declared nothing. */
  readonly oldestHeld: number;
  readonly intervals: readonly AdmittedInterval[];
  readonly refused: readonly AccountedRange[];
}

/** What a commit did. `account` is the state that has been committed. */
export interface CommitOutcome {
  readonly account: EpochAccount;
  readonly stored: number;
  readonly duplicates: number;
  readonly reused: number;
  /** Under a key of their own, but stored already under another one: a card was copied and put back. */
  readonly repeated: number;
  /** Of the stored ones, those that share time with another interval of their sensor. */
  readonly overlapping: number;
}

/** Why a message went to quarantine: a refusal, or a message of which nothing could be refused. */
export type QuarantineReason = RefusalReason | 'wrong-topic';

export interface QuarantineEntry {
  readonly receivedAtMs: number;
  readonly device: string | null;
  readonly reason: QuarantineReason;
  /** The schema's objection or the kind of it; never a value from the message. */
  readonly detail: string;
  readonly payload: Uint8Array;
}

export interface SiteRecord {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  readonly town: string;
  readonly timeZone: string;
  /** What the operator says of it for papers, maps and catalogues. */
  readonly details?: SiteDetails;
  /** How its lines are sealed; what is not said is as in `protectionRuleOf`. */
  readonly protection?: Partial<ProtectionRule>;
}

export interface LineRecord {
  readonly id: string;
  readonly site: string;
  readonly name: string;
  readonly role: LineRole;
  readonly kind: LineKind;
}

/** `counts` and `lane` add to the line; a `witness` watches and is never added. */
export type AssignmentRole = 'counts' | 'witness' | 'lane';

/** A sensor at a line from `fromMs` until `untilMs`; null means without bound. */
export interface AssignmentRecord {
  readonly line: string;
  readonly device: string;
  readonly sensor: string;
  readonly role: AssignmentRole;
  /** Lanes of a wide passage are numbered from 1; 0 where the role is not `lane`. */
  readonly lane: number;
  /** −1 where the sensor hangs the other way round: its `in` is the line's `out`. */
  readonly sign: 1 | -1;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

/** Sites, lines and assignments as the operator wants them. */
export interface Setup {
  readonly sites: readonly SiteRecord[];
  readonly lines: readonly LineRecord[];
  readonly assignments: readonly AssignmentRecord[];
}

export interface DeviceRecord {
  readonly device: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** The last birth or will; null where none came. */
  readonly status: DeviceStatus | null;
}

/** A sensor that has delivered intervals. */
export interface SensorRecord {
  readonly device: string;
  readonly sensor: string;
  readonly kind: LineKind;
}

/** Levels of detail, from the finest. */
export const keptLevels = ['minutes', 'quarters', 'hours', 'days'] as const;
export type KeptLevel = (typeof keptLevels)[number];

export interface Directory extends Setup {
  readonly devices: readonly DeviceRecord[];
  readonly sensors: readonly SensorRecord[];
  /** What started before has been deleted by retention; 0 where nothing has. */
  readonly deletedBeforeMs: Readonly<Record<KeptLevel, number>>;
}

/** Which sums to read: of one sensor, in cells that start at multiples of `cellSeconds` of UTC. */
export interface CellQuery {
  readonly device: string;
  readonly sensor: string;
  readonly kind: LineKind;
  /** Half-open; an interval belongs where its start lies. */
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * 86,400 asks for local days of `timeZone`. Cells may come finer than asked, never coarser, where
   * the range or the zone does not fit the roll-up; they add up to the same.
   */
  readonly cellSeconds: 60 | 300 | 900 | 3600 | 86_400;
  readonly timeZone?: string;
  /** Leaves out what arrived after the UTC day of this moment; answered in hours of UTC. */
  readonly asOfMs?: number;
}

/**
 * Sums of one sensor over one cell. Fields that the kind does not have are 0. `measured` is the
 * number of intervals in which anybody looked; variances are the sums of squared standard errors.
 */
export interface CellSums {
  readonly startMs: number;
  readonly measured: number;
  readonly durationSeconds: number;
  readonly coverageSeconds: number;
  readonly in: number;
  readonly out: number;
  readonly varianceIn: number;
  readonly varianceOut: number;
  readonly activations: number;
  readonly activeSeconds: number;
  readonly orderedIn: number;
  readonly orderedOut: number;
  readonly frames: number;
  readonly indicator: number;
  readonly variance: number;
  /** Bit n: some interval had the n-th of the contract's `sensorFlags`. */
  readonly flags: number;
}

/** Faults of the storage. `storage-full` heals when somebody makes room; both heal by being tried again. */
export type StoreErrorCode = 'storage-full' | 'storage-failed' | 'store-unusable';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** How many epochs a device may open: one that breaks its outbox every day has a year. */
export const epochsPerDeviceMax = 400;
/** Ranges of an epoch's account: so many gaps and refusals are no outage but an attack on the table. */
export const rangesPerEpochMax = 2_000;
/** Slots and kinds a device may have had over its life; it has room for sixteen at a time. */
export const sensorsPerDeviceMax = 256;

/** A batch that would let a table grow without bound. Nothing of it is stored, and it gets no receipt. */
export class BatchLimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BatchLimitError';
  }
}

/**
 * Where counts are kept.
 *
 * `commitBatch` does everything a batch means in one transaction: raw intervals, roll-ups,
 * account, quarantine of reused sequences. It is idempotent by (device, epoch, sequence), and by
 * what an interval is (`origin`) under whatever key it comes; it never overwrites, and when it has resolved the batch survives a power cut. Every method rejects with a
 * `StoreError`, `commitBatch` also with a `BatchLimitError`, and then has changed nothing.
 */
export interface CountStore {
  /** Random id born with the database and renewed by a restore. */
  readonly id: string;
  commitBatch(batch: AdmittedBatch): Promise<CommitOutcome>;
  /** The books of one device, or of all, oldest epoch first. */
  readAccounts(device?: string): Promise<EpochAccount[]>;
  recordStatus(device: string, status: DeviceStatus, receivedAtMs: number): Promise<void>;
  /** Keeps a poison message, bounded in number and size: the oldest makes room. */
  quarantine(entry: QuarantineEntry): Promise<void>;
  /** Replaces sites, lines and assignments; the same again changes nothing. */
  applySetup(setup: Setup): Promise<void>;
  readDirectory(): Promise<Directory>;
  /** Sums of one sensor, ascending; cells without any interval are left out. */
  readCells(query: CellQuery): Promise<CellSums[]>;
  close(): Promise<void>;
}

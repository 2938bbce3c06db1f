import type { SealedCell } from '../values/published.ts';

/** A sealed cell of a line with the moment it was sealed. */
export interface Seal extends SealedCell {
  readonly line: string;
  readonly sealedMs: number;
}

/** A quarter of an hour of a sensor that has received data since it was last settled. */
export interface UnsettledQuarter {
  readonly startMs: number;
  /** When its first data arrived since. */
  readonly firstDataMs: number;
  readonly lastDataMs: number;
  /** How often data arrived since: tells whether more has come since it was read. */
  readonly touches: number;
}

export interface SensorQuarters {
  readonly device: string;
  readonly sensor: string;
  readonly quarters: readonly UnsettledQuarter[];
}

/** What one round of sealing found. */
export interface SealWork {
  readonly seals: readonly Seal[];
  /** Quarters that need no further look, unless more data arrived since they were read. */
  readonly settled: readonly SensorQuarters[];
  /** Sealed cells, by line and start, that data came too late for. */
  readonly late: readonly { readonly line: string; readonly startMs: number }[];
}

/** What the database knows about its seals as a whole. */
export interface SealBook {
  /** Born with the database and kept by a restore: names the series of seals that a seal file is about. */
  readonly id: string;
  readonly seals: number;
  /** Cells that start before are not sealed any more: they may have been, before a restore. */
  readonly withheldBeforeMs: number;
  /** Whether a seal file has been begun for this database. */
  readonly hasFile: boolean;
}

/** Data wait this long to be sealed at most; as long as devices hold what they could not deliver. */
export const unsettledDaysMax = 400;

/**
 * Where sealed cells are kept. A seal is written once and never changed, deleted or overlapped:
 * of two processes that seal the same time of a line, the first is taken and the other's draw is lost
 * unseen. `commitBatch` of the count store notes every quarter of a crossing sensor that receives data. Every
 * method rejects with a `StoreError` and then has changed nothing.
 */
export interface SealStore {
  /** Unsettled quarters of one sensor, oldest first, at most `limit`. */
  readUnsettled(sensor: { device: string; sensor: string }, limit: number): Promise<UnsettledQuarter[]>;
  /**
   * Does all of it in one transaction; returns the seals that were taken. `note` is called with them
   * before they are committed, so that a seal that was ever read is noted.
   */
  commitSeals(work: SealWork, note: (taken: readonly Seal[]) => void): Promise<Seal[]>;
  /** Seals of a line that start in the half-open span, ascending. */
  readSeals(line: string, span: { fromMs: number; toMs: number }): Promise<Seal[]>;
  readSealBook(): Promise<SealBook>;
  /** Notes that there is a seal file, and from when on cells may be sealed; neither is ever taken back. */
  markSealBook(mark: { hasFile?: true; withheldBeforeMs?: number }): Promise<void>;
}

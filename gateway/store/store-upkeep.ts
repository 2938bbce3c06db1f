import type { KeptLevel } from './count-store.ts';

/** Days for which each level is kept; null for ever. Accounts and seals have no retention. */
export type RetentionDays = Readonly<Record<KeptLevel, number | null>>;

export interface UpkeepPlan {
  readonly nowMs: number;
  readonly keepDays: RetentionDays;
  /** Minutes of UTC days older than this are compacted. */
  readonly compactAfterDays: number;
}

export interface UpkeepReport {
  readonly compactedDays: number;
  readonly deletedRows: number;
  /** False where the work was cut short to let ingest through; call again. */
  readonly finished: boolean;
}

/** Forty days: devices hold what they delivered for 35, so nothing that is sent again meets a packed day. */
export const compactAfterDays = 40;

/** Ingest waits while days are packed; a second is less than any device's patience. */
export const upkeepMsMax = 1_000;

/**
 * What a store does in quiet moments. A call works in short transactions and returns after at most
 * about a second, so that ingest waits no longer than that.
 */
export interface StoreUpkeep {
  upkeep(plan: UpkeepPlan): Promise<UpkeepReport>;
}

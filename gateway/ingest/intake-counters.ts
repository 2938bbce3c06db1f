import type { QuarantineReason } from '../store/count-store.ts';

/** Running numbers of the intake since the start of the process, for metrics. */
export interface IntakeCounters {
  batches: number;
  intervalsStored: number;
  intervalsDuplicate: number;
  /** Stored, and flagged because their time is another interval's too. */
  intervalsOverlapping: number;
  receiptsPublished: number;
  receiptsFailed: number;
  resumesAnswered: number;
  /** Messages dropped without a receipt because the storage refused. */
  messagesDropped: number;
  storageFaults: number;
  poison: Record<QuarantineReason, number>;
}

export function newIntakeCounters(): IntakeCounters {
  return {
    batches: 0,
    intervalsStored: 0,
    intervalsDuplicate: 0,
    intervalsOverlapping: 0,
    receiptsPublished: 0,
    receiptsFailed: 0,
    resumesAnswered: 0,
    messagesDropped: 0,
    storageFaults: 0,
    poison: {
      invalid: 0,
      oversized: 0,
      'unknown-device': 0,
      'unknown-version': 0,
      'sequence-reused': 0,
      repeated: 0,
      gone: 0,
      'wrong-topic': 0,
    },
  };
}

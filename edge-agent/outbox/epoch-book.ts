import { type Accounted, openRanges } from './accounted-ranges.ts';
import type { EpochReason } from './outbox.ts';

/** What the outbox knows of one epoch, in memory. */
export interface EpochBook {
  readonly id: number;
  readonly epoch: string;
  readonly reason: EpochReason;
  /** Whether this device wrote it; a card that was copied to another device carries foreign ones. */
  readonly own: boolean;
  /** Whether sequences between the first and the last may be missing: it was saved from a damaged file. */
  readonly gaps: boolean;
  accounted: Accounted;
  /** First sequence appended since the gateway last confirmed this file; null once it has. */
  unverifiedFrom: number | null;
  oldestHeld: number;
  lastSequence: number;
}

/** A row of the table `epoch`, with the range of its intervals. */
export interface EpochRecord {
  readonly id: number;
  readonly epoch: string;
  readonly reason: EpochReason;
  readonly device: string;
  readonly accounted: string;
  readonly unverified_from: number | null;
  readonly pruned_through: number;
  readonly gaps: 0 | 1;
  readonly first: number | null;
  readonly last: number | null;
}

export function readEpochRecord(record: EpochRecord, device: string): EpochBook {
  const lastSequence = Math.max(record.pruned_through, record.last ?? 0);
  return {
    id: record.id,
    epoch: record.epoch,
    reason: record.reason,
    own: record.device === device,
    gaps: record.gaps === 1,
    accounted: JSON.parse(record.accounted) as Accounted,
    unverifiedFrom: record.unverified_from,
    oldestHeld: record.first ?? lastSequence + 1,
    lastSequence,
  };
}

/** Ranges of an epoch that are held and not accounted for. */
export function heldRanges(book: EpochBook) {
  return openRanges(book.accounted, book.oldestHeld, book.lastSequence);
}

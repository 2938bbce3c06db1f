import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { DeviceStatus } from '../../gateway/contract/device-status.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import type { ClosedInterval } from '../interval/closed-interval.ts';

export type EpochReason = DeviceStatus['health']['epochReason'];

/** What an outbox says of itself. */
export interface OutboxState {
  /** The epoch that new intervals are appended to. */
  readonly epoch: string;
  readonly epochReason: EpochReason;
  /** Last sequence of `epoch`; 0 before the first. */
  readonly lastSequence: number;
  /**
   * The last sequence to tell the gateway of: while this file may be an older copy, only what it
   * held at the start, because later keys may have been used by the file before.
   */
  readonly toldSequence: number;
  /** Intervals of all epochs that no receipt covers. */
  readonly held: number;
  readonly full: boolean;
  /** Intervals refused since the start because the outbox was full. */
  readonly refusedByFull: number;
  /** Intervals that the gateway refused for good since the start. */
  readonly refusedByGateway: number;
}

/** Which intervals `pending` is asked for: one epoch, sequences from `above` to `below`, both excluded. */
export interface PendingQuery {
  readonly epoch: string;
  readonly above: number;
  readonly below: number;
  readonly order: 'oldest-first' | 'newest-first';
  readonly limit: number;
  /** Sequences on their way already. */
  readonly except: (sequence: number) => boolean;
}

/** What the receipt was, in the outbox's eyes. */
export type ReceiptOutcome =
  /** Of an epoch that is not held here. */
  | 'foreign'
  | 'taken'
  /** Taken, and the accounted range went back: another store, or the direct answer to `resume`. */
  | 'rewound'
  /** Covers intervals that this file never sent: an older copy of it was put back; a new epoch is open. */
  | 'restored';

/**
 * Closed intervals until their receipt, and a while longer. The contract, which every adapter passes
 * (tests/suites/outbox.suite.ts):
 *
 * - `append` gives each interval its key (epoch, sequence) once, all of a call in one transaction
 *   that survives a power cut; at capacity it takes nothing and says so. It throws `OutboxError`.
 * - `stamp` gives the intervals of one boot that closed before the clock was trusted their start.
 * - `placeEarlier` does so for boots that ended before they learned the time, as well as can be told.
 * - `pending` lists stamped intervals that no receipt covers; `epochs` those that have any, oldest first.
 * - `accept` takes a receipt. Under the same store the accounted range only grows; under another
 *   store, or where `isAnswer` says that it is the direct answer to the own `resume`, it is
 *   replaced. Nothing is deleted for 35 days after its receipt.
 * - `placesAfter` tells the sensor times of what was appended to an epoch after a sequence, also of
 *   what has got its key in a later epoch since.
 */
export interface Outbox {
  readonly state: OutboxState;
  append(intervals: readonly ClosedInterval[], bootId: string): 'stored' | 'full';
  stamp(bootId: string, offsetSeconds: number): number;
  placeEarlier(bootId: string, offsetSeconds: number): number;
  pending(query: PendingQuery): Interval[];
  epochs(): readonly HeldEpoch[];
  accept(receipt: Receipt, isAnswer: boolean): ReceiptOutcome;
  placesAfter(epoch: string, sequence: number): IntervalPlaceInBoot[];
  close(): void;
}

/** An interval's key and its place on the sensor's own time line. */
export interface IntervalPlaceInBoot {
  readonly sequence: number;
  readonly sensor: string;
  readonly boot: string;
  readonly atMs: number;
}

/** One epoch with intervals in the file. */
export interface HeldEpoch {
  readonly epoch: string;
  /** Everything below is gone for good; one above the last sequence where nothing is held. */
  readonly oldestHeld: number;
  /** Saved from a damaged file: only oldest first, so that `oldestHeld` can tell what is missing. */
  readonly gaps: boolean;
  readonly lastSequence: number;
  /** Every sequence up to here is accounted for by the gateway. */
  readonly through: number;
  /**
   * Whether the gateway has answered a `resume` of this epoch since the start. Until then nothing is
   * sent: were this an older copy of the file put back, new intervals would go out under used keys.
   */
  readonly verified: boolean;
}

/** `disk-full`: room on the card is missing. `damaged`: the file is no sound database any more. */
export type OutboxErrorCode = 'disk-full' | 'damaged' | 'unwritable';

export class OutboxError extends Error {
  readonly code: OutboxErrorCode;
  constructor(code: OutboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutboxError';
    this.code = code;
  }
}

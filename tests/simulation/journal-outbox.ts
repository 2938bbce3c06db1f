import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import {
  type HeldEpoch,
  type IntervalPlaceInBoot,
  type Outbox,
  OutboxError,
  type OutboxState,
  type PendingQuery,
  type ReceiptOutcome,
} from '../../edge-agent/outbox/outbox.ts';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import { ProcessDied, type SimProcess } from './sim-process.ts';

/** What the world does around an outbox. */
export interface JournalOutboxParts {
  readonly inner: Outbox;
  readonly process: SimProcess;
  readonly cardIsFull: () => boolean;
  /** Does `write` and cuts the power in the middle of it, if that is what is to happen now. */
  readonly cutsPower: (write: () => void) => boolean;
  readonly closed: (intervals: readonly ClosedInterval[], epoch: string, firstSequence: number) => void;
  readonly stamped: () => void;
  readonly refused: (intervals: readonly ClosedInterval[]) => void;
  /** Another copy of the card was in use: these intervals have new keys. */
  readonly moved: (to: string, places: readonly IntervalPlaceInBoot[]) => void;
}

/** The real outbox, with a journal of what it took beside it and a card that can fail below it. */
export class JournalOutbox implements Outbox {
  readonly #parts: JournalOutboxParts;

  constructor(parts: JournalOutboxParts) {
    this.#parts = parts;
  }

  get state(): OutboxState {
    return this.#parts.inner.state;
  }

  append(intervals: readonly ClosedInterval[], bootId: string): 'stored' | 'full' {
    const { inner, closed, refused, cutsPower } = this.#parts;
    this.#beforeWriting();
    const { epoch, lastSequence } = inner.state;
    let outcome: 'stored' | 'full' = 'stored';
    const write = () => {
      outcome = inner.append(intervals, bootId);
    };
    if (intervals.length > 0 && cutsPower(write)) throw new ProcessDied();
    if (intervals.length === 0) return inner.append(intervals, bootId);
    if (outcome === 'stored') closed(intervals, epoch, lastSequence + 1);
    else refused(intervals);
    return outcome;
  }

  stamp(bootId: string, offsetSeconds: number): number {
    this.#beforeWriting();
    const stamped = this.#parts.inner.stamp(bootId, offsetSeconds);
    this.#parts.stamped();
    return stamped;
  }

  placeEarlier(bootId: string, offsetSeconds: number): number {
    this.#beforeWriting();
    return this.#parts.inner.placeEarlier(bootId, offsetSeconds);
  }

  pending(query: PendingQuery): Interval[] {
    this.#parts.process.mustLive();
    return this.#parts.inner.pending(query);
  }

  epochs(): readonly HeldEpoch[] {
    return this.#parts.inner.epochs();
  }

  accept(receipt: Receipt, isAnswer: boolean): ReceiptOutcome {
    const { inner, moved } = this.#parts;
    this.#parts.process.mustLive();
    const before = inner.state;
    const outcome = inner.accept(receipt, isAnswer);
    if (outcome !== 'restored') return outcome;
    const after = inner.state;
    const first = before.epoch === after.epoch ? before.lastSequence + 1 : 1;
    moved(after.epoch, inner.placesAfter(after.epoch, first - 1));
    return outcome;
  }

  placesAfter(epoch: string, sequence: number): IntervalPlaceInBoot[] {
    return this.#parts.inner.placesAfter(epoch, sequence);
  }

  close(): void {
    this.#parts.inner.close();
  }

  #beforeWriting(): void {
    this.#parts.process.mustLive();
    if (this.#parts.cardIsFull()) throw new OutboxError('disk-full', 'no room on the simulated card');
  }
}

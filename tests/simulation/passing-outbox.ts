import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import type {
  HeldEpoch,
  IntervalPlaceInBoot,
  Outbox,
  OutboxState,
  PendingQuery,
  ReceiptOutcome,
} from '../../edge-agent/outbox/outbox.ts';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';

/** Passes everything on to the outbox within; whoever extends it changes one thing. */
export class PassingOutbox implements Outbox {
  readonly inner: Outbox;

  constructor(inner: Outbox) {
    this.inner = inner;
  }

  get state(): OutboxState {
    return this.inner.state;
  }

  append(intervals: readonly ClosedInterval[], bootId: string): 'stored' | 'full' {
    return this.inner.append(intervals, bootId);
  }

  stamp(bootId: string, offsetSeconds: number): number {
    return this.inner.stamp(bootId, offsetSeconds);
  }

  placeEarlier(bootId: string, offsetSeconds: number): number {
    return this.inner.placeEarlier(bootId, offsetSeconds);
  }

  pending(query: PendingQuery): Interval[] {
    return this.inner.pending(query);
  }

  epochs(): readonly HeldEpoch[] {
    return this.inner.epochs();
  }

  accept(receipt: Receipt, isAnswer: boolean): ReceiptOutcome {
    return this.inner.accept(receipt, isAnswer);
  }

  placesAfter(epoch: string, sequence: number): IntervalPlaceInBoot[] {
    return this.inner.placesAfter(epoch, sequence);
  }

  close(): void {
    this.inner.close();
  }
}

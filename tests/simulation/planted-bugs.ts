import { mkdirSync } from 'node:fs';
import type { Outbox, PendingQuery, ReceiptOutcome } from '../../edge-agent/outbox/outbox.ts';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import type { AdmittedBatch, CommitOutcome, CountStore } from '../../gateway/store/count-store.ts';
import { PassingOutbox } from './passing-outbox.ts';
import { PassingStore } from './passing-store.ts';
import type { Sabotage } from './sabotage.ts';
import { copyFolder } from './sim-disk.ts';

/** What is wrong with each of the outboxes and stores below, by name. */
export const plantedBugs = {
  'receipt before commit': (): Sabotage => ({ store: (inner, folder) => new HastyStore(inner, folder) }),
  'delete before receipt': (): Sabotage => {
    const sent = new Set<string>();
    return { outbox: (inner) => new ForgetfulOutbox(inner, sent) };
  },
  'epoch reuse': (): Sabotage => ({ randomEpoch: () => '0123456789abcdef' }),
  'interval known by its key only': (): Sabotage => ({
    store: (inner, folder) => new KeysOnlyStore(inner, folder),
  }),
  'rewind on a reordered receipt': (): Sabotage => ({ outbox: (inner) => new CredulousOutbox(inner) }),
} as const;

/** A disk that is flushed at every fifth commit only, while receipts go out at each. */
const commitsPerFlush = 5;

class HastyStore extends PassingStore {
  readonly #folder: string;
  #flushed: string;
  #commits = 0;

  constructor(inner: CountStore, folder: string) {
    super(inner);
    this.#folder = folder;
    this.#flushed = folder;
  }

  survivingFolder(): string {
    return this.#flushed;
  }

  override commitBatch(batch: AdmittedBatch): Promise<CommitOutcome> {
    if (this.#commits % commitsPerFlush === 0) this.#flush();
    this.#commits += 1;
    return super.commitBatch(batch);
  }

  #flush(): void {
    this.#flushed = `${this.#folder}-flushed-${this.#commits}`;
    mkdirSync(this.#flushed, { recursive: true });
    copyFolder(this.#folder, this.#flushed);
  }
}

/** Knows an interval by its key only: what a copied card sends under new keys is counted again. */
class KeysOnlyStore extends PassingStore {
  readonly #folder: string;

  constructor(inner: CountStore, folder: string) {
    super(inner);
    this.#folder = folder;
  }

  survivingFolder(): string {
    return this.#folder;
  }

  override commitBatch(batch: AdmittedBatch): Promise<CommitOutcome> {
    const intervals = batch.intervals.map(({ interval: { origin: _, ...interval }, hash }) => ({
      interval: interval as Interval,
      hash,
    }));
    return super.commitBatch({ ...batch, intervals });
  }
}

/** Deletes what it hands out. */
class ForgetfulOutbox extends PassingOutbox {
  readonly #sent: Set<string>;

  constructor(inner: Outbox, sent: Set<string>) {
    super(inner);
    this.#sent = sent;
  }

  override pending(query: PendingQuery): Interval[] {
    const except = (sequence: number) =>
      this.#sent.has(`${query.epoch}/${sequence}`) || query.except(sequence);
    const found = this.inner.pending({ ...query, except });
    for (const { sequence } of found) this.#sent.add(`${query.epoch}/${sequence}`);
    return found;
  }
}

/** Takes every receipt for the answer to its question, the old ones too. */
class CredulousOutbox extends PassingOutbox {
  override accept(receipt: Receipt): ReceiptOutcome {
    return this.inner.accept(receipt, true);
  }
}

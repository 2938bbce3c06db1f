import { mkdirSync } from 'node:fs';
import type { Outbox, PendingQuery, ReceiptOutcome } from '../../edge-agent/outbox/outbox.ts';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { DeviceStatus } from '../../gateway/contract/device-status.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import type { EpochAccount } from '../../gateway/store/account.ts';
import type {
  AdmittedBatch,
  CellQuery,
  CellSums,
  CommitOutcome,
  CountStore,
  Directory,
  QuarantineEntry,
  Setup,
} from '../../gateway/store/count-store.ts';
import { PassingOutbox } from './passing-outbox.ts';
import type { Sabotage } from './sabotage.ts';
import { copyFolder } from './sim-disk.ts';

/** What is wrong with each of the four outboxes and stores below, by name. */
export const plantedBugs = {
  'receipt before commit': (): Sabotage => ({ store: (inner, folder) => new HastyStore(inner, folder) }),
  'delete before receipt': (): Sabotage => {
    const sent = new Set<string>();
    return { outbox: (inner) => new ForgetfulOutbox(inner, sent) };
  },
  'epoch reuse': (): Sabotage => ({ randomEpoch: () => '0123456789abcdef' }),
  'rewind on a reordered receipt': (): Sabotage => ({ outbox: (inner) => new CredulousOutbox(inner) }),
} as const;

/** A disk that is flushed at every fifth commit only, while receipts go out at each. */
const commitsPerFlush = 5;

class HastyStore implements CountStore {
  readonly #inner: CountStore;
  readonly #folder: string;
  #flushed: string;
  #commits = 0;

  constructor(inner: CountStore, folder: string) {
    this.#inner = inner;
    this.#folder = folder;
    this.#flushed = folder;
  }

  get id(): string {
    return this.#inner.id;
  }

  survivingFolder(): string {
    return this.#flushed;
  }

  commitBatch(batch: AdmittedBatch): Promise<CommitOutcome> {
    if (this.#commits % commitsPerFlush === 0) this.#flush();
    this.#commits += 1;
    return this.#inner.commitBatch(batch);
  }

  readAccounts(device?: string): Promise<EpochAccount[]> {
    return this.#inner.readAccounts(device);
  }

  recordStatus(device: string, status: DeviceStatus, receivedAtMs: number): Promise<void> {
    return this.#inner.recordStatus(device, status, receivedAtMs);
  }

  quarantine(entry: QuarantineEntry): Promise<void> {
    return this.#inner.quarantine(entry);
  }

  applySetup(setup: Setup): Promise<void> {
    return this.#inner.applySetup(setup);
  }

  readDirectory(): Promise<Directory> {
    return this.#inner.readDirectory();
  }

  readCells(query: CellQuery): Promise<CellSums[]> {
    return this.#inner.readCells(query);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #flush(): void {
    this.#flushed = `${this.#folder}-flushed-${this.#commits}`;
    mkdirSync(this.#flushed, { recursive: true });
    copyFolder(this.#folder, this.#flushed);
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

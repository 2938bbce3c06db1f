import type { DeviceStatus } from '../../gateway/contract/device-status.ts';
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

/** Passes everything on to the store within; whoever extends it changes one thing. */
export class PassingStore implements CountStore {
  readonly inner: CountStore;

  constructor(inner: CountStore) {
    this.inner = inner;
  }

  get id(): string {
    return this.inner.id;
  }

  commitBatch(batch: AdmittedBatch): Promise<CommitOutcome> {
    return this.inner.commitBatch(batch);
  }

  readAccounts(device?: string): Promise<EpochAccount[]> {
    return this.inner.readAccounts(device);
  }

  recordStatus(device: string, status: DeviceStatus, receivedAtMs: number): Promise<void> {
    return this.inner.recordStatus(device, status, receivedAtMs);
  }

  quarantine(entry: QuarantineEntry): Promise<void> {
    return this.inner.quarantine(entry);
  }

  applySetup(setup: Setup): Promise<void> {
    return this.inner.applySetup(setup);
  }

  readDirectory(): Promise<Directory> {
    return this.inner.readDirectory();
  }

  readCells(query: CellQuery): Promise<CellSums[]> {
    return this.inner.readCells(query);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

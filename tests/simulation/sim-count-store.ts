import type { DeviceStatus } from '../../gateway/contract/device-status.ts';
import type { EpochAccount } from '../../gateway/store/account.ts';
import {
  type AdmittedBatch,
  type CellQuery,
  type CellSums,
  type CommitOutcome,
  type CountStore,
  type Directory,
  type QuarantineEntry,
  type Setup,
  StoreError,
} from '../../gateway/store/count-store.ts';
import type { SimProcess } from './sim-process.ts';

export interface SimCountStoreParts {
  readonly inner: CountStore;
  readonly process: SimProcess;
  readonly isFull: () => boolean;
  readonly announced: (epoch: string, sequence: number) => void;
  /** Does `write` and cuts the power in the middle of it, if that is what is to happen now. */
  readonly cutsPower: (write: () => Promise<unknown>) => Promise<boolean>;
}

/** The real store, in a process that can die at each await and on a disk that can be full. */
export class SimCountStore implements CountStore {
  readonly #parts: SimCountStoreParts;

  constructor(parts: SimCountStoreParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.inner.id;
  }

  commitBatch(batch: AdmittedBatch): Promise<CommitOutcome> {
    const { inner, cutsPower } = this.#parts;
    return this.#write(async () => {
      let outcome: CommitOutcome | null = null;
      await cutsPower(async () => {
        outcome = await inner.commitBatch(batch);
      });
      return outcome!;
    });
  }

  readAccounts(device?: string): Promise<EpochAccount[]> {
    const { inner, process } = this.#parts;
    return process.through(() => inner.readAccounts(device));
  }

  recordStatus(device: string, status: DeviceStatus, receivedAtMs: number): Promise<void> {
    const { inner, announced } = this.#parts;
    return this.#write(async () => {
      await inner.recordStatus(device, status, receivedAtMs);
      announced(status.epoch, status.health.lastSequence ?? 0);
    });
  }

  quarantine(entry: QuarantineEntry): Promise<void> {
    return this.#write(() => this.#parts.inner.quarantine(entry));
  }

  applySetup(setup: Setup): Promise<void> {
    return this.#write(() => this.#parts.inner.applySetup(setup));
  }

  readDirectory(): Promise<Directory> {
    const { inner, process } = this.#parts;
    return process.through(() => inner.readDirectory());
  }

  readCells(query: CellQuery): Promise<CellSums[]> {
    return this.#parts.inner.readCells(query);
  }

  close(): Promise<void> {
    return this.#parts.inner.close();
  }

  #write<Result>(work: () => Promise<Result>): Promise<Result> {
    const { process, isFull } = this.#parts;
    return process.through(() => {
      if (isFull()) return Promise.reject(new StoreError('storage-full', 'no room on the simulated disk'));
      return work();
    });
  }
}

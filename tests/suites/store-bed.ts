import { afterEach, beforeEach } from 'vitest';
import type { CellQuery } from '../../gateway/store/count-store.ts';
import type { GatewayStore } from '../../gateway/store/gateway-store.ts';
import { sampleStart } from '../gateway/sample-intervals.ts';

/** How a suite gets a store: `reopen` closes it and opens the same data again. */
export interface StoreBed {
  open(): Promise<GatewayStore>;
  reopen(store: GatewayStore): Promise<GatewayStore>;
  remove(): Promise<void>;
}

/** Opens a store for each test of the suite around this, and hands it over; `reopen` hands over another one. */
export function storeOfEachTest(
  openBed: () => Promise<StoreBed>,
  use: (store: GatewayStore) => void,
): { reopen(): Promise<void> } {
  let bed: StoreBed;
  let store: GatewayStore;
  const take = (opened: GatewayStore) => {
    store = opened;
    use(opened);
  };
  beforeEach(async () => {
    bed = await openBed();
    take(await bed.open());
  });
  afterEach(async () => {
    await store.close();
    await bed.remove();
  });
  return { reopen: async () => take(await bed.reopen(store)) };
}

const hourMs = 3_600_000;

/** The hours around the samples of the device that they come from. */
export const sampleHours: CellQuery = {
  device: 'shop-1',
  sensor: 'door',
  kind: 'crossing',
  fromMs: sampleStart - 8 * hourMs,
  toMs: sampleStart + 16 * hourMs,
  cellSeconds: 3600,
};

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SealFile } from '../../../gateway/sealing/seal-file.ts';
import { Sealer } from '../../../gateway/sealing/sealer.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';
import type { DrawBelow } from '../../../gateway/values/discrete-laplace.ts';

/** One round of sealing at a moment, as the gateway does it every minute. */
export async function sealEverything(store: GatewayStore, atMs: number, draw?: DrawBelow): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-seal-file-'));
  const { id } = await store.readSealBook();
  const file = new SealFile(join(folder, 'seals.ndjson'), id);
  const parts = { store, file, timeZone: 'Europe/Berlin', now: () => atMs };
  await new Sealer({ ...parts, ...(draw ? { draw } : {}) }).round();
  rmSync(folder, { recursive: true });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SealFile } from '../../../gateway/sealing/seal-file.ts';
import { Sealer } from '../../../gateway/sealing/sealer.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';

/** One round of sealing at a moment, as the gateway does it every minute. */
export async function sealEverything(store: GatewayStore, atMs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-seal-file-'));
  const { id } = await store.readSealBook();
  const file = new SealFile(join(folder, 'seals.ndjson'), id);
  await new Sealer({ store, file, timeZone: 'Europe/Berlin', now: () => atMs }).round();
  rmSync(folder, { recursive: true });
}

import type { GrantBody } from '../../../gateway/contract/records-api.ts';
import type { ApiBed } from './api-bed.ts';

/** Shares a line, in hours since 2026 with partners unless said otherwise. */
export async function shareLine(bed: ApiBed, id: string, grant: Partial<GrantBody>): Promise<void> {
  const body = { from: '2026-01-01T00:00:00Z', resolution: '1h', audience: 'partner', ...grant };
  await bed.store.put([{ kind: 'grant', id, body }], 0);
}

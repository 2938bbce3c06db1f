import type { GrantBody } from '../../../gateway/contract/records-api.ts';
import { newToken, tokenHash } from '../../../gateway/web/access/credentials.ts';
import type { Role } from '../../../gateway/web/access/principal.ts';
import type { ApiBed } from './api-bed.ts';

/** Gives a key away as the command line does; the headers that show it. */
export async function giveKey(
  bed: ApiBed,
  role: Role,
  key: { name?: string; sites?: 'all' | string[] } = {},
): Promise<{ authorization: string }> {
  const token = newToken('psk');
  const { name = 'Stadtmarketing', sites = 'all' } = key;
  const body = {
    name,
    role,
    sites,
    tokenSha256: tokenHash(token),
    expiresMs: Date.parse('2030-01-01T00:00:00Z'),
  };
  const id = `${role}-${name.toLowerCase()}-${[sites].flat().join('-')}`;
  await bed.store.put([{ kind: 'api-key', id, body }], bed.clock.nowMs);
  return { authorization: `Bearer ${token}` };
}

/** Shares a line, in hours since 2026 unless said otherwise. */
export async function shareLine(bed: ApiBed, id: string, grant: Partial<GrantBody>): Promise<void> {
  const body = { from: '2026-01-01T00:00:00Z', resolution: '1h', audience: 'partner', ...grant };
  await bed.store.put([{ kind: 'grant', id, body }], 0);
}

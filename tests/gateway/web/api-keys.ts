import { newToken, tokenHash } from '../../../gateway/web/access/credentials.ts';
import type { Role } from '../../../gateway/web/access/principal.ts';
import type { Scope } from '../../../gateway/web/access/scope.ts';
import type { ApiBed } from './api-bed.ts';

const far = Date.parse('2030-01-01T00:00:00Z');

/** Gives a key away as the command line does; the token. */
export async function giveKey(
  bed: ApiBed,
  role: Role,
  scope: 'all' | string[] | Scope,
  changes: object = {},
): Promise<string> {
  const token = newToken('psk');
  const named: Scope = scope === 'all' || Array.isArray(scope) ? { sites: scope } : scope;
  const id = [role, ...Object.values(named).flat()].join('-');
  const tokenSha256 = tokenHash(token);
  const body = { name: 'Stadtmarketing', role, ...named, tokenSha256, expiresMs: far, ...changes };
  await bed.store.put([{ kind: 'api-key', id, body }], bed.clock.nowMs);
  return token;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

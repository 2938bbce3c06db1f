import { type Resolution, resolutions } from '../../contract/http-api.ts';
import type { GrantBody } from '../../contract/records-api.ts';
import type { Span } from '../../values/local-time.ts';
import { hasSite, type Principal, protectedRoles } from './principal.ts';

/** What one caller sees: their sites, and for protected audiences only what has been shared. */
export class Sight {
  readonly #principal: Principal;
  readonly #grants: readonly GrantBody[];

  /** `grants` are those in force now; they matter to protected audiences only. */
  constructor(principal: Principal, grants: readonly GrantBody[]) {
    this.#principal = principal;
    this.#grants = grants.filter((grant) => isGrantFor(grant, principal));
  }

  get principal(): Principal {
    return this.#principal;
  }

  get seesEverything(): boolean {
    return this.#principal.sites === 'all' && !this.#isProtected;
  }

  seesSite(site: string): boolean {
    return hasSite(this.#principal, site);
  }

  seesLine(line: string, site: string): boolean {
    if (!this.seesSite(site)) return false;
    return !this.#isProtected || this.#grants.some((grant) => grant.line === line);
  }

  /** Whether a question may be answered: its whole range, and nothing finer than what is shared. */
  seesCounts(line: string, range: Span, resolution: Resolution): boolean {
    if (!this.#isProtected) return true;
    return this.#grants.some(
      (grant) =>
        grant.line === line &&
        resolutions.indexOf(grant.resolution) <= resolutions.indexOf(resolution) &&
        Date.parse(grant.from) <= range.fromMs &&
        (grant.until === undefined || range.toMs <= Date.parse(grant.until)),
    );
  }

  /** Grants on a line are shown to its owners; to others those that are for them. */
  seesGrant(grant: GrantBody): boolean {
    return !this.#isProtected || isGrantFor(grant, this.#principal);
  }

  get #isProtected(): boolean {
    return protectedRoles.has(this.#principal.role);
  }
}

/** What is shared with the public is shared with partners too. */
export function isGrantFor(grant: GrantBody, { role, name }: Pick<Principal, 'role' | 'name'>): boolean {
  if (grant.audience === 'public') return true;
  return role === 'partner' && (grant.partner === undefined || grant.partner === name);
}

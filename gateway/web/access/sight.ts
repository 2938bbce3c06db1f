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
    return !this.#isProtected || this.isGranted(line);
  }

  /** Whether anything of a line has been shared with the caller. */
  isGranted(line: string): boolean {
    return this.#grants.some((grant) => grant.line === line);
  }

  /** Whether numbers as they were observed are for the caller; everybody else gets published ones only. */
  get seesObserved(): boolean {
    return !this.#isProtected;
  }

  /** Whether a question may be answered: its whole range, and nothing finer than what is shared. */
  seesCounts(line: string, range: Span, resolution: Resolution): boolean {
    return this.sharedSpan(line, range, resolution) !== null;
  }

  /**
   * The time for which a line is shared with the caller in this resolution, where it holds the whole
   * range; without bounds for the owner, null where the question may not be answered.
   */
  sharedSpan(line: string, range: Span, resolution: Resolution): Span | null {
    if (!this.#isProtected) return { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    return this.grantedSpan(line, range, resolution);
  }

  /** The same by grants alone: what somebody else's line shows to whoever does not own it. */
  grantedSpan(line: string, range: Span, resolution: Resolution): Span | null {
    const grant = this.#grants.find(
      (grant) =>
        grant.line === line &&
        isShared(grant, resolution) &&
        Date.parse(grant.from) <= range.fromMs &&
        (grant.until === undefined || range.toMs <= Date.parse(grant.until)),
    );
    return grant === undefined ? null : spanOf(grant);
  }

  /** The part of a range that is shared in this resolution, the longest of several grants; null where nothing is. */
  sharedPart(line: string, range: Span, resolution: Resolution): Span | null {
    if (!this.#isProtected) return range;
    const parts = this.#grants
      .filter((grant) => grant.line === line && isShared(grant, resolution))
      .map(spanOf)
      .map(({ fromMs, toMs }) => ({
        fromMs: Math.max(fromMs, range.fromMs),
        toMs: Math.min(toMs, range.toMs),
      }))
      .filter(({ fromMs, toMs }) => fromMs < toMs);
    return parts.sort((one, other) => other.toMs - other.fromMs - (one.toMs - one.fromMs))[0] ?? null;
  }

  /** The finest resolution in which a line is shared with the caller; null for the owner and where it is not. */
  finestOf(line: string): Resolution | null {
    if (!this.#isProtected) return null;
    const shared = this.#grants.filter((grant) => grant.line === line).map(({ resolution }) => resolution);
    return resolutions.find((resolution) => shared.some((one) => one === resolution)) ?? null;
  }

  /** Grants on a line are shown to its owners; to others those that are for them. */
  seesGrant(grant: GrantBody): boolean {
    return !this.#isProtected || isGrantFor(grant, this.#principal);
  }

  get #isProtected(): boolean {
    return protectedRoles.has(this.#principal.role);
  }
}

function isShared({ resolution: finest }: GrantBody, resolution: Resolution): boolean {
  return resolutions.indexOf(finest) <= resolutions.indexOf(resolution);
}

function spanOf({ from, until }: GrantBody): Span {
  return {
    fromMs: Date.parse(from),
    toMs: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
  };
}

/** What is shared with the public is shared with partners too. */
export function isGrantFor(grant: GrantBody, { role, name }: Pick<Principal, 'role' | 'name'>): boolean {
  if (grant.audience === 'public') return true;
  return role === 'partner' && (grant.partner === undefined || grant.partner === name);
}

import { type Static, Type } from 'typebox';
import { scopeProperties } from './scope.ts';

/** What somebody is to the sites in their scope. */
export const roles = ['operator', 'technician', 'trader', 'adviser', 'partner', 'public'] as const;
export type Role = (typeof roles)[number];

/** Roles that see what a trader has shared, and nothing else. */
export const protectedRoles: ReadonlySet<Role | 'device'> = new Set<Role | 'device'>(['partner', 'public']);

const closed = { additionalProperties: false } as const;

/** Record `user`: its id is the login name. */
export const UserBody = Type.Object(
  { name: Type.String(), role: Type.Enum([...roles]), ...scopeProperties, password: Type.String() },
  closed,
);
export type UserBody = Static<typeof UserBody>;

/** Record `api-key`: its id is public, its token is known by hash only. */
export const ApiKeyBody = Type.Object(
  {
    name: Type.String({ description: 'Whom the key was given to.' }),
    role: Type.Enum([...roles]),
    ...scopeProperties,
    tokenSha256: Type.String(),
    expiresMs: Type.Integer(),
  },
  closed,
);
export type ApiKeyBody = Static<typeof ApiKeyBody>;

/** Record `session`: its id is the hash of the cookie. */
export interface SessionBody {
  readonly user: string;
  readonly csrf: string;
  readonly expiresMs: number;
}

/** Who asks. */
export interface Principal {
  /** For the audit log: `user:anna`, `key:3f2a9c01`, `anyone`. */
  readonly actor: string;
  /** The name a grant may be bound to. */
  readonly name: string;
  /** `device` is no role that anybody is given: it is a counter that speaks for itself. */
  readonly role: Role | 'device';
  /** Sites of the scope as there are now. */
  readonly sites: 'all' | readonly string[];
  /** Set where a cookie was sent: changes need this token, since browsers add cookies by themselves. */
  readonly csrf: string | null;
}

export function hasSite(principal: Principal, site: string): boolean {
  return principal.sites === 'all' || principal.sites.includes(site);
}

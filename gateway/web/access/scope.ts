import { type Static, Type } from 'typebox';
import { SiteId } from '../../contract/http-api.ts';

/** As many as a configuration may have sites. */
const namesMax = 2_000;
const Names = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 120 }), { maxItems: namesMax }),
);

/**
 * Which sites somebody has: named one by one, by the organisation they belong to, by their town, or
 * all. Whoever has a town has a shop of it from the day that it is set up.
 */
export const scopeProperties = {
  sites: Type.Union([Type.Literal('all'), Type.Array(SiteId, { maxItems: namesMax })]),
  organisations: Names,
  towns: Names,
};
const Scope = Type.Object(scopeProperties);
export type Scope = Static<typeof Scope>;

/** A site as far as scopes need it. */
export interface Place {
  readonly id: string;
  readonly organisation: string;
  readonly town: string;
}

/** The sites of a scope among those that there are now. */
export function sitesOfScope(scope: Scope, places: readonly Place[]): 'all' | readonly string[] {
  const { sites, organisations = [], towns = [] } = scope;
  if (sites === 'all' || organisations.length + towns.length === 0) return sites;
  const found = places.filter(
    ({ organisation, town }) => organisations.includes(organisation) || towns.includes(town),
  );
  return [...new Set([...sites, ...found.map(({ id }) => id)])];
}

/** A scope in words, for lists. */
export function scopeText({ sites, organisations = [], towns = [] }: Scope): string {
  return [sites, organisations, towns].flat().join(', ');
}

/** Whether sites are all among others. */
export function isWithin(sites: 'all' | readonly string[], others: 'all' | readonly string[]): boolean {
  if (others === 'all') return true;
  return sites !== 'all' && sites.every((site) => others.includes(site));
}

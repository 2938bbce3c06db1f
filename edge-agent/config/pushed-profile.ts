import { noProfileHash, type SiteProfile } from '../../gateway/contract/site-profile.ts';
import type { ProfileInForce } from './profile-in-force.ts';
import { parseSiteProfile, SiteProfileError, siteProfileHash } from './site-profile-file.ts';

/** What becomes of a profile that the gateway pushed. */
export type PushedProfile =
  | { readonly outcome: 'adopt'; readonly profile: SiteProfile }
  /** It is in force already: the retained message comes with every connection. */
  | { readonly outcome: 'known' }
  /** Made from another profile than the one in force: shown, and never merged. */
  | { readonly outcome: 'conflict'; readonly reason: string }
  | { readonly outcome: 'unusable'; readonly reason: string };

/**
 * Judges a pushed profile. It is adopted only where it was made from the very profile in force and
 * counts on from its revision; anything else leaves counting as it is. Never throws.
 */
export function judgePushedProfile(payload: Uint8Array, inForce: ProfileInForce): PushedProfile {
  let profile: SiteProfile;
  try {
    profile = parseSiteProfile(JSON.parse(new TextDecoder().decode(payload)), 'pushed profile');
  } catch (error) {
    const reason = error instanceof SiteProfileError ? error.message : 'pushed profile: not JSON';
    return { outcome: 'unusable', reason };
  }
  if (siteProfileHash(profile) === inForce.hash) return { outcome: 'known' };
  if ((profile.parent ?? noProfileHash) !== inForce.hash) {
    return {
      outcome: 'conflict',
      reason: `made from ${profile.parent ?? 'none'}, in force is ${inForce.hash}`,
    };
  }
  const revision = inForce.profile?.revision ?? 0;
  if (profile.revision !== revision + 1) {
    return { outcome: 'conflict', reason: `revision ${profile.revision} does not follow ${revision}` };
  }
  return { outcome: 'adopt', profile };
}

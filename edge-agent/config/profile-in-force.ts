import { existsSync } from 'node:fs';
import { noProfileHash, type SiteProfile } from '../../gateway/contract/site-profile.ts';
import { InstallationError, isInstallationFile, readInstallation } from './installation.ts';
import {
  parseSiteProfile,
  readSiteProfile,
  SiteProfileError,
  siteProfileHash,
  writeSiteProfile,
} from './site-profile-file.ts';

/** A profile with its hash; without a profile `profile` is null and the hash sixteen zeros. */
export interface ProfileInForce {
  readonly profile: SiteProfile | null;
  readonly hash: string;
  /** `previous`: the newest file is broken, and the last one that was good is in force. */
  readonly origin: 'none' | 'newest' | 'previous';
  /** What is wrong with the newest file, for an alarm. */
  readonly fault: string | null;
}

/** Beside the profile lies a copy of the last one that could be read. */
const lastGoodSuffix = '.last-good';

/**
 * The profile in force. A newest file that is broken, half written or gone never stops counting: the
 * last good one goes on, and `fault` says what to tell. Never throws.
 */
export function readProfileInForce(file: string): ProfileInForce {
  if (isInstallationFile(file)) return installedProfileInForce(file);
  const lastGood = file + lastGoodSuffix;
  const newest = readOrFault(file);
  if (typeof newest !== 'string') {
    keepAsLastGood(file, newest);
    return { profile: newest, hash: siteProfileHash(newest), origin: 'newest', fault: null };
  }
  if (!existsSync(file) && !existsSync(lastGood)) {
    return { profile: null, hash: noProfileHash, origin: 'none', fault: null };
  }
  const previous = readOrFault(lastGood);
  if (typeof previous === 'string')
    return { profile: null, hash: noProfileHash, origin: 'none', fault: newest };
  return { profile: previous, hash: siteProfileHash(previous), origin: 'previous', fault: newest };
}

/** An installation keeps its own earlier versions: of a torn one the last good one is read. */
function installedProfileInForce(file: string): ProfileInForce {
  const none = { profile: null, hash: noProfileHash, origin: 'none' } as const;
  try {
    const read = readInstallation(file);
    const fault = read?.fault ?? null;
    if (read === null || read.installation.profile === null) return { ...none, fault };
    const profile = parseSiteProfile(read.installation.profile, file);
    const origin = fault === null ? 'newest' : 'previous';
    return { profile, hash: siteProfileHash(profile), origin, fault };
  } catch (error) {
    if (error instanceof SiteProfileError || error instanceof InstallationError) {
      return { ...none, fault: error.message };
    }
    throw error;
  }
}

function readOrFault(file: string): SiteProfile | string {
  try {
    return readSiteProfile(file);
  } catch (error) {
    if (error instanceof SiteProfileError) return error.message;
    throw error;
  }
}

function keepAsLastGood(file: string, profile: SiteProfile): void {
  try {
    const kept = readOrFault(file + lastGoodSuffix);
    if (typeof kept !== 'string' && siteProfileHash(kept) === siteProfileHash(profile)) return;
    writeSiteProfile(file + lastGoodSuffix, profile);
  } catch {
    // A full or read-only card: the newest file itself is good, and that is what counts now.
  }
}

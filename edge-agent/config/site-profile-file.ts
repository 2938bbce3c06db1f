import { readFileSync } from 'node:fs';
import Value from 'typebox/value';
import { SiteProfile } from '../../gateway/contract/site-profile.ts';
import {
  InstallationError,
  isInstallationFile,
  readInstallation,
  writeInstallation,
} from './installation.ts';
import { objectHash } from './object-hash.ts';
import { writeFileWhole } from './write-file-whole.ts';

/** A site profile that cannot be used; the message names file, field and cause. */
export class SiteProfileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SiteProfileError';
  }
}

/**
 * Reads a site profile, with the schema's defaults filled in; of an installation the profile in it.
 * Throws `SiteProfileError` with all faults of the file in one line.
 */
export function readSiteProfile(file: string): SiteProfile {
  if (isInstallationFile(file)) return parseSiteProfile(installedProfile(file), file);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'no such file' : (cause as Error).message;
    throw new SiteProfileError(`${file}: ${reason}`, { cause });
  }
  return parseSiteProfile(value, file);
}

/** Checks a value against the schema; `source` names it in errors. Throws `SiteProfileError`. */
export function parseSiteProfile(value: unknown, source: string): SiteProfile {
  const filled = Value.Default(SiteProfile, value);
  if (Value.Check(SiteProfile, filled)) return filled;
  throw new SiteProfileError(`${source}: ${faultsOf(filled).join('; ')}`);
}

/** The unchecked profile of an installation; null where it has none yet. Throws `SiteProfileError`. */
export function installedProfile(file: string): unknown {
  try {
    return readInstallation(file)?.installation.profile ?? null;
  } catch (cause) {
    if (cause instanceof InstallationError) throw new SiteProfileError(cause.message, { cause });
    throw cause;
  }
}

/**
 * Replaces the file in one step, so that a power cut leaves the old or the new profile whole. Of an
 * installation it makes the next version, by `madeBy`.
 */
export function writeSiteProfile(file: string, profile: SiteProfile, madeBy = 'profile'): void {
  const installed = isInstallationFile(file) ? readInstallation(file) : null;
  if (installed !== null) {
    writeInstallation(file, { ...installed.installation, profile }, { by: madeBy, at: new Date() });
    return;
  }
  writeFileWhole(file, `${JSON.stringify(profile, null, 2)}\n`);
}

/** First 64 bits of the SHA-256 over the profile with sorted keys: its name in intervals and parents. */
export function siteProfileHash(profile: SiteProfile): string {
  return objectHash(profile);
}

/**
 * A union reports the faults of all its branches; only those of the sensor's own kind help, so each
 * sensor is held against the branch that its kind names.
 */
function faultsOf(value: unknown): string[] {
  const inside = /^\/sensors\/\d+/;
  const outer = [...Value.Errors(SiteProfile, value)].filter((error) => !inside.test(error.instancePath));
  const faults = outer.map((error) => `${error.instancePath || 'the profile'} ${error.message}`);
  const sensors = (value as { sensors?: unknown }).sensors;
  for (const [index, sensor] of (Array.isArray(sensors) ? sensors : []).entries()) {
    const at = `/sensors/${index}`;
    const kind = (sensor as { kind?: unknown } | null)?.kind;
    const branch = SiteProfile.properties.sensors.items.anyOf.find(({ properties }) =>
      Value.Check(properties.kind, kind),
    );
    if (branch === undefined) faults.push(`${at}/kind is no kind of sensor`);
    else {
      for (const error of Value.Errors(branch, sensor)) {
        if (error.keyword !== 'boolean') faults.push(`${at}${error.instancePath} ${error.message}`);
      }
    }
  }
  return [...new Set(faults)];
}

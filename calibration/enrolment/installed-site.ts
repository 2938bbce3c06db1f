import { readFileSync } from 'node:fs';
import {
  type EnrolmentNote,
  type Installation,
  type InstallationContents,
  installationFileOf,
  readInstallation,
  writeInstallation,
} from '../../edge-agent/config/installation.ts';
import { objectHash } from '../../edge-agent/config/object-hash.ts';
import { Refusal } from '../command.ts';
import type { EnrolmentMessages } from '../messages/enrolment.ts';
import type { Site } from '../site/open-site.ts';
import type { PinnedGateway } from './enrolment-client.ts';
import { passwordFileOf, readPassword } from './pending-claim.ts';

/** Site profile and configuration of a device as one object, or as they lie before the first enrolment. */
export interface InstalledSite {
  readonly site: Site;
  readonly file: string;
  readonly installation: Installation | null;
  /** What is in force, ready to become the next version. */
  readonly contents: InstallationContents;
}

/** The installation of a site, made up from its files where there is none yet. */
export function installedSite(site: Site): InstalledSite {
  const file = installationFileOf(site.config.stateDir);
  const installation = readInstallation(file)?.installation ?? null;
  const agent = JSON.parse(readFileSync(site.configFile, 'utf8')) as Record<string, unknown>;
  const base = { file: site.configFile, hash: objectHash(agent) };
  const contents = installation ?? { agent, profile: site.inForce.profile, enrolment: null, base };
  return { site, file, installation, contents };
}

/** The configuration file as it is now, as contents of a version. */
export function baseContents({ site, contents }: InstalledSite): InstallationContents {
  const agent = JSON.parse(readFileSync(site.configFile, 'utf8')) as Record<string, unknown>;
  return { ...contents, agent, base: { file: site.configFile, hash: objectHash(agent) } };
}

/** Puts contents in force as the next version. */
export function putInForce(
  installed: InstalledSite,
  contents: InstallationContents,
  by: string,
): Installation {
  return writeInstallation(installed.file, contents, { by, at: new Date() });
}

/** The gateway a device is enrolled at, with its credentials. Throws `Refusal` where it is not enrolled. */
export function gatewayOf(
  { site, contents }: InstalledSite,
  { signal, text }: { readonly signal: AbortSignal; readonly text: EnrolmentMessages },
): { readonly note: EnrolmentNote; readonly gateway: PinnedGateway } {
  const { enrolment: note } = contents;
  if (note === null) throw new Refusal('not-enrolled', text.notEnrolled);
  const file = passwordFileOf(site.config.stateDir);
  const password = readPassword(file, text);
  if (password === null) throw new Refusal('not-enrolled', text.noPassword(file));
  const credentials = { device: note.device, password };
  return { note, gateway: { url: note.gateway, pin: note.pin, credentials, signal } };
}

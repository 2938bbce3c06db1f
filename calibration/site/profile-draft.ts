import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readProfileInForce } from '../../edge-agent/config/profile-in-force.ts';
import { siteProfileHash, writeSiteProfile } from '../../edge-agent/config/site-profile-file.ts';
import { writeFileWhole } from '../../edge-agent/config/write-file-whole.ts';
import { noProfileHash, type SensorProfile, type SiteProfile } from '../../gateway/contract/site-profile.ts';
import { Refusal } from '../command.ts';
import type { Dialogue } from '../dialogue/dialogue.ts';
import type { FrameMessages } from '../messages/frame.ts';
import { historyFolderOf, type Site } from './open-site.ts';

/** Revisions kept for going back; one is a few hundred bytes, and nobody goes back farther. */
const historyMax = 100;

/** What lies in the draft's file: never read by the agent. */
interface DraftFile {
  readonly verb: string;
  readonly startedAt: string;
  readonly profile: SiteProfile;
}

/**
 * The site profile that a verb is working on. It lies beside the one in force, is written whole at
 * every step so that a broken-off verb can be looked into, and takes force in one rename when the verb
 * has finished; whatever happens before, the last good profile is in force.
 */
export class ProfileDraft {
  readonly #site: Site;
  readonly #file: string;
  readonly #verb: string;
  readonly #startedAt: string;
  #profile: SiteProfile;

  constructor(site: Site, verb: string, startedAt: string) {
    this.#site = site;
    this.#file = draftFileOf(site.profileFile);
    this.#verb = verb;
    this.#startedAt = startedAt;
    const { profile, hash } = site.inForce;
    this.#profile = {
      version: 1,
      revision: (profile?.revision ?? 0) + 1,
      parent: profile === null ? null : hash,
      sensors: profile?.sensors ?? [],
    };
  }

  /** The profile as it would be in force if the verb finished now. */
  get profile(): SiteProfile {
    return this.#profile;
  }

  /** What the draft knows of a sensor; null where it is new. */
  sensor(name: string): SensorProfile | null {
    return this.#profile.sensors.find(({ sensor }) => sensor === name) ?? null;
  }

  /** Replaces or adds a sensor, and puts the draft on disk. */
  put(sensor: SensorProfile): void {
    const at = this.#profile.sensors.findIndex((other) => other.sensor === sensor.sensor);
    this.replaceAll(at < 0 ? [...this.#profile.sensors, sensor] : this.#profile.sensors.with(at, sensor));
  }

  /** Takes these sensors for all there are, and puts the draft on disk. */
  replaceAll(sensors: readonly SensorProfile[]): void {
    this.#profile = { ...this.#profile, sensors: [...sensors] };
    const draft: DraftFile = { verb: this.#verb, startedAt: this.#startedAt, profile: this.#profile };
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileWhole(this.#file, `${JSON.stringify(draft, null, 2)}\n`);
  }

  /**
   * Puts the draft in force and keeps the one before for going back. Throws `Refusal` where somebody
   * else has changed the profile meanwhile.
   */
  commit(words: FrameMessages): { readonly revision: number; readonly hash: string } {
    const { profileFile } = this.#site;
    const now = readProfileInForce(profileFile);
    if ((this.#profile.parent ?? noProfileHash) !== now.hash) {
      throw new Refusal('profile-changed', words.changedMeanwhile);
    }
    if (now.profile !== null) keepInHistory(profileFile, now.profile);
    mkdirSync(dirname(profileFile), { recursive: true });
    writeSiteProfile(profileFile, this.#profile, this.#verb);
    rmSync(this.#file, { force: true });
    return { revision: this.#profile.revision, hash: siteProfileHash(this.#profile) };
  }
}

/** Begins a draft; what an interrupted verb left is told and dropped. */
export function openProfileDraft(
  site: Site,
  verb: string,
  { words, dialogue, startedAt = new Date() }: { words: FrameMessages; dialogue: Dialogue; startedAt?: Date },
): ProfileDraft {
  const file = draftFileOf(site.profileFile);
  const left = existsSync(file) ? leftDraft(file) : null;
  if (left !== null) {
    dialogue.say('warning', words.leftDraft(left.verb, left.startedAt.slice(0, 16).replace('T', ' ')));
    rmSync(file, { force: true });
  }
  return new ProfileDraft(site, verb, startedAt.toISOString());
}

const draftFileOf = (profileFile: string): string => `${profileFile}.draft`;

function leftDraft(file: string): DraftFile {
  try {
    const { verb, startedAt, profile } = JSON.parse(readFileSync(file, 'utf8')) as DraftFile;
    return { verb: String(verb), startedAt: String(startedAt), profile };
  } catch {
    return { verb: '?', startedAt: '?', profile: { version: 1, revision: 1, parent: null, sensors: [] } };
  }
}

/** Keeps a profile under its revision and hash; the oldest go when there are too many. */
function keepInHistory(profileFile: string, profile: SiteProfile): void {
  const folder = historyFolderOf(profileFile);
  mkdirSync(folder, { recursive: true });
  const name = `${String(profile.revision).padStart(6, '0')}-${siteProfileHash(profile)}.json`;
  writeSiteProfile(join(folder, name), profile);
  const kept = readdirSync(folder)
    .filter((entry) => entry.endsWith('.json'))
    .sort();
  for (const old of kept.slice(0, Math.max(0, kept.length - historyMax))) rmSync(join(folder, old));
}

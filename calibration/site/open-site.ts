import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProfileInForce, readProfileInForce } from '../../edge-agent/config/profile-in-force.ts';
import { type AgentConfig, readAgentConfig, type SlotConfig } from '../../edge-agent/config.ts';
import { UsageError } from '../command.ts';
import type { Dialogue } from '../dialogue/dialogue.ts';
import type { FrameMessages } from '../messages/frame.ts';

const configFileDefault = '/etc/passant/agent.json';

/** The installation a verb works on: the agent's own configuration, and the site profile in force. */
export interface Site {
  readonly configFile: string;
  readonly config: AgentConfig;
  readonly profileFile: string;
  readonly inForce: ProfileInForce;
}

/** Where the files of an installation lie, by the command line. */
interface SiteValues {
  readonly config?: string | undefined;
  readonly profile?: string | undefined;
}

/**
 * Reads what `--config` and `--profile` name. Emulated devices are named where real ones are: by the
 * configuration's sources. Throws `UsageError` where there is no configuration, `ConfigError` where it
 * cannot be used; a broken profile is told and the last good one taken.
 */
export function openSite(values: SiteValues, words: FrameMessages, dialogue?: Dialogue): Site {
  const configFile = configFileOf(values);
  if (!existsSync(configFile)) throw new UsageError(words.noConfig(configFile));
  const config = readAgentConfig(configFile);
  const profileFile = values.profile ?? profileFileOf(config);
  const inForce = readProfileInForce(profileFile);
  if (inForce.fault !== null) dialogue?.say('warning', words.brokenProfile(inForce.fault));
  return { configFile, config, profileFile, inForce };
}

/** The agent's configuration that a command line means. */
export const configFileOf = (values: SiteValues): string => values.config ?? configFileDefault;

function profileFileOf(config: AgentConfig): string {
  return config.siteProfile ?? join(config.stateDir, 'site-profile.json');
}

/** Kinds of sensors by the name that configurations use. */
type SourceKind = SlotConfig['source']['kind'];

/**
 * The sensor slot a verb is about: the one that `--sensor` names, the only one of its kinds, or the one
 * the technician picks. Throws `UsageError`.
 */
export async function chooseSlot(
  site: Site,
  wish: { readonly sensor?: string | undefined; readonly kinds: readonly SourceKind[] },
  { dialogue, words }: { readonly dialogue: Dialogue; readonly words: FrameMessages },
): Promise<SlotConfig> {
  const slots = site.config.sensors.filter(({ source }) => wish.kinds.includes(source.kind));
  if (slots.length === 0) throw new UsageError(words.noSensor(site.configFile, wish.kinds.join(', ')));
  const names = slots.map(({ sensor }) => sensor).join(', ');
  if (wish.sensor !== undefined && !slots.some(({ sensor }) => sensor === wish.sensor)) {
    throw new UsageError(words.noSuchSensor(wish.sensor, names));
  }
  const only = slots.length === 1 ? slots[0]!.sensor : undefined;
  const picked = await dialogue.choose({
    message: words.whichSensor,
    option: '--sensor',
    given: wish.sensor ?? only,
    choices: slots.map(({ sensor, source }) => ({ value: sensor, label: sensor, hint: source.kind })),
  });
  return slots.find(({ sensor }) => sensor === picked)!;
}

/** Where earlier revisions of a profile are kept, for going back. */
export const historyFolderOf = (profileFile: string): string =>
  join(dirname(profileFile), 'site-profile-history');

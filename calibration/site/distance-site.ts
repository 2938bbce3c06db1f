import type { SlotConfig } from '../../edge-agent/config.ts';
import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { Dialogue } from '../dialogue/dialogue.ts';
import type { FrameMessages } from '../messages/frame.ts';
import { chooseSlot, openSite, type Site } from './open-site.ts';
import { openProfileDraft, type ProfileDraft } from './profile-draft.ts';
import { openSensorFeed, type SensorFeed } from './sensor-feed.ts';

/** A distance sensor held open by a verb, with what is known of it and the profile's next revision. */
export interface DistanceSite {
  readonly site: Site;
  readonly slot: SlotConfig;
  readonly feed: SensorFeed;
  readonly draft: ProfileDraft;
  /** What the profile in force says of the sensor; null where it is new. */
  readonly known: DistanceSensorProfile | null;
}

interface DistanceJob {
  readonly values: { readonly config?: string; readonly profile?: string; readonly sensor?: string };
  readonly words: FrameMessages;
  readonly dialogue: Dialogue;
  readonly signal: AbortSignal;
}

/** Opens the distance sensor that a command line means, and begins a draft for `verb`. Close its feed. */
export async function openDistanceSite(
  job: DistanceJob,
  verb: string,
  title: (sensor: string) => string,
): Promise<DistanceSite> {
  const { values, words, dialogue } = job;
  const site = openSite(values, words, dialogue);
  const wish = { sensor: values.sensor, kinds: ['vl53l1x', 'tf-luna', 'tfmini-s'] as const };
  const slot = await chooseSlot(site, wish, { dialogue, words });
  dialogue.say('title', title(slot.sensor));
  const draft = openProfileDraft(site, verb, { words, dialogue });
  const known = draft.sensor(slot.sensor);
  const feed = await openSensorFeed(slot, job);
  return { site, slot, feed, draft, known: known !== null && 'geometry' in known ? known : null };
}

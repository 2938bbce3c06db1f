import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { EmptyZone } from '../baseline/empty-scene.ts';
import type { Dialogue } from '../dialogue/dialogue.ts';
import { LiveCount } from '../live/live-count.ts';
import { untilEnter } from '../live/until-enter.ts';
import type { DoorKind, MountMessages } from '../messages/mount.ts';
import { ZonePicture } from '../picture/zone-picture.ts';
import { type Finding, finding } from '../scan/finding.ts';
import type { SensorFeed } from '../site/sensor-feed.ts';
import { DoorWatch } from './door-watch.ts';
import type { MountCode } from './mounting-advice.ts';

/** What is looked at, and with whom. */
export interface LiveLook {
  readonly dialogue: Dialogue;
  readonly text: MountMessages;
  readonly feed: SensorFeed;
  readonly zones: readonly EmptyZone[];
}

const doorKinds: readonly DoorKind[] = ['none', 'swing', 'sliding'];

/** Has the door moved with nobody there, and says whether it came into view. */
export async function lookAtDoor(
  { dialogue, text, feed, zones }: LiveLook,
  { given, seconds }: { readonly given: string | undefined; readonly seconds: number },
): Promise<Finding<MountCode>[]> {
  const door = await dialogue.choose({
    message: text.whichDoor,
    option: '--door',
    given: given as DoorKind | undefined,
    initial: seconds > 0 ? 'swing' : 'none',
    choices: doorKinds.map((value) => ({ value, label: text.doors[value] })),
  });
  if (door === 'none') return [];
  if (!dialogue.asks && seconds === 0) return [finding('door-unchecked', 'hint')];
  const watch = new DoorWatch(zones.map(({ zone, side, idleMm }) => ({ id: zone, side, idleMm })));
  dialogue.say('info', text.moveDoor);
  const live = dialogue.live();
  const picture = new ZonePicture(live, pictureOf(zones, text));
  try {
    for await (const chunk of feed.distances(untilEnter(live, seconds))) {
      watch.take(chunk);
      picture.take(chunk);
      picture.show(text.watchingDoor);
    }
  } finally {
    picture.close();
  }
  return watch.judge();
}

/** What was shown and counted while somebody looked; null where nobody could. */
export interface LiveShown {
  readonly in: number;
  readonly out: number;
  readonly picturesPerSecond: number;
}

/** Distances and counts as they come, with a beep a count, until somebody presses Enter. */
export async function showLive(
  { dialogue, text, feed, zones }: LiveLook,
  { profile, seconds }: { readonly profile: DistanceSensorProfile; readonly seconds: number },
): Promise<LiveShown | null> {
  if (!dialogue.asks && seconds === 0) return null;
  const count = new LiveCount(feed.sensor.description, profile);
  const live = dialogue.live();
  const picture = new ZonePicture(live, pictureOf(zones, text));
  const startedAt = performance.now();
  try {
    for await (const chunk of feed.distances(untilEnter(live, seconds))) {
      picture.take(chunk);
      for (let people = count.take(chunk); people > 0; people -= 1) live.beep();
      picture.show(`${text.counted(count.totals.in, count.totals.out)}   ${text.live}`);
    }
  } finally {
    picture.close();
  }
  const shownSeconds = Math.max(0.1, (performance.now() - startedAt) / 1000);
  const picturesPerSecond = Math.round((10 * picture.pictures) / shownSeconds) / 10;
  return { in: count.totals.in, out: count.totals.out, picturesPerSecond };
}

function pictureOf(zones: readonly EmptyZone[], { side }: MountMessages) {
  const farthestMm = Math.max(...zones.map(({ idleMm }) => idleMm)) * 1.05;
  return { zones: zones.map((zone) => ({ id: zone.zone, side: zone.side })), names: side, farthestMm };
}

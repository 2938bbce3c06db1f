import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import { EmptySceneGauge, type EmptyZone } from '../baseline/empty-scene.ts';
import { Refusal, UsageError } from '../command.ts';
import { beamMounting, ceilingMounting, drawingWords } from '../drawings/mounting-drawing.ts';
import { countdown } from '../live/countdown.ts';
import { mountMessages } from '../messages/mount.ts';
import { fieldOfViewText } from '../mount/field-of-view.ts';
import { lookAtDoor, showLive } from '../mount/live-looks.ts';
import { heightFromFloorMm, type MountCode, mountingAdvice } from '../mount/mounting-advice.ts';
import { ZonePicture } from '../picture/zone-picture.ts';
import type { Finding } from '../scan/finding.ts';
import { printedFindings, tellFindings } from '../scan/tell-findings.ts';
import { type DistanceSite, openDistanceSite } from '../site/distance-site.ts';
import { commandOf, type Job } from '../verb.ts';
import { wholeNumberOption } from '../whole-number-option.ts';

const options = {
  sensor: { type: 'string' },
  height: { type: 'string' },
  passage: { type: 'string' },
  door: { type: 'string' },
  drawing: { type: 'string' },
  seconds: { type: 'string' },
  'door-seconds': { type: 'string' },
  'live-seconds': { type: 'string' },
} as const;

type MountJob = Job<typeof options>;

/** Lower than this no ceiling is: somebody stands there, or the view is blocked. */
const ceilingMmMin = 1700;
/** A sensor that hangs elsewhere by more sees another empty scene. */
const sameHeightMm = 60;

const { de, en } = mountMessages;

/** `mount`: how a sensor hangs, and what will disturb it there. */
export const mount = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: lookHowItHangs,
});

async function lookHowItHangs(job: MountJob) {
  const { dialogue, words, language } = job;
  const text = mountMessages[language];
  const limits = readLimits(job);
  const place = await openDistanceSite(job, 'mount', text.title);
  try {
    if (!(await dialogue.confirm(text.ready))) throw new Refusal('not-confirmed', words.notConfirmed);
    const zones = await measureZones(job, place, limits.seconds);
    const geometry = place.known?.geometry ?? place.feed.sensor.description.geometry;
    const measuredMm = measuredHeightMm(job, zones, geometry);
    const heightMm = await askHeight(job, measuredMm);
    const facts = { geometry, zones, measuredMm, heightMm, passageMm: limits.passageMm };
    const findings: Finding<MountCode>[] = mountingAdvice(facts);
    const drawing = draw(job, place, { heightMm, geometry });
    tellFindings(findings, text.sentences, dialogue);
    const profile = profileOf(place, zones, { heightMm, geometry });
    place.draft.put(profile);
    const look = { dialogue, text, feed: place.feed, zones };
    const door = await lookAtDoor(look, { given: job.values.door, seconds: limits.doorSeconds });
    tellFindings(door, text.sentences, dialogue);
    const live = await showLive(look, { profile, seconds: limits.liveSeconds });
    if (isBaselineGone(place.known, heightMm)) dialogue.say('warning', text.baselineGone);
    const { revision, hash } = place.draft.commit(words);
    dialogue.say('good', `${words.committed(place.site.profileFile, revision)} ${text.next}`);
    const advice = printedFindings([...findings, ...door], text.sentences);
    const measured = { sensor: place.slot.sensor, heightMm, measuredMm, drawing };
    return { code: 0 as const, result: { kind: 'mounted', ...measured, advice, live, revision, hash } };
  } finally {
    await place.feed.close();
  }
}

function readLimits({ values, language }: MountJob) {
  const whole = (
    option: 'seconds' | 'door-seconds' | 'live-seconds',
    [initial, minimum, maximum]: number[],
  ) =>
    wholeNumberOption(values[option], {
      option: `--${option}`,
      initial: initial!,
      minimum: minimum!,
      maximum: maximum!,
      language,
    });
  const passage = { option: '--passage', initial: 0, minimum: 300, maximum: 30_000, language };
  return {
    seconds: whole('seconds', [4, 2, 60]),
    doorSeconds: whole('door-seconds', [0, 0, 120]),
    liveSeconds: whole('live-seconds', [0, 0, 3600]),
    passageMm: values.passage === undefined ? null : wholeNumberOption(values.passage, passage),
  };
}

/** What the zones see with nobody there. Throws `Refusal` where somebody was. */
async function measureZones(job: MountJob, { feed }: DistanceSite, seconds: number): Promise<EmptyZone[]> {
  const text = mountMessages[job.language];
  const { zones, geometry } = feed.sensor.description;
  // Nobody knows yet how far the floor is.
  const gauge = new EmptySceneGauge(zones, 0, geometry);
  const farthestMm = geometry === 'ceiling' ? 3500 : 4000;
  const picture = new ZonePicture(job.dialogue.live(), { zones, names: text.side, farthestMm });
  const left = countdown(seconds);
  try {
    for await (const chunk of feed.distances(AbortSignal.timeout(4 * seconds * 1000))) {
      gauge.take(chunk);
      picture.take(chunk);
      picture.show(text.measuring(left()));
      if (left() === 0 && gauge.isEnough) break;
    }
  } finally {
    picture.close();
  }
  const scene = gauge.judge();
  if (scene.kind === 'refused' && scene.fault === 'somebody-passed')
    throw new Refusal(scene.fault, text.moved);
  return gauge.measure();
}

function measuredHeightMm(job: MountJob, zones: readonly EmptyZone[], geometry: 'ceiling' | 'side'): number {
  const measured =
    geometry === 'ceiling'
      ? heightFromFloorMm(zones)
      : Math.round(Math.max(...zones.map(({ idleMm }) => idleMm)) / 10) * 10;
  if (geometry === 'ceiling' && measured < ceilingMmMin && job.values.height === undefined) {
    const text = mountMessages[job.language];
    throw new Refusal('implausible-height', text.implausible((measured / 1000).toFixed(2)), {
      measuredMm: measured,
    });
  }
  return measured;
}

async function askHeight({ values, dialogue, language }: MountJob, measuredMm: number): Promise<number> {
  const text = mountMessages[language];
  const fault = (answer: string) =>
    /^\d{3,4}$/.test(answer) && Number(answer) >= 300 && Number(answer) <= 6000 ? undefined : text.badHeight;
  const message = text.height(String(measuredMm));
  const initial = String(measuredMm);
  return Number(await dialogue.text({ message, option: '--height', given: values.height, initial, fault }));
}

/** Draws the field of view on the screen and into a file; returns the file. */
function draw(
  { values, dialogue, language }: MountJob,
  { site, slot }: DistanceSite,
  { heightMm, geometry }: { heightMm: number; geometry: 'ceiling' | 'side' },
): string {
  const text = mountMessages[language];
  const words = drawingWords[language];
  const file = values.drawing ?? join(dirname(site.profileFile), `mounting-${slot.sensor}.svg`);
  const spacingMm = 'spacingMm' in slot.source ? (slot.source.spacingMm ?? 250) : 250;
  const drawing =
    geometry === 'ceiling'
      ? ceilingMounting(heightMm / 1000, words)
      : beamMounting(spacingMm / 1000, heightMm / 1000, words);
  if (geometry === 'ceiling') {
    const { outside, inside } = text.side;
    dialogue.say('plain', fieldOfViewText(heightMm, { outside, inside, wide: text.wide }));
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, drawing);
  } catch (cause) {
    throw new UsageError(`${file}: ${(cause as Error).message}`);
  }
  dialogue.say('info', text.drawing(file));
  return file;
}

/** The sensor with its new height; what was learned of the empty scene at another height is forgotten. */
function profileOf(
  { known, slot, feed }: DistanceSite,
  zones: readonly EmptyZone[],
  { heightMm, geometry }: { heightMm: number; geometry: 'ceiling' | 'side' },
): DistanceSensorProfile {
  if (known !== null && !isBaselineGone(known, heightMm)) return { ...known, mountingHeightMm: heightMm };
  const sideOf = (zone: EmptyZone) => known?.zones.find((one) => one.zone === zone.zone)?.side ?? zone.side;
  return {
    sensor: slot.sensor,
    kind: feed.sensor.description.kind as DistanceSensorProfile['kind'],
    geometry,
    mountingHeightMm: heightMm,
    zones: zones.map((zone) => ({ zone: zone.zone, side: sideOf(zone) })),
  };
}

function isBaselineGone(known: DistanceSensorProfile | null, heightMm: number): boolean {
  if (known === null || known.zones.every(({ idleMm }) => idleMm === undefined)) return false;
  return Math.abs((known.mountingHeightMm ?? 0) - heightMm) > sameHeightMm;
}

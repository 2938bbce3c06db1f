import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import { type EmptyScene, EmptySceneGauge } from '../baseline/empty-scene.ts';
import { OneWalk } from '../baseline/one-walk.ts';
import { Refusal } from '../command.ts';
import { countdown } from '../live/countdown.ts';
import { baselineMessages } from '../messages/baseline.ts';
import { ZonePicture } from '../picture/zone-picture.ts';
import { openDistanceSite } from '../site/distance-site.ts';
import type { SensorFeed } from '../site/sensor-feed.ts';
import { commandOf, type Job } from '../verb.ts';
import { wholeNumberOption } from '../whole-number-option.ts';

const options = {
  sensor: { type: 'string' },
  height: { type: 'string' },
  seconds: { type: 'string' },
  'walk-seconds': { type: 'string' },
  'no-walk': { type: 'boolean' },
} as const;

/** A sensor with few readings is looked at for up to this many times as long as was asked for. */
const patience = 4;

/** Walks of several people at once that are shrugged off before the technician should think about the door. */
const walkAttemptsMax = 3;

type BaselineJob = Job<typeof options>;

const { de, en } = baselineMessages;

/** `baseline`: learns the empty scene of a distance sensor, and which way is in. */
export const baseline = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: learnBaseline,
});

async function learnBaseline(job: BaselineJob) {
  const { values, words, dialogue, language } = job;
  const text = baselineMessages[language];
  const seconds = wholeNumber(job, 'seconds', [8, 2, 120]);
  const walkSeconds = wholeNumber(job, 'walk-seconds', [60, 5, 600]);
  const { site, slot, draft, feed, known } = await openDistanceSite(job, 'baseline', text.title);
  try {
    const expectedMm = heightMm(job, known, feed);
    if (!(await dialogue.confirm(text.ready))) throw new Refusal('not-confirmed', words.notConfirmed);
    const { scene, profile } = await learnScene(job, { feed, before: known, expectedMm, seconds });
    draft.put(profile);
    const direction = values['no-walk']
      ? 'not-checked'
      : await watchWalk(job, { feed, profile, walkSeconds });
    if (direction === 'exchanged') draft.put(withSidesExchanged(profile));
    const { revision, hash } = draft.commit(words);
    dialogue.say('good', words.committed(site.profileFile, revision));
    const zones = scene.zones.map(({ zone, idleMm, deviationMm, readings }) => ({
      zone,
      idleMm: Math.round(idleMm),
      deviationMm: Math.round(deviationMm),
      readings,
    }));
    return {
      code: 0 as const,
      result: { kind: 'learned', sensor: slot.sensor, direction, zones, revision, hash },
    };
  } finally {
    await feed.close();
  }
}

function wholeNumber(
  job: BaselineJob,
  option: 'seconds' | 'walk-seconds',
  [initial, minimum, maximum]: readonly [number, number, number],
): number {
  const wish = { option: `--${option}`, initial, minimum, maximum, language: job.language };
  return wholeNumberOption(job.values[option], wish);
}

function heightMm(job: BaselineJob, before: DistanceSensorProfile | null, feed: SensorFeed): number {
  const known = before?.mountingHeightMm ?? feed.sensor.description.mountingHeightMm;
  if (known === undefined && job.values.height === undefined) {
    throw new Refusal('height-unknown', baselineMessages[job.language].heightUnknown);
  }
  const wish = {
    option: '--height',
    initial: known ?? 0,
    minimum: 300,
    maximum: 6000,
    language: job.language,
  };
  return wholeNumberOption(job.values.height, wish);
}

/** Looks at the scene for some seconds; throws `Refusal` where it is not empty, or not fit to be learned. */
async function learnScene(
  job: BaselineJob,
  wish: {
    readonly feed: SensorFeed;
    readonly before: DistanceSensorProfile | null;
    readonly expectedMm: number;
    readonly seconds: number;
  },
): Promise<{ scene: EmptyScene; profile: DistanceSensorProfile }> {
  const { dialogue, language } = job;
  const text = baselineMessages[language];
  const { feed, before, expectedMm } = wish;
  const { description } = feed.sensor;
  const geometry = before?.geometry ?? description.geometry;
  const zones = description.zones.map((zone) => ({
    ...zone,
    side: before?.zones.find((known) => known.zone === zone.id)?.side ?? zone.side,
  }));
  const gauge = new EmptySceneGauge(zones, expectedMm, geometry);
  const picture = new ZonePicture(dialogue.live(), {
    zones,
    names: text.side,
    farthestMm: expectedMm * 1.05,
  });
  const secondsLeft = countdown(wish.seconds);
  try {
    for await (const chunk of feed.distances(AbortSignal.timeout(patience * wish.seconds * 1000))) {
      gauge.take(chunk);
      picture.take(chunk);
      picture.show(text.learning(secondsLeft()));
      if (secondsLeft() === 0 && gauge.isEnough) break;
    }
  } finally {
    picture.close();
  }
  const scene = gauge.judge();
  if (scene.kind === 'refused') {
    const { fault, zone } = scene;
    throw new Refusal(fault, text.fault(fault, zone, expectedMm), {
      sensor: feed.slot.sensor,
      zone: zone.zone,
    });
  }
  for (const zone of scene.zones) dialogue.say('info', text.learned(zone));
  const profile: DistanceSensorProfile = {
    sensor: feed.slot.sensor,
    kind: description.kind as DistanceSensorProfile['kind'],
    geometry,
    mountingHeightMm: expectedMm,
    zones: scene.zones.map(({ zone, side, idleMm, deviationMm }) => ({
      zone,
      side,
      idleMm: Math.round(idleMm),
      idleDeviationMm: Math.round(deviationMm * 10) / 10,
    })),
    baselineAt: `${new Date().toISOString().slice(0, 19)}Z`,
  };
  return { scene, profile };
}

/** Waits for one person to walk in. Throws `Refusal` where nobody or several did. */
async function watchWalk(
  job: BaselineJob,
  wish: { readonly feed: SensorFeed; readonly profile: DistanceSensorProfile; readonly walkSeconds: number },
): Promise<'kept' | 'exchanged'> {
  const { dialogue, language } = job;
  const text = baselineMessages[language];
  const { feed, profile, walkSeconds } = wish;
  let walk = new OneWalk(feed.sensor.description, profile);
  let attempts = 1;
  dialogue.say('info', text.walkIn);
  const live = dialogue.live();
  const farthestMm = (profile.mountingHeightMm ?? 0) * 1.05;
  const zones = profile.zones.map(({ zone, side }) => ({ id: zone, side }));
  const picture = new ZonePicture(live, { zones, names: text.side, farthestMm });
  const secondsLeft = countdown(walkSeconds);
  try {
    for await (const chunk of feed.distances(AbortSignal.timeout(walkSeconds * 1000))) {
      picture.take(chunk);
      picture.show(`${attempts > 1 ? `${text.onceMore} ` : ''}${text.waitingForWalk(secondsLeft())}`);
      const verdict = walk.take(chunk);
      if (verdict.kind === 'waiting') continue;
      live.beep();
      if (verdict.kind === 'several-people') {
        if (attempts === walkAttemptsMax) throw new Refusal('several-people', text.severalPeople);
        attempts += 1;
        walk = new OneWalk(feed.sensor.description, profile);
        continue;
      }
      picture.close();
      dialogue.say(
        verdict.kind === 'right-way' ? 'good' : 'warning',
        verdict.kind === 'right-way' ? text.rightWay : text.wrongWay,
      );
      return verdict.kind === 'right-way' ? 'kept' : 'exchanged';
    }
  } finally {
    picture.close();
  }
  throw new Refusal('nobody-walked', text.nobodyWalked(walkSeconds));
}

function withSidesExchanged(profile: DistanceSensorProfile): DistanceSensorProfile {
  return {
    ...profile,
    zones: profile.zones.map((zone) => ({ ...zone, side: zone.side === 'outside' ? 'inside' : 'outside' })),
  };
}

import type { SlotConfig } from '../../edge-agent/config.ts';
import type { WifiSensorProfile } from '../../gateway/contract/site-profile.ts';
import { openSensor } from '../../hardware/open-sensor.ts';
import type { Sensor } from '../../hardware/sensor.ts';
import { openCaptureSensor } from '../../hardware/wifi-probe/capture-sensor.ts';
import { Refusal, UsageError } from '../command.ts';
import { Interrupted } from '../dialogue/dialogue.ts';
import { type RangePhase, wifiRangeMessages } from '../messages/wifi-range.ts';
import { judgeRange, SignalTally } from '../presence/signal-range.ts';
import { chooseSlot, openSite } from '../site/open-site.ts';
import { openProfileDraft } from '../site/profile-draft.ts';
import { commandOf, type Job } from '../verb.ts';
import { wholeNumberOption } from '../whole-number-option.ts';

const options = {
  sensor: { type: 'string' },
  seconds: { type: 'string' },
  'no-background': { type: 'boolean' },
  near: { type: 'string' },
  far: { type: 'string' },
  background: { type: 'string' },
} as const;

type WifiRangeJob = Job<typeof options>;

const { de, en } = wifiRangeMessages;

/** `wifi-range`: the signal that parts the near side of the street from the far one. */
export const wifiRange = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: findRange,
});

async function findRange(job: WifiRangeJob) {
  const { values, words, dialogue, language } = job;
  const text = wifiRangeMessages[language];
  if ((values.near === undefined) !== (values.far === undefined)) throw new UsageError(text.bothFiles);
  const seconds = wholeNumberOption(values.seconds, {
    option: '--seconds',
    initial: 120,
    minimum: 5,
    maximum: 1800,
    language,
  });
  const site = openSite(values, words, dialogue);
  const slot = await chooseSlot(site, { sensor: values.sensor, kinds: ['wifi-probe'] }, { dialogue, words });
  dialogue.say('title', text.title(slot.sensor));
  const draft = openProfileDraft(site, 'wifi-range', { words, dialogue });
  const known = draft.sensor(slot.sensor);
  const profile = known !== null && known.kind === 'wifi-probe' ? known : null;
  // Also of captures: without a mode there is nothing to write a threshold to.
  if (profile === null) throw new Refusal('wifi-off', text.wifiOff);
  const tallies = await hearPhases(job, { slot, seconds });
  const verdict = judgeRange(tallies.near, tallies.far, tallies.background);
  if (verdict.kind === 'refused')
    throw new Refusal(verdict.reason, text.refused(verdict), { ...verdict, kind: 'refused' });
  dialogue.say('good', text.found(verdict));
  if (!(await dialogue.confirm(text.confirm))) throw new Refusal('not-confirmed', words.notConfirmed);
  const { presenceModel, ...rest } = profile;
  const isSame = profile.minimumSignalDbm === verdict.minimumSignalDbm;
  if (presenceModel !== undefined && !isSame) dialogue.say('warning', text.modelDropped);
  const next: WifiSensorProfile = {
    ...(isSame ? profile : rest),
    minimumSignalDbm: verdict.minimumSignalDbm,
  };
  draft.put(next);
  const { revision, hash } = draft.commit(words);
  dialogue.say('good', words.committed(site.profileFile, revision));
  return { code: 0 as const, result: { ...verdict, sensor: slot.sensor, revision, hash } };
}

interface Phases {
  readonly near: SignalTally;
  readonly far: SignalTally;
  readonly background: SignalTally | null;
}

async function hearPhases(job: WifiRangeJob, live: { slot: SlotConfig; seconds: number }): Promise<Phases> {
  const { values } = job;
  const { near, far, background } = values;
  if (near !== undefined && far !== undefined) {
    return {
      near: await hearCapture(near),
      far: await hearCapture(far),
      background: background === undefined ? null : await hearCapture(background),
    };
  }
  const silence = values['no-background'] ? null : await hearLive(job, 'background', live);
  return {
    background: silence,
    near: await hearLive(job, 'near', live),
    far: await hearLive(job, 'far', live),
  };
}

async function hearCapture(file: string): Promise<SignalTally> {
  return hear(await openCaptureSensor({ file, pace: 0, mode: 'rate' }), new AbortController().signal);
}

/** Listens in mode `rate`, whatever the profile says: then the driver cuts addresses off before we see a frame. */
async function hearLive(
  job: WifiRangeJob,
  phase: RangePhase,
  { slot, seconds }: { slot: SlotConfig; seconds: number },
): Promise<SignalTally> {
  const { dialogue, language, signal, words } = job;
  const text = wifiRangeMessages[language];
  if (!(await dialogue.confirm(text.ready[phase]))) throw new Refusal('not-confirmed', words.notConfirmed);
  const sensor = await openSensor(slot.source, { mode: 'rate', windowSeconds: 30 });
  const picture = dialogue.live();
  const endsAt = performance.now() + seconds * 1000;
  const stop = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
  try {
    const tally = await hear(sensor, stop, (heard) => {
      const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
      picture.show(text.listening(phase, left, heard.bursts));
    });
    if (signal.aborted) throw new Interrupted();
    return tally;
  } finally {
    picture.close();
  }
}

async function hear(
  sensor: Sensor,
  stop: AbortSignal,
  show: (tally: SignalTally) => void = () => {},
): Promise<SignalTally> {
  const tally = new SignalTally();
  try {
    for await (const chunk of sensor.chunks(stop)) {
      if (chunk.kind !== 'probe') continue;
      tally.take(chunk);
      show(tally);
    }
    return tally;
  } finally {
    await sensor.close();
  }
}

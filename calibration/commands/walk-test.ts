import { join } from 'node:path';
import type { SlotConfig } from '../../edge-agent/config.ts';
import type { DistanceSensorProfile, WalkTestRecord } from '../../gateway/contract/site-profile.ts';
import { monotonicClock } from '../../hardware/clock.ts';
import { placeOfSensor, putCalibrations, walkTestRecord } from '../audit/apply-walk-test.ts';
import { judgeAgain } from '../audit/judge-again.ts';
import { openTapServer, type TapServer } from '../audit/phone/tap-server.ts';
import { type RecordedWalkTest, runWalkTest, type TapIntake } from '../audit/run-walk-test.ts';
import { resultText, standingText } from '../audit/walk-test-text.ts';
import { Refusal, UsageError } from '../command.ts';
import { walkTestMessages } from '../messages/walk-test.ts';
import { qrCode } from '../picture/qr-code.ts';
import { finishAbandoned } from '../recording/live-recording.ts';
import { type GatewayAccess, gatewayAccess } from '../remote/gateway-client.ts';
import { chooseSlot, openSite, type Site } from '../site/open-site.ts';
import { openProfileDraft } from '../site/profile-draft.ts';
import { openSensorFeed } from '../site/sensor-feed.ts';
import { commandOf, type Job } from '../verb.ts';
import { wholeNumberOption } from '../whole-number-option.ts';

const options = {
  sensor: { type: 'string' },
  claim: { type: 'string' },
  seconds: { type: 'string' },
  'minimum-people': { type: 'string' },
  phone: { type: 'boolean' },
  'phone-host': { type: 'string' },
  'phone-port': { type: 'string' },
  'phone-token': { type: 'string' },
  recordings: { type: 'string' },
  again: { type: 'string' },
  gateway: { type: 'string' },
  'key-file': { type: 'string' },
  'ca-file': { type: 'string' },
  line: { type: 'string' },
  exchanged: { type: 'boolean' },
} as const;

type WalkTestJob = Job<typeof options>;

const { de, en } = walkTestMessages;

/** `walk-test`: what the counter counts against what somebody taps. */
export const walkTest = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: testAndApply,
});

const slotKinds = ['vl53l1x', 'tf-luna', 'tfmini-s'] as const;

async function testAndApply(job: WalkTestJob) {
  const { values, words, dialogue, language } = job;
  const text = walkTestMessages[language];
  const wishes = { claim: claimOf(job), least: wholeNumber(job, 'minimum-people', [20, 1, 100_000]) };
  const access = gatewayAccess(values, job.signal);
  const site = openSite(values, words, dialogue);
  const slot = await chooseSlot(site, { sensor: values.sensor, kinds: slotKinds }, { dialogue, words });
  dialogue.say('title', text.title(slot.sensor));
  const draft = openProfileDraft(site, 'walk-test', { words, dialogue });
  const known = draft.sensor(slot.sensor);
  const profile = known !== null && 'zones' in known ? known : null;
  if (profile === null) throw new Refusal('no-baseline', text.noBaseline(slot.sensor));
  const { finished, file, startedAt } =
    values.again === undefined
      ? await liveTest(job, { site, slot, profile, claim: wishes.claim })
      : await judgeAgain(values.again, profile);
  dialogue.say('plain', resultText(finished.result, { ...wishes, text }));
  dialogue.say('info', text.saved(file));
  const record = walkTestRecord(finished, new Date(startedAt));
  const found = { sensor: slot.sensor, recording: file, record, ...finished.result };
  const { trials } = finished.result.recall;
  if (trials < wishes.least) {
    throw new Refusal('too-few', text.tooFew(trials, wishes.least), { recording: file, people: trials });
  }
  if (!(await dialogue.confirm(text.confirm(slot.sensor)))) {
    throw new Refusal('not-confirmed', words.notConfirmed, found);
  }
  draft.put({ ...profile, walkTest: record });
  const { revision, hash } = draft.commit(words);
  dialogue.say('good', words.committed(site.profileFile, revision));
  const calibrations = await upload(job, { access, site, sensor: slot.sensor, record });
  for (const id of calibrations) dialogue.say('good', text.uploaded(id));
  return { code: 0 as const, result: { kind: 'tested', ...found, calibrations, revision, hash } };
}

/** Runs the test at the sensor, with keys, a telephone, or both. */
async function liveTest(
  job: WalkTestJob,
  test: {
    readonly site: Site;
    readonly slot: SlotConfig;
    readonly profile: DistanceSensorProfile;
    readonly claim: number;
  },
): Promise<RecordedWalkTest> {
  const { values, dialogue, language } = job;
  const text = walkTestMessages[language];
  const seconds = values.seconds === undefined ? null : wholeNumber(job, 'seconds', [0, 5, 86_400]);
  if (!dialogue.interactive && !(values.phone && seconds !== null)) throw new UsageError(text.noTaps);
  const folder = values.recordings ?? join(test.site.config.stateDir, 'recordings');
  for (const torn of await finishAbandoned(folder)) dialogue.say('info', text.finishedTorn(torn));
  const feed = await openSensorFeed(test.slot, job);
  const phone = values.phone ? await openPhone(job) : null;
  const stop = new AbortController();
  const timer = seconds === null ? undefined : setTimeout(() => stop.abort(), seconds * 1000);
  try {
    return await runWalkTest({
      feed,
      profile: test.profile,
      folder,
      picture: dialogue.live(),
      stop,
      keys: text.keys,
      words: (standing) => standingText(standing, { text, claim: test.claim }),
      listen: phone?.listen ?? null,
    });
  } finally {
    clearTimeout(timer);
    await phone?.server.close();
    await feed.close();
  }
}

/** Opens the telephone's page and shows how to get there. Taps wait for the first reading. */
async function openPhone(job: WalkTestJob) {
  const { values, dialogue, language } = job;
  const text = walkTestMessages[language];
  const token = values['phone-token'];
  if (token !== undefined && !/^[\w-]{16,200}$/.test(token)) throw new UsageError(text.badToken);
  let intake: TapIntake | null = null;
  const server: TapServer = await openTapServer({
    host: values['phone-host'] ?? '0.0.0.0',
    port: wholeNumber(job, 'phone-port', [0, 0, 65_535]),
    token,
    words: text.phone,
    nowSeconds: () => monotonicClock.nowSeconds(),
    intake: () => intake,
  });
  dialogue.say('info', `${text.onPhone}\n${server.url}`);
  if (dialogue.interactive) dialogue.say('plain', qrCode(server.url));
  const listen = (taps: TapIntake) => {
    intake = taps;
  };
  return { server, listen };
}

/** Sends the corrections to the gateway; none without one. Throws `Refusal` saying how to do it again. */
async function upload(
  job: WalkTestJob,
  tested: {
    readonly access: GatewayAccess | null;
    readonly site: Site;
    readonly sensor: string;
    readonly record: WalkTestRecord;
  },
): Promise<string[]> {
  const { values, dialogue, language } = job;
  const text = walkTestMessages[language];
  const { access, site, sensor, record } = tested;
  if (access === null) {
    dialogue.say('warning', text.notUploaded);
    return [];
  }
  const { device } = site.config;
  const found = await placeOfSensor(access, { device, sensor, line: values.line });
  const { line } = found;
  if (line === null) throw new UsageError(text.noLine(found.known.join(', ')));
  const exchanged = values.exchanged === true || found.exchanged;
  return putCalibrations(access, { device, sensor, line, exchanged }, record);
}

function claimOf({ values, language }: WalkTestJob): number {
  const given = values.claim ?? '95';
  const percent = Number(given);
  if (percent >= 50 && percent <= 99.9) return percent / 100;
  throw new UsageError(walkTestMessages[language].badPercent(given));
}

function wholeNumber(
  { values, language }: WalkTestJob,
  option: 'seconds' | 'minimum-people' | 'phone-port',
  [initial, minimum, maximum]: readonly [number, number, number],
): number {
  return wholeNumberOption(values[option], { option: `--${option}`, initial, minimum, maximum, language });
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SlotConfig } from '../../edge-agent/config.ts';
import { openSensor } from '../../hardware/open-sensor.ts';
import type { SensorDescription } from '../../hardware/sensor.ts';
import { Refusal } from '../command.ts';
import { recordMessages } from '../messages/record.ts';
import { finishAbandoned } from '../recording/live-recording.ts';
import { recordedSite } from '../recording/recorded-site.ts';
import {
  freeBytes,
  type RecordingLimits,
  RecordingRun,
  type RecordingSource,
} from '../recording/recording-run.ts';
import { chooseSlot, openSite, type Site } from '../site/open-site.ts';
import { openSensorFeed } from '../site/sensor-feed.ts';
import { commandOf, type Job } from '../verb.ts';
import { wholeNumberOption } from '../whole-number-option.ts';

const options = {
  sensor: { type: 'string' },
  minutes: { type: 'string' },
  seconds: { type: 'string' },
  'limit-mb': { type: 'string' },
  'reserve-mb': { type: 'string' },
  out: { type: 'string' },
} as const;

type RecordJob = Job<typeof options>;

const { de, en } = recordMessages;
const megabyte = 1_000_000;

/** `record`: a recording of one sensor. */
export const record = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: recordSensor,
});

async function recordSensor(job: RecordJob) {
  const { values, words, dialogue, language } = job;
  const text = recordMessages[language];
  const limits = limitsOf(job);
  const site = openSite(values, words, dialogue);
  const slot = await chooseSlot(
    site,
    { sensor: values.sensor, kinds: ['vl53l1x', 'tf-luna', 'tfmini-s', 'pir'] },
    { dialogue, words },
  );
  const folder = values.out ?? join(site.config.stateDir, 'recordings');
  mkdirSync(folder, { recursive: true });
  for (const torn of await finishAbandoned(folder)) dialogue.say('info', text.finishedTorn(torn));
  const free = freeBytes(folder);
  if (free < limits.reserveBytes) throw new Refusal('no-room', text.noRoom(free, limits.reserveBytes));
  const source = await openSource(slot, job);
  const picture = dialogue.live();
  try {
    const place = siteOf(site, slot, source.description);
    const plan = { folder, name: slot.sensor, description: source.description, site: place };
    const run = new RecordingRun({ ...plan, limits, picture, progress: text.progress, signal: job.signal });
    const kept = await run.follow(source);
    dialogue.say(kept.end === 'time' || kept.end === 'key' ? 'info' : 'warning', text.ended[kept.end]);
    if (kept.file === null) throw new Refusal('nothing-read', text.nothing);
    dialogue.say('good', text.kept(kept.file, kept.seconds, kept.bytes));
    const code = kept.end === 'sensor-lost' ? (1 as const) : (0 as const);
    return { code, result: { kind: 'recorded', sensor: slot.sensor, ...kept } };
  } finally {
    picture.close();
    await source.close();
  }
}

/** What is known of the place: the profile in force over what the driver says. */
function siteOf(site: Site, slot: SlotConfig, description: SensorDescription) {
  const known = site.inForce.profile?.sensors.find(({ sensor }) => sensor === slot.sensor);
  return recordedSite(description, known !== undefined && 'zones' in known ? known : null);
}

function limitsOf(job: RecordJob): RecordingLimits {
  const number = (
    option: 'minutes' | 'seconds' | 'limit-mb' | 'reserve-mb',
    [initial, minimum, maximum]: readonly [number, number, number],
  ) =>
    wholeNumberOption(job.values[option], {
      option: `--${option}`,
      initial,
      minimum,
      maximum,
      language: job.language,
    });
  const minutes = number('minutes', [60, 1, 1440]);
  return {
    seconds: number('seconds', [minutes * 60, 1, 86_400]),
    bytes: number('limit-mb', [500, 1, 10_000]) * megabyte,
    reserveBytes: number('reserve-mb', [200, 0, 100_000]) * megabyte,
  };
}

/** A distance sensor says when it is unplugged; a motion detector is silent for hours and means nothing by it. */
async function openSource(slot: SlotConfig, job: RecordJob): Promise<RecordingSource> {
  if (slot.source.kind === 'pir') {
    const sensor = await openSensor(slot.source);
    const { description } = sensor;
    const chunks = (stop: AbortSignal) => sensor.chunks(AbortSignal.any([stop, job.signal]));
    return { description, chunks, close: () => sensor.close() };
  }
  const feed = await openSensorFeed(slot, job);
  const { description } = feed.sensor;
  return { description, chunks: (stop) => feed.distances(stop), close: () => feed.close() };
}

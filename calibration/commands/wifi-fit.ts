import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import {
  readSiteProfile,
  siteProfileHash,
  writeSiteProfile,
} from '../../edge-agent/config/site-profile-file.ts';
import { presenceDefaults } from '../../edge-agent/count/create-presence-counter.ts';
import type { SiteProfile, WifiSensorProfile } from '../../gateway/contract/site-profile.ts';
import { type Command, type CommandContext, UsageError } from '../command.ts';
import { type WifiFitMessages, wifiFitMessages } from '../messages/wifi-fit.ts';
import {
  type FittedPresence,
  fitPresenceModel,
  presenceModelOf,
  type RefusedPresence,
} from '../presence/fit-presence-model.ts';
import { HeadCountError, type HeadCountTruth, parseHeadCountTruth } from '../presence/head-count-truth.ts';
import { type JudgedCapture, judgeCapture } from '../presence/judge-capture.ts';
import { bitsMax, bitsMin, parseWifiFitOptions, type WifiFitOptions } from '../presence/wifi-fit-options.ts';

/** A bit for each radio of the busiest window: up to there the estimate is unbiased, and fewer bits mean less noise. */
const bitsPerRadio = 1;

/** `wifi-fit`: learns the presence model of a site profile. */
export const wifiFit: Command = {
  summary: {
    de: 'lernt, wie viele Menschen der WLAN-Anzeiger bedeutet',
    en: 'learns how many people the WiFi indicator means',
  },
  async run(context) {
    const messages = wifiFitMessages[context.language];
    if (context.args.includes('--help')) {
      context.stdout.write(`${messages.help}\n`);
      return 0;
    }
    const options = parseWifiFitOptions(context.args, messages);
    const previous = existsSync(options.profile) ? readSiteProfile(options.profile) : null;
    const sensor = sensorName(previous, options.sensor, messages);
    const truth = readTruth(options.truth);
    const { profile, judged } = await judge(options, sensor, truth);
    const result = fitPresenceModel(judged.windows);
    if (result.kind === 'refused') return refuse(result, { context, options, messages });
    const model = presenceModelOf(result, {
      mode: options.mode,
      windowSeconds: options.windowSeconds,
      fittedAt: new Date(Math.floor(judged.endsAtEpochSeconds) * 1000).toISOString().replace('.000Z', 'Z'),
    });
    if (!options.json) context.stdout.write(`${messages.fitted(result, options.mode)}\n`);
    if (!(await confirmed(context, options, messages))) {
      context.stderr.write(`${messages.notConfirmed}\n`);
      return 1;
    }
    const next = replaceSensor(previous, { ...profile, presenceModel: model });
    writeSiteProfile(options.profile, next);
    report(result, { context, options, messages, next, presenceModel: model });
    return 0;
  },
};

/** Counts the capture; in mode `hashing` a first pass finds how many bits the place needs. */
async function judge(
  options: WifiFitOptions,
  sensor: string,
  truth: HeadCountTruth,
): Promise<{ readonly profile: WifiSensorProfile; readonly judged: JudgedCapture }> {
  const { mode, windowSeconds, epsilon, minimumSignalDbm, seed } = options;
  const bits = options.bits ?? presenceDefaults.bits;
  const profile = {
    sensor,
    kind: 'wifi-probe' as const,
    mode,
    windowSeconds,
    epsilon,
    bits,
    minimumSignalDbm,
  };
  const capture = { file: options.capture, truth, ...(seed === undefined ? {} : { seed }) };
  const judged = await judgeCapture({ ...capture, profile });
  if (mode === 'rate' || options.bits !== undefined) return { profile, judged };
  const busiest = Math.max(0, ...judged.windows.map((window) => window.indicator));
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, bitsPerRadio * busiest)));
  const fitting = { ...profile, bits: Math.min(bitsMax, Math.max(bitsMin, wanted)) };
  return { profile: fitting, judged: await judgeCapture({ ...capture, profile: fitting }) };
}

function readTruth(file: string): HeadCountTruth {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new HeadCountError(`${file}: ${missing ? 'no such file' : (cause as Error).message}`);
  }
  return parseHeadCountTruth(text, file);
}

function sensorName(
  previous: SiteProfile | null,
  asked: string | undefined,
  messages: WifiFitMessages,
): string {
  if (asked !== undefined) {
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(asked)) {
      throw new UsageError(messages.badValue('--sensor', asked, 'a–z, 0–9, -'));
    }
    return asked;
  }
  const present = previous?.sensors.filter((sensor) => sensor.kind === 'wifi-probe') ?? [];
  if (present.length > 1) throw new UsageError(messages.severalSensors);
  return present[0]?.sensor ?? 'wifi';
}

function replaceSensor(previous: SiteProfile | null, sensor: WifiSensorProfile): SiteProfile {
  if (previous === null) return { version: 1, revision: 1, parent: null, sensors: [sensor] };
  const others = previous.sensors.filter((other) => other.sensor !== sensor.sensor);
  return {
    ...previous,
    revision: previous.revision + 1,
    parent: siteProfileHash(previous),
    sensors: [...others, sensor],
  };
}

interface Outcome {
  readonly context: CommandContext;
  readonly options: WifiFitOptions;
  readonly messages: WifiFitMessages;
}

function refuse(refusal: RefusedPresence, { context, options, messages }: Outcome): number {
  if (options.json) context.stdout.write(`${JSON.stringify(refusal)}\n`);
  context.stderr.write(`${messages.refused(refusal)}\n`);
  return 1;
}

function report(
  fitted: FittedPresence,
  outcome: Outcome & { readonly next: SiteProfile; readonly presenceModel: object },
): void {
  const { context, options, messages, next, presenceModel } = outcome;
  if (!options.json) {
    context.stdout.write(`${messages.written(options.profile, next.revision)}\n`);
    return;
  }
  const { meanAbsoluteError, rootMeanSquareError, meanAbsoluteDeviation, correlation } = fitted;
  const leaveOneOut = { meanAbsoluteError, rootMeanSquareError, meanAbsoluteDeviation, correlation };
  const { profile } = options;
  const printed = { kind: 'fitted', profile, revision: next.revision, presenceModel, leaveOneOut };
  context.stdout.write(`${JSON.stringify(printed)}\n`);
}

/** `--yes`, or a yes at the terminal; without either nothing is written. */
async function confirmed(
  context: CommandContext,
  options: WifiFitOptions,
  messages: WifiFitMessages,
): Promise<boolean> {
  if (options.yes) return true;
  if (context.stdin.isTTY !== true) return false;
  const terminal = createInterface({ input: context.stdin, output: context.stderr });
  try {
    return /^[yj]/i.test(await terminal.question(messages.confirm(options.profile)));
  } finally {
    terminal.close();
  }
}

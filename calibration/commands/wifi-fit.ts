import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
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

/**
 * A phone ten metres away behind a body is heard at about -70 dBm; what is weaker is mostly next
 * door or in the street. In both Brno captures, 17 months apart, frames above it follow the people
 * by nearly one factor; frames of any strength do not (scripts/evidence/wifi.ts).
 */
const minimumSignalDbmDefault = -70;

/** A bit for each radio of the busiest window: up to there the estimate is unbiased, and fewer bits mean less noise. */
const bitsPerRadio = 1;
const bitsMin = 64;
const bitsMax = 1024;

interface Options {
  readonly capture: string;
  readonly truth: string;
  readonly profile: string;
  readonly sensor: string | undefined;
  readonly mode: 'rate' | 'hashing';
  readonly windowSeconds: number;
  readonly minimumSignalDbm: number;
  readonly epsilon: number;
  readonly bits: number | undefined;
  readonly seed: number | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

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
    const options = parseOptions(context.args, messages);
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
  options: Options,
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

function parseOptions(args: readonly string[], messages: WifiFitMessages): Options {
  const values = parseValues(args, messages);
  const text = (name: 'capture' | 'truth' | 'profile' | 'wifi-mode'): string => {
    const value = values[name];
    if (typeof value !== 'string') throw new UsageError(messages.missingOption(`--${name}`));
    return value;
  };
  const number = (name: NumberOption): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    const [least, most, whole] = numberOptions[name];
    const parsed = Number(value);
    const fits = value !== '' && parsed >= least && parsed <= most && (!whole || Number.isInteger(parsed));
    if (!fits) throw new UsageError(messages.badValue(`--${name}`, value, `${least}–${most}`));
    return parsed;
  };
  const mode = text('wifi-mode');
  if (mode !== 'rate' && mode !== 'hashing') {
    throw new UsageError(messages.badValue('--wifi-mode', mode, 'rate | hashing'));
  }
  return {
    capture: text('capture'),
    truth: text('truth'),
    profile: text('profile'),
    sensor: values.sensor,
    mode,
    windowSeconds: number('window') ?? presenceDefaults.windowSeconds,
    minimumSignalDbm: number('minimum-signal') ?? minimumSignalDbmDefault,
    epsilon: number('epsilon') ?? presenceDefaults.epsilon,
    bits: number('bits'),
    seed: number('seed'),
    yes: values.yes === true,
    json: values.json === true,
  };
}

/** Least, most, and whether whole: as the site profile's schema has them. */
const numberOptions = {
  window: [30, 300, true],
  'minimum-signal': [-120, 0, true],
  epsilon: [0.01, 4, false],
  bits: [bitsMin, bitsMax, true],
  seed: [0, 2 ** 32 - 1, true],
} as const satisfies Record<string, readonly [number, number, boolean]>;
type NumberOption = keyof typeof numberOptions;

function parseValues(args: readonly string[], messages: WifiFitMessages) {
  const string = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: args.flatMap(joinNegative),
      options: {
        capture: string,
        truth: string,
        profile: string,
        'wifi-mode': string,
        sensor: string,
        window: string,
        'minimum-signal': string,
        epsilon: string,
        bits: string,
        seed: string,
        lang: string,
        yes: flag,
        json: flag,
      },
    }).values;
  } catch (cause) {
    const option = /'(--?[\w-]+)/.exec((cause as Error).message)?.[1] ?? args.join(' ');
    throw new UsageError(messages.unknownOption(option));
  }
}

/** parseArgs takes `--minimum-signal -70` for two options: it wants `--minimum-signal=-70`. */
function joinNegative(arg: string, at: number, args: readonly string[]): string[] {
  if (args[at - 1] === '--minimum-signal') return [];
  return arg === '--minimum-signal' && args[at + 1] !== undefined ? [`${arg}=${args[at + 1]}`] : [arg];
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
  readonly options: Options;
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
  options: Options,
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

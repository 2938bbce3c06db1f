import { parseArgs } from 'node:util';
import { presenceDefaults } from '../../edge-agent/count/create-presence-counter.ts';
import { UsageError } from '../command.ts';
import type { WifiFitMessages } from '../messages/wifi-fit.ts';

/**
 * A phone ten metres away behind a body is heard at about -70 dBm; what is weaker is mostly next
 * door or in the street. In both Brno captures, 17 months apart, frames above it follow the people
 * by nearly one factor; frames of any strength do not (scripts/evidence/wifi.ts).
 */
const minimumSignalDbmDefault = -70;

/** Least and most bits that a site profile may name. */
export const bitsMin = 64;
export const bitsMax = 1024;

/** The arguments of `wifi-fit`, checked and with their defaults. */
export interface WifiFitOptions {
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

/** Reads the arguments of `wifi-fit`. Throws `UsageError`. */
export function parseWifiFitOptions(args: readonly string[], messages: WifiFitMessages): WifiFitOptions {
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

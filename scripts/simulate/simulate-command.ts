import { parseArgs } from 'node:util';
import { beamKinds } from '../../hardware/emulated/walks/beam-pair-simulation.ts';
import {
  isWalkProfileName,
  type WalkProfileName,
  walkProfileNames,
} from '../../hardware/emulated/walks/walk-profiles.ts';
import { type ZoneLayoutName, zoneLayoutNames } from '../../hardware/emulated/walks/zone-layout.ts';
import type { Geometry } from '../../hardware/sensor.ts';

export const simulateUsage = `usage: npm run -s simulate -- --profile NAME --out FILE [options]

  --profile NAME      what comes through the passage (--list shows all)
  --out FILE          recording to write (NDJSON); the truth goes to <name>.truth.json
  --seed N            whole number; the same seed gives the same file (default 1)
  --height MM         floor to sensor, 2000 to 4000 (default 2500); with --geometry side
                      the free width of the passage, 700 to 4000 (default 1200)
  --minutes N         length, 0.1 to 240 (default 10)
  --rate N            readings a second, all zones together, 4 to 500
                      (default 40; lidar pairs 200, ultrasonic pairs 20)
  --noise N           scales the noise of distances, 0 to 20 (default 1)
  --status-rate N     share of readings with a bad status, 0 to 1 (default 0.008)
  --zones NAME        two (default), three or four regions of a vl53l1x
  --sensor NAME       vl53l1x (default), or a pair of tf-luna, tfmini-s or ultrasonic
  --geometry NAME     ceiling (default) or side, for pairs
  --spacing MM        between the two sensors of a pair, 50 to 600 (default 200)
  --tracks FILE       camera tracks (CSV): three of ten single walks follow them
  --started-at TIME   UTC time of the first reading (default 2026-03-02T08:00:00Z)
  --list              names the profiles
  --help              this text`;

/** A command line that cannot be followed; the message names the option. */
class SimulateUsageError extends Error {}

const simulatedSensors = ['vl53l1x', ...beamKinds] as const;
type SimulatedSensor = (typeof simulatedSensors)[number];

export interface SimulateCommand {
  readonly kind: 'simulate';
  readonly sensor: SimulatedSensor;
  readonly profile: WalkProfileName;
  readonly seed: number;
  readonly minutes: number;
  readonly geometry: Geometry;
  readonly mountingHeightMm: number;
  readonly zones: ZoneLayoutName;
  readonly noise: number;
  readonly statusRate?: number;
  readonly readingsPerSecond?: number;
  readonly spacingMm: number;
  readonly tracksFile?: string;
  readonly file: string;
  readonly startedAt: string;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const optionTable = {
  profile: text,
  out: text,
  seed: text,
  height: text,
  minutes: text,
  rate: text,
  noise: text,
  'status-rate': text,
  zones: text,
  sensor: text,
  geometry: text,
  spacing: text,
  tracks: text,
  'started-at': text,
  list: flag,
  help: flag,
} as const;

/** Reads the arguments after `--`. Throws `SimulateUsageError`, or what parseArgs throws for unknown options. */
export function parseSimulateCommand(
  args: readonly string[],
): SimulateCommand | { readonly kind: 'help' } | { readonly kind: 'list' } {
  const { values } = parseArgs({ args: [...args], options: optionTable });
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list' };
  if (values.profile === undefined)
    throw new SimulateUsageError('--profile is missing; --list shows the names');
  if (!isWalkProfileName(values.profile)) {
    throw new SimulateUsageError(`--profile: "${values.profile}" is none of ${walkProfileNames.join(', ')}`);
  }
  if (values.out === undefined || values.out === '') throw new SimulateUsageError('--out is missing');
  const sensor = oneOf('sensor', values.sensor ?? 'vl53l1x', simulatedSensors);
  const geometry = oneOf('geometry', values.geometry ?? 'ceiling', ['ceiling', 'side'] as const);
  if (sensor === 'vl53l1x' && geometry === 'side') {
    throw new SimulateUsageError('--geometry: a vl53l1x is simulated at the ceiling only');
  }
  const height = geometry === 'side' ? { from: 700, byDefault: 1200 } : { from: 2000, byDefault: 2500 };
  const seed = numberOf('seed', values.seed, { from: 0, to: 4294967295, byDefault: 1 });
  if (!Number.isInteger(seed)) throw new SimulateUsageError(`--seed: "${values.seed}" is not a whole number`);
  return {
    kind: 'simulate',
    sensor,
    geometry,
    seed,
    profile: values.profile,
    minutes: numberOf('minutes', values.minutes, { from: 0.1, to: 240, byDefault: 10 }),
    mountingHeightMm: numberOf('height', values.height, { ...height, to: 4000 }),
    zones: oneOf('zones', values.zones ?? 'two', zoneLayoutNames),
    noise: numberOf('noise', values.noise, { from: 0, to: 20, byDefault: 1 }),
    spacingMm: numberOf('spacing', values.spacing, { from: 50, to: 600, byDefault: 200 }),
    ...given('statusRate', optionalNumber('status-rate', values['status-rate'], { from: 0, to: 1 })),
    ...given('readingsPerSecond', optionalNumber('rate', values.rate, { from: 4, to: 500 })),
    ...given('tracksFile', values.tracks),
    file: values.out,
    startedAt: startOf(values['started-at'] ?? '2026-03-02T08:00:00Z'),
  };
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: Value };

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === value);
  if (choice === undefined)
    throw new SimulateUsageError(`--${name}: "${value}" is none of ${choices.join(', ')}`);
  return choice;
}

function optionalNumber(name: string, value: string | undefined, range: { from: number; to: number }) {
  return value === undefined ? undefined : numberOf(name, value, { ...range, byDefault: range.from });
}

function numberOf(
  name: string,
  value: string | undefined,
  range: { from: number; to: number; byDefault: number },
): number {
  if (value === undefined) return range.byDefault;
  const number = Number(value);
  if (value.trim() === '' || !(number >= range.from && number <= range.to)) {
    throw new SimulateUsageError(`--${name}: "${value}" is not a number from ${range.from} to ${range.to}`);
  }
  return number;
}

function startOf(value: string): string {
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw new SimulateUsageError(`--started-at: "${value}" is not a time`);
  return new Date(at).toISOString();
}

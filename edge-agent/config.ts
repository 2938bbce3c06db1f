import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import { deviceSensorsMax } from '../gateway/contract/device-status.ts';
import { DeviceName, SensorName } from '../gateway/contract/names.ts';
import { SensorConfig } from '../hardware/open-sensor.ts';
import { InstallationError, installationFileOf, readInstallation } from './config/installation.ts';
import { objectHash } from './config/object-hash.ts';

const closed = { additionalProperties: false } as const;

const UplinkConfig = Type.Object(
  {
    url: Type.String({
      pattern: '^(mqtts?|wss?)://',
      description: 'The broker, as mqtt://host:1883 or mqtts://host:8883.',
    }),
    username: Type.Optional(Type.String({ minLength: 1, description: 'Default: the device name.' })),
    password: Type.Optional(Type.String()),
    passwordFile: Type.Optional(Type.String({ description: 'File whose first line is the password.' })),
    caFile: Type.Optional(Type.String({ description: 'PEM of the authority of the broker, if not public.' })),
    pin: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description:
          'Fingerprint of the broker’s public key, as `enrol` notes it; no authority is asked then.',
      }),
    ),
    protocol: Type.Enum(['auto', '5', '3.1.1'], { default: 'auto' }),
    keepaliveSeconds: Type.Integer({ minimum: 5, maximum: 3600, default: 30 }),
    startDelaySecondsMax: Type.Number({
      minimum: 0,
      maximum: 3600,
      default: 30,
      description: 'A random time up to this passes before the first connection.',
    }),
    backfillOrder: Type.Enum(['newest-first', 'oldest-first'], { default: 'newest-first' }),
    backfillIntervalsPerSecond: Type.Number({ exclusiveMinimum: 0, maximum: 100_000, default: 50 }),
    batchSecondsMax: Type.Number({ minimum: 0, maximum: 3600, default: 1 }),
  },
  closed,
);

const OutboxConfig = Type.Object(
  {
    capacityDays: Type.Number({ exclusiveMinimum: 0, maximum: 4000, default: 400 }),
    deliveredDays: Type.Number({ minimum: 0, maximum: 4000, default: 35 }),
  },
  { ...closed, default: {} },
);

const SlotConfig = Type.Object({ sensor: SensorName, source: SensorConfig }, closed);

/** The configuration of an agent: one file, read once. */
export const AgentConfig = Type.Object(
  {
    device: DeviceName,
    stateDir: Type.String({ default: '/var/lib/passant', description: 'On the card: the outbox.' }),
    runDir: Type.String({ default: '/run/passant', description: 'In memory (tmpfs): the open minute.' }),
    siteProfile: Type.Optional(Type.String({ description: 'Default: site-profile.json in stateDir.' })),
    clock: Type.Enum(['system', 'trusted'], {
      default: 'system',
      description: '`trusted` takes the wall clock as it is: for machines that nobody synchronises.',
    }),
    timeZone: Type.Optional(
      Type.String({
        description: 'IANA name; its midnight ends the running totals. Default: the machine’s.',
      }),
    ),
    logLevel: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
    uplink: Type.Optional(UplinkConfig),
    outbox: OutboxConfig,
    sensors: Type.Array(SlotConfig, { minItems: 1, maxItems: deviceSensorsMax }),
  },
  { ...closed, title: 'passant-agent' },
);
export type AgentConfig = Static<typeof AgentConfig>;
export type SlotConfig = Static<typeof SlotConfig>;

/** All that is wrong with a configuration, each with the place of the field. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(origin: string, faults: readonly string[]) {
    super(`${origin}: ${faults.join('; ')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Checks a configuration and fills in its defaults; the result is frozen. Throws `ConfigError` with
 * all faults together, `origin` names the file.
 */
export function parseAgentConfig(value: unknown, origin: string): AgentConfig {
  const filled = Value.Default(AgentConfig, structuredClone(value));
  const faults = [...Value.Errors(AgentConfig, filled)].map(
    (fault) => `${fault.instancePath.slice(1).replaceAll('/', '.') || 'the file'} ${fault.message}`,
  );
  if (faults.length > 0) throw new ConfigError(origin, [...new Set(faults)]);
  const config = filled as AgentConfig;
  const names = config.sensors.map(({ sensor }) => sensor);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) throw new ConfigError(origin, [`sensors name "${twice[0]}" twice`]);
  if (config.uplink?.pin !== undefined && !config.uplink.url.startsWith('mqtts:')) {
    throw new ConfigError(origin, ['uplink.pin needs an uplink.url that begins with mqtts://']);
  }
  if (config.timeZone !== undefined && !isTimeZone(config.timeZone)) {
    throw new ConfigError(origin, [`timeZone "${config.timeZone}" is not known here`]);
  }
  return deepFreeze(config);
}

/**
 * Reads and checks a configuration file. Where the device has been installed (`enrol`), the installation
 * in its state directory is in force instead, and holds the site profile, too. Throws `ConfigError`.
 */
export function readAgentConfig(file: string): AgentConfig {
  const base = parseAgentConfig(readJson(file), file);
  const place = installationFileOf(base.stateDir);
  const installed = installedIn(place);
  if (installed === null) return base;
  const { agent } = installed.installation;
  return parseAgentConfig({ ...agent, stateDir: base.stateDir, siteProfile: place }, place);
}

/** What is odd about the configuration in force, for the log: a torn version, a file that was changed later. */
export function configurationNotes(file: string): string[] {
  const value = readJson(file);
  const place = installationFileOf(parseAgentConfig(value, file).stateDir);
  const installed = installedIn(place);
  if (installed === null) return [];
  const { fault, installation } = installed;
  const changed = installation.base.file === file && installation.base.hash !== objectHash(value);
  return [
    ...(fault === null ? [] : [`${fault}; revision ${installation.revision} is in force`]),
    ...(changed
      ? [
          `${file} was changed after it was installed: ${place} is in force (calibrate rollback --to configuration)`,
        ]
      : []),
  ];
}

function installedIn(place: string): ReturnType<typeof readInstallation> {
  try {
    return readInstallation(place);
  } catch (cause) {
    if (cause instanceof InstallationError) throw new ConfigError(place, [cause.message]);
    throw cause;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    throw new ConfigError(file, [(cause as Error).message]);
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}

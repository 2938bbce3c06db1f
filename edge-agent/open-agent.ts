import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { buildTopic } from '../gateway/contract/topics.ts';
import { openSensor } from '../hardware/open-sensor.ts';
import { Agent } from './agent.ts';
import { logKeeper, logUplink } from './agent-log.ts';
import { CalendarKeeper } from './clock/calendar-keeper.ts';
import type { AgentClock } from './clock/clock.ts';
import { openSystemClock } from './clock/system-clock.ts';
import { looseness } from './config/private-file.ts';
import { readProfileInForce } from './config/profile-in-force.ts';
import { PushInbox } from './config/push-inbox.ts';
import { sensorProfileUnderSettings } from './config/pushed-settings.ts';
import { type AgentConfig, ConfigError } from './config.ts';
import { IntervalKeeper } from './interval-keeper.ts';
import { type OpenMinutesFile, openOpenMinutes } from './outbox/open-minutes.ts';
import { openSqliteOutbox } from './outbox/open-sqlite-outbox.ts';
import { SensorSlot } from './sensor-slot.ts';
import type { Link } from './uplink/link.ts';
import { openMqttLink } from './uplink/mqtt-link.ts';
import { Uplink, type UplinkEvent } from './uplink/uplink.ts';
import { witnessBonds } from './witness-bonds.ts';

const minutesADay = 1440;

/** What an agent is made of; what is left out is the machine's own. */
export interface AgentOptions {
  readonly config: AgentConfig;
  readonly logger: Logger;
  readonly clock?: AgentClock;
  /** Between 0 and 1. */
  readonly random?: () => number;
  /** Replaces the way to the broker, as the simulation does. */
  readonly link?: Link;
  readonly machineId?: string | null;
  /** Replace what opens sensors and the outbox: the simulation's door, a journal around the real outbox. */
  readonly openSensor?: typeof openSensor;
  readonly openOutbox?: typeof openSqliteOutbox;
}

/**
 * Opens everything an agent needs and starts it. Throws `ConfigError` for a password or authority
 * that cannot be read, `OutboxError` where no outbox can be made, `SensorError` for a recording that
 * cannot be played; real devices that are missing are tried again.
 */
export async function openAgent(options: AgentOptions): Promise<Agent> {
  const { config, logger } = options;
  const random = options.random ?? secureRandom;
  const clock = options.clock ?? openSystemClock(config.clock, () => randomHex(16));
  const profileFile = config.siteProfile ?? join(config.stateDir, 'site-profile.json');
  const profile = readProfileInForce(profileFile);
  const outdated = Promise.withResolvers<void>();
  if (profile.fault !== null) logger.error({ fault: profile.fault, inForce: profile.origin }, 'site profile');
  const pushes = new PushInbox({ profileFile, profile, logger, outdated: outdated.resolve });
  const calendar = new CalendarKeeper();
  const link =
    options.link ?? openConfiguredLink(config, { clock, random, wallMs: () => knownWallMs(clock, calendar) });
  const keeper = openKeeper(options, clock);
  const left = keeper.restore();
  if (left !== null && left.calendar.trust !== 'none') calendar.resume(left.calendar.offsetSeconds);
  calendar.observe({
    nowSeconds: clock.nowSeconds(),
    wallSeconds: clock.wallSeconds(),
    synchronized: config.clock === 'trusted',
  });
  const bonds = witnessBonds(profile.profile?.sensors ?? [], (sensor, span) =>
    slots.find(({ name }) => name === sensor)?.flag(span),
  );
  const slots: SensorSlot[] = config.sensors.map((slot) => {
    const made = new SensorSlot({
      config: slot,
      profile: sensorProfileUnderSettings(profile.profile, slot.sensor),
      profileHash: profile.hash,
      clock,
      openSensor: options.openSensor ?? openSensor,
      calendar: () => calendar.calendar,
      timeZone: config.timeZone,
      countedSince: (epochSeconds) => keeper.countedSince(slot.sensor, epochSeconds),
      put: (intervals) => {
        if (keeper.put(intervals)) uplink?.wake();
      },
      lost: (sensor, error) => logger.warn({ sensor, code: error.code }, error.message),
      observer: bonds.get(slot.sensor),
    });
    const open = left?.slots.find(({ sensor }) => sensor === slot.sensor);
    if (open !== undefined) made.inherit(open);
    return made;
  });
  const uplink =
    link === null
      ? null
      : new Uplink({
          device: config.device,
          outbox: () => keeper.outbox,
          link,
          clock,
          random,
          config: config.uplink ?? uplinkDefaults,
          report: (event) => {
            if (event.kind !== 'message' || event.leaf !== 'profile') takeUplinkEvent(event, keeper, logger);
            else pushes.take(event.payload);
          },
        });
  try {
    for (const slot of slots) await slot.open();
  } catch (error) {
    keeper.close();
    throw error;
  }
  return new Agent({
    config,
    software: readSoftwareVersion(),
    clock,
    calendar,
    profile,
    profileOutdated: outdated.promise,
    push: () => pushes.report,
    keeper,
    slots,
    uplink: uplink === null || link === null ? null : { run: uplink, link },
    logger,
  });
}

/** For a link that was handed in without a configured broker. */
const uplinkDefaults = {
  startDelaySecondsMax: 0,
  backfillOrder: 'newest-first',
  backfillIntervalsPerSecond: 50,
  batchSecondsMax: 1,
} as const;

function openKeeper(options: AgentOptions, clock: AgentClock): IntervalKeeper {
  const { config, logger, openOutbox = openSqliteOutbox } = options;
  return IntervalKeeper.open({
    openOutbox: (knownDamaged) =>
      openOutbox(
        {
          file: join(config.stateDir, 'outbox.db'),
          device: config.device,
          machineId: options.machineId === undefined ? readMachineId() : options.machineId,
          rowsMax: Math.ceil(config.outbox.capacityDays * minutesADay * config.sensors.length),
          deliveredDays: config.outbox.deliveredDays,
          randomEpoch: () => randomHex(8),
          wallSeconds: () => clock.wallSeconds(),
        },
        knownDamaged,
      ),
    openMinutes: openMinutesOrNone(config, logger),
    clock,
    report: (event) => logKeeper(event, logger),
  });
}

function openMinutesOrNone(config: AgentConfig, logger: Logger): OpenMinutesFile | null {
  try {
    return openOpenMinutes(config.runDir);
  } catch (error) {
    logger.warn({ runDir: config.runDir, err: error }, 'a crash of this program will lose the open minute');
    return null;
  }
}

/** The time by the agent's own calendar; null while nobody knows it. */
function knownWallMs(clock: AgentClock, { calendar }: CalendarKeeper): number | null {
  return calendar.trust === 'none' ? null : (clock.nowSeconds() + calendar.offsetSeconds) * 1000;
}

function openConfiguredLink(
  config: AgentConfig,
  { clock, random, wallMs }: { clock: AgentClock; random: () => number; wallMs: () => number | null },
): Link | null {
  const { uplink, device } = config;
  if (uplink === undefined) return null;
  const password = uplink.password ?? readPassword(uplink.passwordFile);
  const ca = readText(uplink.caFile);
  return openMqttLink({
    url: uplink.url,
    clientId: device,
    ...(password === undefined ? {} : { username: uplink.username ?? device, password }),
    ...(ca === undefined ? {} : { ca }),
    ...(uplink.pin === undefined ? {} : { pin: uplink.pin, wallMs }),
    protocol: uplink.protocol,
    keepaliveSeconds: uplink.keepaliveSeconds,
    subscriptions: [buildTopic(device, 'receipt'), buildTopic(device, 'profile')],
    clock,
    random,
  });
}

/** First line of a password file. Throws `ConfigError` where others could read it, too. */
function readPassword(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const loose = looseness(file);
  if (loose !== null) {
    const { kind, mode, uid } = loose;
    const fault =
      kind === 'foreign' ? `belongs to user ${uid}` : `others may read it (mode ${mode}): chmod 600`;
    throw new ConfigError(file, [fault]);
  }
  return readText(file)?.split('\n')[0]?.trim();
}

function readText(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(file, [(cause as Error).message]);
  }
}

function takeUplinkEvent(event: UplinkEvent, keeper: IntervalKeeper, logger: Logger): void {
  if (event.kind === 'outbox-fault') keeper.mend(event.error);
  else logUplink(event, logger);
}

function readSoftwareVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** machine-id(5): the same for the life of an installation, another on another machine. */
function readMachineId(): string | null {
  for (const file of ['/sys/firmware/devicetree/base/serial-number', '/etc/machine-id']) {
    try {
      const id = readFileSync(file, 'utf8').replaceAll('\0', '').trim();
      if (id !== '') return id;
    } catch {
      // Not this kind of machine.
    }
  }
  return null;
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function secureRandom(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}

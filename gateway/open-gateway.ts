import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config.ts';
import { DeviceRoll } from './ingest/device-roll.ts';
import { openEmbeddedBroker } from './ingest/embedded-broker.ts';
import { Ingest } from './ingest/ingest.ts';
import { Intake } from './ingest/intake.ts';
import { newIntakeCounters } from './ingest/intake-counters.ts';
import type { MessageLink } from './ingest/message-link.ts';
import { openMqttMessageLink } from './ingest/mqtt-message-link.ts';
import { RunningTotals } from './ingest/running-totals.ts';
import { ingestObserver, intakeAlarm } from './log-events.ts';
import { openStore, sealFileOf } from './open-store.ts';
import { reconcileSeals } from './sealing/reconcile-seals.ts';
import { SealFile } from './sealing/seal-file.ts';
import { Sealer } from './sealing/sealer.ts';
import { startSealing } from './sealing/sealing-clock.ts';
import { setupOf } from './setup.ts';
import type { CountStore } from './store/count-store.ts';
import type { GatewayStore } from './store/gateway-store.ts';
import type { RecordStore } from './store/record-store.ts';
import { startUpkeep } from './upkeep-clock.ts';
import { buildApp } from './web/api/app.ts';
import { CountsReader } from './web/api/counts-reader.ts';
import { LiveBoard } from './web/live-board.ts';

/** A gateway that runs: where its page is, where devices connect, and how to stop it. */
export interface Gateway {
  readonly url: string;
  readonly brokerUrl: string;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  /** Milliseconds since 1970; the machine's clock unless a test has its own. */
  readonly now?: () => number;
}

/** A port that somebody else has. */
export class PortTakenError extends Error {
  constructor(what: string, port: number, cause: unknown) {
    super(`port ${port} for ${what} is taken; choose another one`, { cause });
    this.name = 'PortTakenError';
  }
}

/**
 * Opens the gateway in the order of the path: store, broker, ingest, web. Rejects with a
 * `StoreError`, a `PortTakenError` or the broker's error, and then has closed what it opened.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, logger, now = Date.now } = options;
  const opened: { close(): Promise<unknown> }[] = [];
  const close = async () => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };
  try {
    const store = await openStore(config);
    opened.push(store);
    if (config.sites) await store.applySetup(setupOf(config.sites));
    const known = await withGivenCredentials(config, store);
    const link = await openLink(known);
    opened.push(link);

    const counters = newIntakeCounters();
    const running = new RunningTotals();
    const intake = new Intake({ now, alarm: intakeAlarm(logger), counters });
    const reader = new CountsReader({ store, running, timeZone: config.timeZone, now });
    const failed = (cause: unknown) => logger.error({ err: cause }, 'live totals cannot be read');
    const board = new LiveBoard({ reader, now, failed });
    const observer = ingestObserver(logger, board);
    const roll = await openRoll(known, store);
    const ingest = new Ingest({ store, link, intake, roll, running, counters, observer, now });
    await ingest.start();

    const software = softwareVersion();
    const parts = { store, reader, intake, counters, link, board, software, logger, settings: config };
    const app = await buildApp({ ...parts, accessPolicy: config.access, now });
    opened.push({ close: async () => board.close() }, app, startUpkeep({ store, config, logger, now }));
    opened.push(await openSealing({ store, config, logger, now }));
    if (!isLoopback(config.http.host) && config.access === 'auto') {
      logger.warn('whoever reaches this address reads everything until there is a user or a key');
    }
    const url = await listen(app, config);
    return { url, brokerUrl: link.url, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function openLink(config: GatewayConfig): Promise<MessageLink & { readonly url: string }> {
  const { broker } = config;
  if (broker.kind === 'external') return openMqttMessageLink(broker);
  try {
    return await openEmbeddedBroker(broker);
  } catch (cause) {
    throw portTaken(cause) ? new PortTakenError('the MQTT broker', broker.port, cause) : cause;
  }
}

async function listen(app: FastifyInstance, config: GatewayConfig): Promise<string> {
  try {
    return await app.listen(config.http);
  } catch (cause) {
    throw portTaken(cause) ? new PortTakenError('page and API', config.http.port, cause) : cause;
  }
}

/** Lays the seal file beside the database and begins to seal. */
async function openSealing(parts: {
  store: GatewayStore;
  config: GatewayConfig;
  logger: Logger;
  now: () => number;
}): Promise<{ close(): Promise<void> }> {
  const { store, config, logger, now } = parts;
  const { id } = await store.readSealBook();
  const file = new SealFile(sealFileOf(config), id);
  const { takenUp, withheldBeforeMs } = await reconcileSeals(store, file, now());
  if (takenUp > 0) logger.warn({ takenUp }, 'the database had forgotten seals; taken up from the seal file');
  if (withheldBeforeMs !== null) {
    logger.error('the seal file is not whole; what may have been sealed before now is withheld');
  }
  return startSealing({ sealer: new Sealer({ store, file, timeZone: config.timeZone, now }), logger });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Credentials of the configuration and those that `device add` has given away. */
async function withGivenCredentials(config: GatewayConfig, store: RecordStore): Promise<GatewayConfig> {
  if (config.broker.kind !== 'embedded') return config;
  const given = (await store.readRecords('device-credential')).map(({ id, body }) => ({
    device: id,
    ...(body as { passwordSha256: string }),
  }));
  return { ...config, broker: { ...config.broker, credentials: [...config.broker.credentials, ...given] } };
}

function portTaken(cause: unknown): boolean {
  return (cause as { code?: unknown }).code === 'EADDRINUSE';
}

/** Devices that the configuration names in any place are enrolled. */
async function openRoll(config: GatewayConfig, store: CountStore): Promise<DeviceRoll> {
  const { devices, assignments } = await store.readDirectory();
  const credentials = config.broker.kind === 'embedded' ? config.broker.credentials : [];
  const enrolled = [...config.knownDevices, ...[...credentials, ...assignments].map(({ device }) => device)];
  return new DeviceRoll(
    config.devices,
    enrolled,
    devices.map(({ device }) => device),
  );
}

function softwareVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

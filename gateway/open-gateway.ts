import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { openConfiguredCertificate } from './certificate/certificate-source.ts';
import type { ServerCertificate } from './certificate/server-certificate.ts';
import type { GatewayConfig } from './config.ts';
import type { EnrolmentAnswer } from './contract/enrolment.ts';
import type { DeviceCredentials } from './enrolment/device-credentials.ts';
import { gatewayAddress } from './enrolment/gateway-address.ts';
import { configureSites, type Enrolment, openEnrolment } from './enrolment/open-enrolment.ts';
import { DeviceProfiles } from './ingest/device-profiles.ts';
import { DeviceRoll } from './ingest/device-roll.ts';
import { openEmbeddedBroker } from './ingest/embedded-broker.ts';
import { Ingest } from './ingest/ingest.ts';
import { Intake } from './ingest/intake.ts';
import { newIntakeCounters } from './ingest/intake-counters.ts';
import type { MessageLink } from './ingest/message-link.ts';
import { openMqttMessageLink } from './ingest/mqtt-message-link.ts';
import { RunningTotals } from './ingest/running-totals.ts';
import { SettingsPushes } from './ingest/settings-pushes.ts';
import { ingestObserver, intakeAlarm, pushFailed } from './log-events.ts';
import { openStore, sealFileOf } from './open-store.ts';
import { reconcileSeals } from './sealing/reconcile-seals.ts';
import { SealFile } from './sealing/seal-file.ts';
import { Sealer } from './sealing/sealer.ts';
import { startSealing } from './sealing/sealing-clock.ts';
import { softwareVersion } from './software-version.ts';
import type { CountStore } from './store/count-store.ts';
import type { GatewayStore } from './store/gateway-store.ts';
import { startUpkeep } from './upkeep-clock.ts';
import { buildApp } from './web/api/app.ts';
import { CountsReader } from './web/api/counts-reader.ts';
import { EnrolmentReader } from './web/api/enrolment-reader.ts';
import { openHomeAssistantBridge } from './web/home-assistant/home-assistant-bridge.ts';
import { LiveBoard } from './web/live-board.ts';

/** A gateway that runs: where its page is, where devices connect, and how to stop it. */
export interface Gateway {
  readonly url: string;
  readonly brokerUrl: string;
  /** Fingerprint of the public key that devices pin; null without TLS. */
  readonly pin: string | null;
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
    const certificate = await openConfiguredCertificate(config, now);
    if (certificate) opened.push(certificate);
    const enrolment = await openEnrolment(config, store, now);
    const { credentials } = enrolment;
    opened.push(credentials);
    await configureSites(config, enrolment, now());
    const link = await openLink(config, credentials, certificate);
    opened.push(link);

    const counters = newIntakeCounters();
    const running = new RunningTotals();
    const intake = new Intake({ now, alarm: intakeAlarm(logger), counters });
    const reader = new CountsReader({ store, running, timeZone: config.timeZone, now });
    const failed = (cause: unknown) => logger.error({ err: cause }, 'live totals cannot be read');
    const board = new LiveBoard({ reader, now, failed });
    const pushes = new SettingsPushes({ records: store, link, now, failed: pushFailed(logger) });
    const observer = ingestObserver(logger, board, pushes);
    const roll = await openRoll(config, store, credentials);
    const profiles = new DeviceProfiles({ records: store, now });
    const ingest = new Ingest({ profiles, store, link, intake, roll, running, counters, observer, now });
    await ingest.start();
    await pushes.repeatAll();

    const software = softwareVersion();
    const parts = { store, reader, intake, counters, link, board, software, logger, settings: config };
    let port = config.http.port;
    const brokerOf = () => brokerAddress(config, link.url, certificate?.current.pin ?? null);
    const app = await buildApp({
      ...parts,
      accessPolicy: config.access,
      now,
      enrolment: {
        ...enrolment,
        enrolmentReader: new EnrolmentReader({
          store,
          ...enrolment,
          configured: configuredNames(config),
          broker: brokerOf,
        }),
        address: () => gatewayAddress(config, { port, pin: certificate?.current.pin ?? null }),
      },
      ...(config.http.tls && certificate ? { tls: certificate.current } : {}),
    });
    certificate?.onRenewed(({ key, cert }) =>
      (app.server as unknown as Partial<TlsServer>).setSecureContext?.({ key, cert }),
    );
    opened.push({ close: async () => board.close() }, app, startUpkeep({ store, config, logger, now }));
    opened.push(await openSealing({ store, config, logger, now }));
    if (config.homeAssistant) {
      const failed = (cause: unknown) => logger.warn({ err: cause }, 'Home Assistant cannot be told');
      opened.push(openHomeAssistantBridge(config.homeAssistant, { reader, failed }));
    }
    if (!isLoopback(config.http.host) && config.access === 'auto') {
      logger.warn('whoever reaches this address reads everything until there is a user or a key');
    }
    const url = await listen(app, config);
    port = Number(new URL(url).port || port);
    certificate?.watch((cause) => logger.error({ err: cause }, 'the certificate could not be renewed'));
    credentials.watch((cause) => logger.error({ err: cause }, 'passwords of devices cannot be read'));
    await tellConflicts(enrolment, logger);
    return { url, brokerUrl: link.url, pin: certificate?.current.pin ?? null, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function openLink(
  { broker }: GatewayConfig,
  credentials: DeviceCredentials,
  certificate: ServerCertificate | null,
): Promise<MessageLink & { readonly url: string }> {
  if (broker.kind === 'external') return openMqttMessageLink(broker);
  const { host, port, tls } = broker;
  try {
    return await openEmbeddedBroker({
      host,
      port,
      credentials,
      ...(tls && certificate ? { certificate } : {}),
    });
  } catch (cause) {
    throw portTaken(cause) ? new PortTakenError('the MQTT broker', broker.port, cause) : cause;
  }
}

/** Where devices are told to connect. */
function brokerAddress(
  { broker, enrolment }: GatewayConfig,
  url: string,
  pin: string | null,
): EnrolmentAnswer['broker'] {
  const told = enrolment.brokerUrl ?? (broker.kind === 'external' ? broker.url : null);
  const { protocol, port } = new URL(told ?? url);
  const tls = protocol === 'mqtts:';
  const own = broker.kind === 'embedded';
  return {
    url: told,
    tls,
    port: Number(port || (tls ? 8883 : 1883)),
    pin: tls && own ? pin : null,
    passwords: own ? 'in-force' : 'by-operator',
  };
}

function configuredNames({ broker }: GatewayConfig): ReadonlySet<string> {
  return new Set(broker.kind === 'embedded' ? broker.credentials.map(({ device }) => device) : []);
}

/** Where configuration and enrolments say different things, somebody should know. */
async function tellConflicts({ keeper }: Enrolment, logger: Logger): Promise<void> {
  const { conflicts } = await keeper.read();
  for (const conflict of conflicts)
    logger.warn(conflict, 'the configuration and an enrolment are in conflict');
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

function portTaken(cause: unknown): boolean {
  return (cause as { code?: unknown }).code === 'EADDRINUSE';
}

/** Devices that the configuration names in any place are enrolled. */
async function openRoll(
  config: GatewayConfig,
  store: CountStore,
  passwords: DeviceCredentials,
): Promise<DeviceRoll> {
  const { devices, assignments } = await store.readDirectory();
  return new DeviceRoll({
    policy: config.devices,
    enrolled: [...config.knownDevices, ...assignments.map(({ device }) => device)],
    seen: devices.map(({ device }) => device),
    passwords,
  });
}

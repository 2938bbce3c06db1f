import { connect, type MqttClient } from 'mqtt';
import type { CountsReader } from '../api/counts-reader.ts';
import {
  availabilityTopic,
  discoveryMessages,
  type RetainedMessage,
  stateMessage,
} from './discovery-messages.ts';

/** Minutes settle once a minute. */
const everyMs = 30_000;

export interface HomeAssistantSettings {
  /** The broker that Home Assistant listens to. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** The beginning of discovery topics, `homeassistant` unless changed there. */
  readonly prefix: string;
}

/** Tells Home Assistant which lines there are and what was counted at them today. */
export class HomeAssistantBridge {
  readonly #client: MqttClient;
  readonly #reader: CountsReader;
  readonly #prefix: string;
  readonly #failed: (cause: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: {
    client: MqttClient;
    reader: CountsReader;
    prefix: string;
    failed: (cause: unknown) => void;
  }) {
    this.#client = parts.client;
    this.#reader = parts.reader;
    this.#prefix = parts.prefix;
    this.#failed = parts.failed;
  }

  /** Announces at every connection, and whenever Home Assistant says that it has started. */
  start(): void {
    const status = `${this.#prefix}/status`;
    this.#client.on('connect', () => {
      this.#client.subscribe(status, { qos: 1 });
      this.#next(() => this.#announce());
    });
    this.#client.on('message', (topic, payload) => {
      if (topic === status && payload.toString() === 'online') this.#next(() => this.#announce());
    });
    this.#timer = setInterval(() => this.#next(() => this.#states()), everyMs);
  }

  async #announce(): Promise<void> {
    const sites = await this.#reader.sites();
    for (const site of sites) {
      for (const line of site.lines.filter(({ kind }) => kind === 'crossing')) {
        for (const message of discoveryMessages(site, line, this.#prefix)) await this.#publish(message);
      }
    }
    await this.#states();
    await this.#publish({ topic: availabilityTopic, payload: 'online' });
  }

  async #states(): Promise<void> {
    if (!this.#client.connected) return;
    for (const line of await this.#reader.today()) await this.#publish(stateMessage(line));
  }

  async #publish({ topic, payload }: RetainedMessage): Promise<void> {
    await this.#client.publishAsync(topic, payload, { qos: 1, retain: true });
  }

  /** One after the other, so that an old state never overtakes a new one. */
  #next(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch(this.#failed);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#client.connected) {
      await this.#turn;
      await this.#publish({ topic: availabilityTopic, payload: 'offline' }).catch(this.#failed);
    }
    await this.#client.endAsync(true);
  }
}

/** Connects in the background: Home Assistant may be started later than the gateway, and may be away. */
export function openHomeAssistantBridge(
  { url, username, password, prefix }: HomeAssistantSettings,
  parts: { reader: CountsReader; failed: (cause: unknown) => void },
): HomeAssistantBridge {
  const will = { topic: availabilityTopic, payload: Buffer.from('offline'), qos: 1 as const, retain: true };
  const client = connect(url, {
    will,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  client.on('error', parts.failed);
  const bridge = new HomeAssistantBridge({ client, prefix, ...parts });
  bridge.start();
  return bridge;
}

import type { Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { deviceLeaves, topicOfAllDevices } from '../contract/topics.ts';
import type { IncomingMessage, MessageLink } from './message-link.ts';

export interface MqttMessageLinkConfig {
  /** `mqtt://host:1883` or `mqtts://host:8883`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** How long a broker may take to answer before the next protocol version or attempt. */
const connectTimeoutMs = 5_000;
/** A receipt that is not taken in this time is given up: the device will ask again. */
const publishTimeoutMs = 10_000;
/** Several gateway processes share the work under this name. */
const shareName = 'passant';

/** A connection to an external broker: MQTT 5 with a shared subscription, or 3.1.1 without. */
export class MqttMessageLink implements MessageLink {
  readonly kind = 'external';
  readonly url: string;
  readonly #client: MqttClient;
  readonly #version: 4 | 5;
  #turn: Promise<void> = Promise.resolve();

  constructor(client: MqttClient, version: 4 | 5, url: string) {
    this.#client = client;
    this.#version = version;
    this.url = url;
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  async listen(handle: (message: IncomingMessage) => Promise<void>): Promise<void> {
    // The acknowledgement waits until the message is dealt with, and so does the next message.
    this.#client.handleMessage = (packet, done) => {
      const message = { topic: packet.topic, payload: Buffer.from(packet.payload) };
      this.#turn = handle(message);
      this.#turn.then(
        () => done(),
        () => done(),
      );
    };
    const filters = deviceLeaves.map((leaf) => {
      const filter = topicOfAllDevices(leaf);
      // Retained births are not delivered to shared subscriptions (MQTT 5, 4.8.2), and each
      // gateway process shows running totals of its own.
      const shared = this.#version === 5 && (leaf === 'counts' || leaf === 'resume');
      return shared ? `$share/${shareName}/${filter}` : filter;
    });
    await this.#client.subscribeAsync(filters, { qos: 1 });
  }

  async publish(message: { topic: string; payload: string; retain: boolean }): Promise<void> {
    const { topic, payload, retain } = message;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the broker does not answer')), publishTimeoutMs).unref();
    });
    try {
      await Promise.race([this.#client.publishAsync(topic, payload, { qos: 1, retain }), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
    // What has been heard is dealt with before the store closes.
    await this.#turn;
  }
}

/**
 * Connects to an external broker, with MQTT 5 first: mqtt.js does not fall back by itself. Once
 * connected, lost connections heal by themselves. Rejects where neither version gets an answer.
 */
export async function openMqttMessageLink(config: MqttMessageLinkConfig): Promise<MqttMessageLink> {
  try {
    return new MqttMessageLink(await connectOnce(config, 5), 5, config.url);
  } catch {
    return new MqttMessageLink(await connectOnce(config, 4), 4, config.url);
  }
}

async function connectOnce(config: MqttMessageLinkConfig, version: 4 | 5): Promise<MqttClient> {
  const options: IClientOptions = {
    protocolVersion: version,
    connectTimeout: connectTimeoutMs,
    clean: true,
    ...(config.username === undefined ? {} : { username: config.username }),
    ...(config.password === undefined ? {} : { password: config.password }),
  };
  const client = connect(config.url, options);
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => {
      // Its own listeners only: mqtt.js reconnects by a listener on `close`.
      client.off('error', fail).off('close', closed).off('connect', connected);
      outcome();
    };
    const fail = (cause: Error) =>
      settle(() => {
        client.on('error', () => {});
        client.end(true);
        const why = cause.message || String((cause as { code?: unknown }).code);
        reject(new Error(`${config.url}: ${why}`, { cause }));
      });
    const closed = () => fail(new Error('the broker closed the connection'));
    const connected = () =>
      settle(() => {
        // Errors of a later reconnect are followed by another attempt; `connected` tells.
        client.on('error', () => {});
        resolve(client);
      });
    // A receipt must not wait for the broker's TCP to acknowledge the message before (Nagle, 40 ms).
    client.on('connect', () => (client.stream as Socket).setNoDelay?.(true));
    client.on('error', fail).on('close', closed).on('connect', connected);
  });
}

import type { Socket } from 'node:net';
import { connect, type IClientOptions, MqttClient } from 'mqtt';
import type { Clock } from '../../hardware/clock.ts';
import { EventQueue } from './event-queue.ts';
import type { Link, LinkEvent, LinkMessage } from './link.ts';
import { openPinnedSocket, TrustError } from './pinned-socket.ts';

/** MQTT 5, or 3.1.1 (protocol level 4) for a broker that does not know it. */
const protocolNames = { 4: 'MQTT 3.1.1', 5: 'MQTT 5' } as const;
type ProtocolLevel = keyof typeof protocolNames;

/** A broker that accepts the socket and says nothing for so long is dead. */
const connectTimeoutMs = 15_000;
/** Pauses between attempts: doubled from the first to the last, each shortened by up to a half. */
const pauseSecondsMin = 1;
const pauseSecondsMax = 120;

/** How long a good-bye may take. */
const goodbyeSeconds = 2;

export interface MqttLinkOptions {
  /** `mqtt://host:1883` or `mqtts://host:8883`. */
  readonly url: string;
  /** Client id; two connections of one id throw each other out, so it is the device's name. */
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate, where it is not a public one. */
  readonly ca?: string;
  /** Fingerprint of the broker's public key: then no authority is asked, and no other key is taken. */
  readonly pin?: string;
  /** For the dates of a pinned certificate; null while nobody knows the time. */
  readonly wallMs?: () => number | null;
  readonly protocol: 'auto' | '5' | '3.1.1';
  readonly keepaliveSeconds: number;
  readonly subscriptions: readonly string[];
  readonly clock: Clock;
  /** Between 0 and 1. */
  readonly random: () => number;
}

/** How a connection came to its end. */
interface ConnectionEnd {
  readonly wasUp: boolean;
  /** Whether anybody took the connection: only then another protocol may help. */
  readonly wasReached: boolean;
  readonly untrusted?: boolean;
  readonly reason: string;
}

/** Sockets and TLS name their errors by a word, brokers by a number; some brokers just hang up on MQTT 5. */
function isAnswer(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return typeof code !== 'string' || code === 'ECONNRESET';
}

/** The way over MQTT. Made by `openMqttLink`. */
class MqttLink implements Link {
  readonly #options: MqttLinkOptions;
  readonly #queue = new EventQueue<LinkEvent>();
  readonly #stop = new AbortController();
  #client: MqttClient | null = null;
  #will: LinkMessage | null = null;
  #level: ProtocolLevel;

  constructor(options: MqttLinkOptions) {
    this.#options = options;
    this.#level = options.protocol === '3.1.1' ? 4 : 5;
  }

  setWill(message: LinkMessage): void {
    this.#will = message;
  }

  async *events(signal: AbortSignal): AsyncIterable<LinkEvent> {
    const stopped = AbortSignal.any([signal, this.#stop.signal]);
    const connecting = this.#stayConnected(stopped);
    for (;;) {
      const event = await this.#queue.next(stopped);
      if (event === null) break;
      yield event;
    }
    await connecting;
  }

  async publish(message: LinkMessage): Promise<void> {
    const client = this.#client;
    if (client === null || !client.connected) throw new Error('the link is down');
    const { topic, payload, qos, retain } = message;
    await new Promise<void>((resolve, reject) => {
      const lost = () => reject(new Error('the link went down'));
      client.once('close', lost);
      client.publish(topic, payload, { qos, retain }, (error) => {
        client.off('close', lost);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const client = this.#client;
    if (client === null) return;
    // A good-bye waits for acknowledgements that a dead broker never sends.
    const polite = client.endAsync(false).then(
      () => true,
      () => false,
    );
    const late = this.#options.clock.sleep(goodbyeSeconds).then(() => false);
    if (!(await Promise.race([polite, late]))) await client.endAsync(true).catch(() => undefined);
  }

  async #stayConnected(signal: AbortSignal): Promise<void> {
    let pauseSeconds = pauseSecondsMin;
    while (!signal.aborted) {
      const { wasUp, wasReached, reason, untrusted } = await this.#connectOnce(signal);
      if (signal.aborted) return;
      if (!wasUp && wasReached && this.#triesOtherProtocol()) {
        this.#queue.push({ kind: 'fallback', protocol: protocolNames[this.#level], reason });
        continue;
      }
      this.#queue.push({ kind: 'down', reason, ...(untrusted ? { untrusted } : {}) });
      if (wasUp) pauseSeconds = pauseSecondsMin;
      await this.#options.clock.sleep(pauseSeconds * (1 - this.#options.random() / 2), signal);
      pauseSeconds = Math.min(pauseSeconds * 2, pauseSecondsMax);
    }
  }

  /** mqtt.js does not fall back by itself. After MQTT 5, 3.1.1 is tried at once; then a pause is due. */
  #triesOtherProtocol(): boolean {
    if (this.#options.protocol !== 'auto') return false;
    this.#level = this.#level === 5 ? 4 : 5;
    return this.#level === 4;
  }

  /** One connection from attempt to end. */
  async #connectOnce(signal: AbortSignal): Promise<ConnectionEnd> {
    let client: MqttClient;
    try {
      client = await this.#openClient(signal);
    } catch (cause) {
      const reason = (cause as Error).message || String((cause as NodeJS.ErrnoException).code);
      return { wasUp: false, wasReached: false, reason, untrusted: cause instanceof TrustError };
    }
    this.#client = client;
    let reason = 'the broker closed the connection';
    let [wasUp, wasReached] = [false, true];
    client.on('error', (error) => {
      wasReached &&= isAnswer(error);
      reason = error.message || String((error as NodeJS.ErrnoException).code ?? error);
    });
    client.on('message', (topic, payload, packet) => {
      this.#queue.push({ kind: 'message', topic, payload, retained: packet.retain });
    });
    client.on('connect', () => {
      // Small packets both ways: Nagle's algorithm and delayed acknowledgements cost 40 ms each.
      (client.stream as Partial<Socket>).setNoDelay?.(true);
      client.subscribe([...this.#options.subscriptions], { qos: 1 }, (error) => {
        if (error) {
          reason = `not subscribed: ${error.message}`;
          client.end(true);
          return;
        }
        wasUp = true;
        this.#queue.push({ kind: 'up', protocol: protocolNames[this.#level] });
      });
    });
    await new Promise<void>((resolve) => {
      client.once('close', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // When stopping, `close` says good-bye, so that the broker keeps the will to itself.
    if (!signal.aborted) await client.endAsync(true).catch(() => undefined);
    return { wasUp, wasReached, reason };
  }

  /** With a pin the broker has proved itself before MQTT says a word: the first one holds the password. */
  async #openClient(signal: AbortSignal): Promise<MqttClient> {
    const { url, pin, wallMs } = this.#options;
    if (pin === undefined) return connect(url, this.#clientOptions());
    const { hostname, port } = new URL(url);
    const socket = await openPinnedSocket({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 8883),
      pin,
      nowMs: wallMs?.() ?? null,
      timeoutMs: connectTimeoutMs,
      signal,
    });
    return new MqttClient(() => socket, this.#clientOptions());
  }

  #clientOptions(): IClientOptions {
    const { clientId, username, password, ca, keepaliveSeconds } = this.#options;
    const will = this.#will;
    return {
      protocolVersion: this.#level,
      clientId,
      // Nothing must wait at the broker: receipts are retained, and stale answers would mislead.
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: connectTimeoutMs,
      keepalive: keepaliveSeconds,
      queueQoSZero: false,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
      ...(will === null ? {} : { will: { ...will, payload: Buffer.from(will.payload) } }),
    };
  }
}

/** A link over MQTT 5, or 3.1.1 where the broker speaks no other. It connects when `events` is read. */
export function openMqttLink(options: MqttLinkOptions): Link {
  return new MqttLink(options);
}

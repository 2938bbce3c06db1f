import type { IncomingMessage, MessageLink } from '../../gateway/ingest/message-link.ts';
import type { Broker, BrokerMessage, Connection } from './broker.ts';
import type { SimProcess } from './sim-process.ts';
import type { Timeline } from './timeline.ts';

const reconnectSeconds = 2;
const keepaliveSeconds = 30;

export interface GatewayLinkParts {
  readonly process: SimProcess;
  readonly broker: Broker;
  readonly timeline: Timeline;
  /** Whether the broker keeps messages for a gateway that is away. */
  readonly persistent: boolean;
  /** Hears each receipt that is published. */
  readonly said: (payload: string) => void;
}

/** A gateway's way to the simulated broker; connects again by itself. */
export class GatewayLink implements MessageLink {
  readonly kind = 'external';
  readonly #parts: GatewayLinkParts;
  readonly #waiting: { message: BrokerMessage; acknowledge: () => void }[] = [];
  #connection: Connection | null = null;
  #handle: ((message: IncomingMessage) => Promise<void>) | null = null;
  #busy = false;

  constructor(parts: GatewayLinkParts) {
    this.#parts = parts;
  }

  get connected(): boolean {
    return this.#connection !== null;
  }

  /** Connects once, as opening a gateway does before it listens; subscribes to nothing yet. */
  async listen(handle: (message: IncomingMessage) => Promise<void>): Promise<void> {
    this.#handle = handle;
    this.#connect();
    void this.#work();
  }

  publish(message: { topic: string; payload: string; retain: boolean }): Promise<void> {
    const connection = this.#connection ?? this.#connect();
    const { process, said } = this.#parts;
    if (process.alive) said(message.payload);
    return process.through(() =>
      connection === null
        ? Promise.reject(new Error('no broker'))
        : connection.publish({ ...message, qos: 1 }),
    );
  }

  async close(): Promise<void> {
    if (this.#connection !== null) this.#parts.broker.close(this.#connection, true);
  }

  drop(silently: boolean): void {
    if (this.#connection === null) return;
    if (silently) this.#parts.broker.abandon(this.#connection);
    else this.#parts.broker.close(this.#connection, false);
  }

  #connect(): Connection | null {
    const { broker, process, timeline, persistent } = this.#parts;
    if (!process.alive) return null;
    const filters = ['counts', 'status', 'live', 'resume'].map((leaf) =>
      leaf === 'counts' || leaf === 'resume' ? `$share/passant/passant/v1/+/${leaf}` : `passant/v1/+/${leaf}`,
    );
    this.#connection = broker.connect({
      clientId: process.name,
      persistent,
      filters: this.#handle === null ? [] : filters,
      will: null,
      keepaliveSeconds,
      receive: (message, _retained, acknowledge) => {
        this.#waiting.push({ message, acknowledge });
        void this.#work();
      },
      down: () => {
        this.#connection = null;
        this.#waiting.length = 0;
        timeline.after(reconnectSeconds, () => this.#reconnect());
      },
    });
    if (this.#connection === null) timeline.after(reconnectSeconds, () => this.#reconnect());
    return this.#connection;
  }

  #reconnect(): void {
    if (this.#connection === null) this.#connect();
  }

  /** One message at a time, acknowledged when it is dealt with. */
  async #work(): Promise<void> {
    if (this.#busy || this.#handle === null) return;
    this.#busy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { topic, payload } = next.message;
      if (!this.#parts.process.alive) return;
      await this.#handle({ topic, payload: Buffer.from(payload) });
      next.acknowledge();
    }
    this.#busy = false;
  }
}

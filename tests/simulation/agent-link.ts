import type { Link, LinkEvent, LinkMessage } from '../../edge-agent/uplink/link.ts';
import type { Broker, Connection } from './broker.ts';
import type { Machine, SimProcess } from './sim-process.ts';
import type { Random } from './timeline.ts';

const reconnectSecondsMax = 8;
const keepaliveSeconds = 30;

export interface AgentLinkParts {
  readonly device: string;
  readonly process: SimProcess;
  readonly machine: Machine;
  readonly broker: Broker;
  readonly random: Random;
  /** Hears what the program was told, once it has dealt with it, and what it says. */
  readonly heard: (event: LinkEvent) => void;
  readonly said: (message: LinkMessage) => void;
}

/** An agent's way to the simulated broker. */
export class AgentLink implements Link {
  readonly #parts: AgentLinkParts;
  readonly #events: LinkEvent[] = [];
  #will: LinkMessage | null = null;
  #connection: Connection | null = null;
  #wake: () => void = () => {};

  constructor(parts: AgentLinkParts) {
    this.#parts = parts;
  }

  async *events(signal: AbortSignal): AsyncIterable<LinkEvent> {
    const { process, machine, random, heard } = this.#parts;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted) {
      if (this.#connection === null && this.#events.length === 0 && !this.#connect()) {
        const pause = 1 + random() * reconnectSecondsMax;
        await process.through(() => this.#pause(machine.wakeSeconds(pause)));
        continue;
      }
      const event = this.#events.shift();
      if (event === undefined) {
        await process.through(() => new Promise<void>((resolve) => (this.#wake = resolve)));
        continue;
      }
      yield event;
      heard(event);
    }
    this.#leave();
  }

  publish(message: LinkMessage): Promise<void> {
    const { process, said } = this.#parts;
    const connection = this.#connection;
    if (connection === null) return Promise.reject(new Error('the link is down'));
    if (process.alive) said(message);
    return process.through(() => connection.publish(message));
  }

  setWill(message: LinkMessage): void {
    this.#will = message;
  }

  async close(): Promise<void> {
    this.#leave();
  }

  /** The process is gone: its system closes the connection, or the whole machine is silent. */
  drop(silently: boolean): void {
    if (this.#connection === null) return;
    if (silently) this.#parts.broker.abandon(this.#connection);
    else this.#parts.broker.close(this.#connection, false);
  }

  #connect(): boolean {
    const { broker, device } = this.#parts;
    this.#connection = broker.connect({
      clientId: device,
      persistent: false,
      filters: [`passant/v1/${device}/receipt`, `passant/v1/${device}/profile`],
      will: this.#will,
      keepaliveSeconds,
      receive: ({ topic, payload }, retained) =>
        this.#tell({ kind: 'message', topic, payload: new TextEncoder().encode(payload), retained }),
      down: (reason) => {
        this.#connection = null;
        this.#tell({ kind: 'down', reason });
      },
    });
    // The first event of a connection, before any message.
    if (this.#connection !== null) this.#events.unshift({ kind: 'up', protocol: 'MQTT 5' });
    return this.#connection !== null;
  }

  #tell(event: LinkEvent): void {
    this.#events.push(event);
    this.#wake();
  }

  #pause(untilSeconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#parts.machine.timeline.at(untilSeconds, resolve);
    });
  }

  #leave(): void {
    if (this.#connection !== null) this.#parts.broker.close(this.#connection, true);
    this.#connection = null;
  }
}

import type { Random, Timeline } from './timeline.ts';

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** How the way between the broker and one client behaves; probabilities a message. */
export interface Weather {
  /** A QoS 1 message that the broker took is not delivered all the same (architecture.md, Mosquitto 2.0.11). */
  loss: number;
  duplication: number;
  /** A message that overtakes others. */
  reordering: number;
  delaySecondsMax: number;
}

export const fairWeather: Weather = { loss: 0, duplication: 0, reordering: 0, delaySecondsMax: 0.05 };

export interface ConnectOptions {
  readonly clientId: string;
  /** Subscriptions live on without a connection, and QoS 1 messages wait. */
  readonly persistent: boolean;
  readonly filters: readonly string[];
  readonly will: BrokerMessage | null;
  readonly keepaliveSeconds: number;
  readonly receive: (message: BrokerMessage, retained: boolean, acknowledge: () => void) => void;
  readonly down: (reason: string) => void;
}

/** A message may lie so long on its way through another node of a cluster while others overtake it. */
const overtakenSecondsMax = 150;

/** A session holds no more messages than this for a client that is away (Mosquitto: max_queued_messages). */
const queuedMax = 1000;

interface Session {
  readonly clientId: string;
  readonly filters: readonly string[];
  connection: Connection | null;
  queued: BrokerMessage[];
  unacknowledged: Set<BrokerMessage>;
}

/** One connection of a client. */
export class Connection {
  readonly options: ConnectOptions;
  readonly #broker: Broker;
  /** TCP keeps the order: nothing arrives before this time. */
  #upClearSeconds = 0;
  #downClearSeconds = 0;
  state: 'open' | 'silent' | 'closed' = 'open';

  constructor(broker: Broker, options: ConnectOptions) {
    this.#broker = broker;
    this.options = options;
  }

  /** Resolves when the broker has taken the message; rejects when the connection ends before. */
  publish(message: BrokerMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.state === 'closed') {
        reject(new Error('the connection is closed'));
        return;
      }
      this.#broker.onClose(this, () => reject(new Error('the connection ended')));
      this.#upClearSeconds = this.#broker.carry(this, this.#upClearSeconds, () => {
        this.#broker.take(message);
        this.#downClearSeconds = this.#broker.carry(this, this.#downClearSeconds, resolve);
      });
    });
  }

  /** The broker sends a message down this connection. */
  deliver(message: BrokerMessage, retained: boolean, acknowledge: () => void): void {
    const arrive = () => this.options.receive(message, retained, acknowledge);
    this.#downClearSeconds = this.#broker.carryDown(this, this.#downClearSeconds, arrive);
  }
}

/**
 * A broker with what MQTT promises (3.1.1 and 5): retained messages, QoS 1 with redelivery to a
 * session, wills, shared subscriptions; and with what real ones do besides, as `weather` says.
 */
export class Broker {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #sessions = new Map<string, Session>();
  readonly #closing = new Map<Connection, Set<() => void>>();
  readonly retained = new Map<string, BrokerMessage>();
  weather: Weather = { ...fairWeather };
  /** Clients that no packet reaches or leaves. */
  readonly unreachable = new Set<string>();
  running = true;

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline;
    this.#random = random;
  }

  /** Null where nobody answers. */
  connect(options: ConnectOptions): Connection | null {
    const { clientId, persistent } = options;
    if (!this.running || this.unreachable.has(clientId)) return null;
    const known = this.#sessions.get(clientId);
    // MQTT 3.1.4-2: an existing client of the same name is disconnected.
    if (known?.connection) this.#end(known.connection, 'taken over', true);
    const connection = new Connection(this, options);
    const session: Session = {
      clientId,
      filters: options.filters,
      connection,
      queued: persistent ? [...(known?.unacknowledged ?? []), ...(known?.queued ?? [])] : [],
      unacknowledged: new Set(),
    };
    this.#sessions.set(clientId, session);
    for (const filter of options.filters) {
      // Retained messages are not delivered to shared subscriptions (MQTT 5, 4.8.2).
      if (filter.startsWith('$share/')) continue;
      for (const message of this.retained.values()) {
        if (matches(filter, message.topic)) connection.deliver(message, true, () => {});
      }
    }
    for (const message of session.queued.splice(0)) this.#send(session, message);
    return connection;
  }

  /** A message has arrived: it is kept where it is retained, and sent to whom it concerns. */
  take(message: BrokerMessage): void {
    if (message.retain) this.retained.set(message.topic, message);
    const groups = new Map<string, Session[]>();
    for (const session of this.#sessions.values()) {
      for (const filter of session.filters) {
        const [, group, plain] = /^\$share\/([^/]+)\/(.*)$/.exec(filter) ?? [null, null, filter];
        if (!matches(plain!, message.topic)) continue;
        if (group == null) this.#send(session, message);
        else groups.set(group, [...(groups.get(group) ?? []), session]);
      }
    }
    for (const members of groups.values()) this.#sendToOne(members, message);
  }

  /** The client ends the connection (`graceful`), or the broker learns that it is gone. */
  close(connection: Connection, graceful: boolean): void {
    this.#end(connection, 'closed', !graceful);
  }

  /** A client's machine has vanished without a word: the broker notices after its keepalive. */
  abandon(connection: Connection): void {
    if (connection.state === 'closed') return;
    connection.state = 'silent';
    const patience = connection.options.keepaliveSeconds * 1.5;
    this.#timeline.after(patience, () => this.#end(connection, 'keepalive', true));
  }

  /** No packet passes any more: both sides notice by their keepalives. */
  cutOff(clientId: string): void {
    this.unreachable.add(clientId);
    const connection = this.#sessions.get(clientId)?.connection;
    if (connection) this.abandon(connection);
  }

  /** The broker stops; `forgets` its sessions and retained messages or has written them down. */
  stop(forgets: boolean): void {
    this.running = false;
    for (const session of [...this.#sessions.values()]) {
      if (session.connection) this.#end(session.connection, 'the broker stopped', false);
    }
    if (!forgets) return;
    this.retained.clear();
    this.#sessions.clear();
  }

  start(): void {
    this.running = true;
  }

  onClose(connection: Connection, run: () => void): void {
    const known = this.#closing.get(connection) ?? new Set();
    this.#closing.set(connection, known.add(run));
  }

  /** Runs `arrive` when a packet that leaves now has passed; returns when it has. */
  carry(connection: Connection, clearSeconds: number, arrive: () => void): number {
    const now = this.#timeline.nowSeconds;
    const atSeconds = Math.max(clearSeconds, now + this.#random() * this.weather.delaySecondsMax);
    this.#timeline.at(atSeconds, () => {
      if (connection.state === 'open') arrive();
    });
    return atSeconds;
  }

  carryDown(connection: Connection, clearSeconds: number, arrive: () => void): number {
    const { loss, duplication, reordering } = this.weather;
    if (this.#random() < loss) return clearSeconds;
    if (this.#random() < duplication) this.carry(connection, clearSeconds, arrive);
    if (this.#random() < reordering) {
      this.carry(connection, this.#timeline.nowSeconds + overtakenSecondsMax * this.#random(), arrive);
      return clearSeconds;
    }
    return this.carry(connection, clearSeconds, arrive);
  }

  #sendToOne(members: readonly Session[], message: BrokerMessage): void {
    const present = members.filter(({ connection }) => connection !== null);
    const choices = present.length > 0 ? present : members;
    this.#send(choices[Math.floor(this.#random() * choices.length)]!, message);
  }

  #send(session: Session, message: BrokerMessage): void {
    const { connection } = session;
    if (connection === null) {
      if (message.qos === 1 && session.queued.length < queuedMax) session.queued.push(message);
      return;
    }
    if (message.qos === 1) session.unacknowledged.add(message);
    connection.deliver(message, false, () => session.unacknowledged.delete(message));
  }

  #end(connection: Connection, reason: string, saysWill: boolean): void {
    if (connection.state === 'closed') return;
    connection.state = 'closed';
    const session = this.#sessions.get(connection.options.clientId);
    if (session?.connection === connection) {
      session.connection = null;
      if (!connection.options.persistent) this.#sessions.delete(session.clientId);
    }
    for (const run of this.#closing.get(connection) ?? []) run();
    this.#closing.delete(connection);
    connection.options.down(reason);
    if (saysWill && connection.options.will !== null) this.take(connection.options.will);
  }
}

/** Whether a topic falls under a filter with `+` and `#` (MQTT 4.7). */
function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  const levels = topic.split('/');
  const parts = filter.split('/');
  for (const [at, part] of parts.entries()) {
    if (part === '#') return true;
    if (part !== '+' && part !== levels[at]) return false;
  }
  return parts.length === levels.length;
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Aedes, Client } from 'aedes';
import { mayPublish, mayRead, parseTopic } from '../contract/topics.ts';

/** MQTT return code 5: not authorized (MQTT 3.1.1, table 3.1). */
const notAuthorized = 5;
/** And code 3: server unavailable. The storage does not answer, so nobody can be told apart. */
const serverUnavailable = 3;

/** Who may connect with which password; both change while the broker runs. */
export interface BrokerCredentials {
  /** Without a single credential everybody may connect, but only the gateway speaks to devices. */
  readonly isOpen: boolean;
  /** SHA-256 of a device's password, or null. */
  hashOf(device: string): string | null;
  /** Looks again for whoever was refused: a password may have been given away a moment ago. */
  refreshSoon(): Promise<void>;
  /** Told who has lost a password; with nobody named: that it is open no longer. */
  onRevoked(listener: (devices: readonly string[]) => void): void;
}

type Rules = NonNullable<Parameters<typeof Aedes.createBroker>[0]>;

/** Who is connected under which name, and what each may do. */
export class BrokerGuests {
  readonly #credentials: BrokerCredentials;
  /** Null where the broker was open and nobody could be told apart. Kept for the will, said after the end. */
  readonly #names = new WeakMap<Client, string | null>();
  readonly #connected = new Set<Client>();

  constructor(credentials: BrokerCredentials) {
    this.#credentials = credentials;
  }

  readonly rules: Rules = {
    authenticate: (client, username, password, done) => {
      this.#admits(client, username, password).then(
        (name) => {
          if (name === undefined) {
            done(Object.assign(refusal(), { returnCode: notAuthorized as never }), false);
            return;
          }
          this.#names.set(client, name);
          this.#connected.add(client);
          client.conn.once('close', () => this.#connected.delete(client));
          done(null, true);
        },
        () => done(Object.assign(refusal(), { returnCode: serverUnavailable as never }), false),
      );
    },
    authorizePublish: (client, packet, done) => {
      done(client === null || this.#mayPublish(client, packet.topic) ? null : refusal());
    },
    // A filter with wildcards is no topic of anybody's, so it is never granted.
    authorizeSubscribe: (client, subscription, done) => {
      done(null, this.#mayRead(client, subscription.topic) ? subscription : null);
    },
    authorizeForward: (client, packet) => (this.#mayRead(client, packet.topic) ? packet : null),
  };

  /** Ends the connections of devices that have lost their password, and those of nobody in particular. */
  dismiss(devices: readonly string[]): void {
    for (const client of this.#connected) {
      const name = this.#names.get(client) ?? null;
      if (name === null || devices.includes(name)) client.close();
    }
  }

  /** The name a client may go by, null where the broker is open, undefined where it is refused. */
  async #admits(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
  ): Promise<string | null | undefined> {
    const credentials = this.#credentials;
    if (credentials.isOpen) return null;
    if (username === undefined || password === undefined) return undefined;
    const isRight = () => isPassword(password, credentials.hashOf(username));
    if (!isRight()) {
      await credentials.refreshSoon();
      if (!isRight()) return undefined;
    }
    // A second connection of a client id throws the first one out: nobody may use another's name for it.
    if (client.id !== username && credentials.hashOf(client.id) !== null) return undefined;
    return username;
  }

  #mayPublish(client: Client, topic: string): boolean {
    const name = this.#names.get(client);
    if (name === undefined) return false;
    if (name !== null) return this.#credentials.hashOf(name) !== null && mayPublish(name, topic);
    const device = parseTopic(topic)?.device;
    return device !== undefined && mayPublish(device, topic);
  }

  #mayRead(client: Client, topic: string): boolean {
    const name = this.#names.get(client);
    return name === null || (name !== undefined && mayRead(name, topic));
  }
}

function isPassword(password: Buffer, sha256: string | null): boolean {
  const hash = createHash('sha256').update(password).digest();
  const expected = Buffer.from(sha256 ?? '', 'hex');
  return hash.length === expected.length && timingSafeEqual(hash, expected);
}

function refusal(): Error {
  return new Error('not authorised');
}

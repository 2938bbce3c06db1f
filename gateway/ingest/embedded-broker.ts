import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { Duplex, pipeline } from 'node:stream';
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes';
import { mayPublish, mayRead, parseTopic, topicOfAllDevices } from '../contract/topics.ts';
import type { IncomingMessage, MessageLink } from './message-link.ts';
import { PacketSizeGuard } from './packet-size-guard.ts';

/** A device's right to connect: its name is the user name, its password random and kept as a hash. */
interface DeviceCredential {
  readonly device: string;
  readonly passwordSha256: string;
}

export interface EmbeddedBrokerConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Without credentials everybody may connect, but only the gateway speaks to devices. */
  readonly credentials: readonly DeviceCredential[];
}

/** The readable part of an oversized batch is four times this long; ingest refuses it by name. */
const packetBytesMax = 1_200_000;
/** As many devices as a gateway knows, each with one connection. */
const connectionsMax = 10_000;

/** MQTT return code 5: not authorized (MQTT 3.1.1, table 3.1). */
const notAuthorized = 5;

/** The MQTT 3.1.1 broker inside this process, heard without a connection. */
export class EmbeddedBroker implements MessageLink {
  readonly kind = 'embedded';
  readonly connected = true;
  readonly url: string;
  readonly #broker: Aedes;
  readonly #server: Server;
  readonly #admit: () => void;
  #turn: Promise<void> = Promise.resolve();

  /** `admit` lets the connections in that wait until somebody listens. */
  constructor(parts: { broker: Aedes; server: Server; url: string; admit: () => void }) {
    this.#broker = parts.broker;
    this.#server = parts.server;
    this.#admit = parts.admit;
    this.url = parts.url;
  }

  async listen(handle: (message: IncomingMessage) => Promise<void>): Promise<void> {
    // The broker delivers side by side; ingest takes one message after the other.
    const deliver = (packet: AedesPublishPacket, done: () => void) => {
      const message = { topic: packet.topic, payload: Buffer.from(packet.payload) };
      this.#turn = this.#turn.then(() => handle(message)).then(done, done);
    };
    for (const leaf of ['counts', 'status', 'live', 'resume'] as const) {
      await new Promise<void>((resolve) => {
        this.#broker.subscribe(topicOfAllDevices(leaf), deliver, resolve);
      });
    }
    this.#admit();
  }

  async publish(message: { topic: string; payload: string; retain: boolean }): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const packet = { cmd: 'publish', qos: 1, dup: false, ...message } as PublishPacket;
      this.#broker.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    this.#admit();
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await new Promise<void>((resolve) => this.#broker.close(resolve));
    await stopped;
    // What has been heard is dealt with before the store closes.
    await this.#turn;
  }
}

/** Opens the broker on a TCP port. Rejects with the socket's error, as `EADDRINUSE`. */
export async function openEmbeddedBroker(config: EmbeddedBrokerConfig): Promise<EmbeddedBroker> {
  const rules = config.credentials.length === 0 ? openRules : credentialRules(config.credentials);
  // The publisher waits for ingest, so that nobody can send faster than batches are committed; with
  // a limit here ingest's own receipts would wait behind the messages that wait for them.
  const broker = await Aedes.createBroker({ ...rules, concurrency: 0 });
  const { promise: admitted, resolve: admit } = Promise.withResolvers<void>();
  // A device that is first at the door must not have its batch taken by nobody.
  const server = createServer((socket) => void admitted.then(() => broker.handle(guarded(socket))));
  server.maxConnections = connectionsMax;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.port, config.host, resolve);
    });
  } catch (cause) {
    await new Promise<void>((resolve) => broker.close(resolve));
    throw cause;
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  return new EmbeddedBroker({ broker, server, url: `mqtt://${config.host}:${port}`, admit });
}

/** The socket as the broker sees it: packets that are too long end it. */
function guarded(socket: Socket): Duplex {
  socket.setNoDelay(true);
  const guard = new PacketSizeGuard(packetBytesMax);
  // Either end takes the other with it; the broker hears of it through the pair.
  pipeline(socket, guard, () => {});
  return Duplex.from({ readable: guard, writable: socket });
}

type Rules = NonNullable<Parameters<typeof Aedes.createBroker>[0]>;

/** Without credentials nobody can be told apart, but nobody may speak in the gateway's name either. */
const openRules: Rules = {
  authorizePublish: (client, packet, done) => {
    const device = parseTopic(packet.topic)?.device;
    done(client === null || (device !== undefined && mayPublish(device, packet.topic)) ? null : refusal());
  },
};

function credentialRules(credentials: readonly DeviceCredential[]): Rules {
  const hashes = new Map(credentials.map(({ device, passwordSha256 }) => [device, passwordSha256]));
  const names = new WeakMap<Client, string>();
  const nameOf = (client: Client) => names.get(client) ?? '';
  return {
    authenticate: (client, username, password, done) => {
      const hash = username === undefined ? undefined : hashes.get(username);
      if (username === undefined || password === undefined || !hash || !isPassword(password, hash)) {
        done(Object.assign(refusal(), { returnCode: notAuthorized as never }), false);
        return;
      }
      names.set(client, username);
      done(null, true);
    },
    authorizePublish: (client, packet, done) => {
      done(client === null || mayPublish(nameOf(client), packet.topic) ? null : refusal());
    },
    // A filter with wildcards is no topic of anybody's, so it is never granted.
    authorizeSubscribe: (client, subscription, done) => {
      done(null, mayRead(nameOf(client), subscription.topic) ? subscription : null);
    },
    authorizeForward: (client, packet) => (mayRead(nameOf(client), packet.topic) ? packet : null),
  };
}

function isPassword(password: Buffer, sha256: string): boolean {
  const hash = createHash('sha256').update(password).digest();
  const expected = Buffer.from(sha256, 'hex');
  return hash.length === expected.length && timingSafeEqual(hash, expected);
}

function refusal(): Error {
  return new Error('not authorised');
}

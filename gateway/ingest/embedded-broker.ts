import { createServer, type Server, type Socket } from 'node:net';
import { Duplex, pipeline } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { Aedes, type AedesPublishPacket, type PublishPacket } from 'aedes';
import { deviceLeaves, topicOfAllDevices } from '../contract/topics.ts';
import { type BrokerCredentials, BrokerGuests } from './broker-guests.ts';
import type { IncomingMessage, MessageLink } from './message-link.ts';
import { PacketSizeGuard } from './packet-size-guard.ts';

/** Key and certificate of a server, renewed while it runs. */
export interface BrokerCertificate {
  readonly current: { readonly key: string; readonly cert: string };
  onRenewed(listener: (renewed: { readonly key: string; readonly cert: string }) => void): void;
}

export interface EmbeddedBrokerConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly credentials: BrokerCredentials;
  /** With it the broker speaks TLS only. */
  readonly certificate?: BrokerCertificate;
}

/** The readable part of an oversized batch is four times this long; ingest refuses it by name. */
const packetBytesMax = 1_200_000;
/** As many devices as a gateway knows, each with one connection. */
const connectionsMax = 10_000;
/** Who does not finish the handshake in this time is gone or never wanted to. */
const handshakeTimeoutMs = 15_000;

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
    for (const leaf of deviceLeaves) {
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
  const guests = new BrokerGuests(config.credentials);
  // The publisher waits for ingest, so that nobody can send faster than batches are committed; with
  // a limit here ingest's own receipts would wait behind the messages that wait for them.
  const broker = await Aedes.createBroker({ ...guests.rules, concurrency: 0 });
  config.credentials.onRevoked((devices) => guests.dismiss(devices));
  const { promise: admitted, resolve: admit } = Promise.withResolvers<void>();
  // A device that is first at the door must not have its batch taken by nobody.
  const server = openServer(config, (socket) => void admitted.then(() => broker.handle(guarded(socket))));
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
  const scheme = config.certificate === undefined ? 'mqtt' : 'mqtts';
  return new EmbeddedBroker({ broker, server, url: `${scheme}://${config.host}:${port}`, admit });
}

function openServer({ certificate }: EmbeddedBrokerConfig, take: (socket: Socket) => void): Server {
  const takeSteady = (socket: Socket) => {
    // Somebody may hang up while waiting to be let in, before the broker listens for errors.
    socket.on('error', () => {});
    take(socket);
  };
  if (certificate === undefined) return createServer(takeSteady);
  const handshakeTimeout = handshakeTimeoutMs;
  const server: TlsServer = createTlsServer(
    { ...certificate.current, minVersion: 'TLSv1.2', handshakeTimeout },
    takeSteady,
  );
  certificate.onRenewed((renewed) => server.setSecureContext({ ...renewed, minVersion: 'TLSv1.2' }));
  return server;
}

/** The socket as the broker sees it: packets that are too long end it. */
function guarded(socket: Socket): Duplex {
  socket.setNoDelay(true);
  const guard = new PacketSizeGuard(packetBytesMax);
  // Either end takes the other with it; the broker hears of it through the pair.
  pipeline(socket, guard, () => {});
  return Duplex.from({ readable: guard, writable: socket });
}

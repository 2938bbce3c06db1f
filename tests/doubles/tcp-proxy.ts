import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP connection through which everything goes, until the test cuts it. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #gate: { open: boolean; swallows: boolean };

  constructor(parts: {
    port: number;
    server: Server;
    sockets: Set<Socket>;
    gate: { open: boolean; swallows: boolean };
  }) {
    this.port = parts.port;
    this.#server = parts.server;
    this.#sockets = parts.sockets;
    this.#gate = parts.gate;
  }

  /** Ends all connections; new ones are ended at once until `mend`. */
  cut(): void {
    this.#gate.open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Passes nothing on any more and ends nothing: what a pulled cable or a dead router looks like. */
  swallow(): void {
    this.#gate.swallows = true;
  }

  mend(): void {
    this.#gate.open = true;
    this.#gate.swallows = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Opens a proxy on a free port of loopback to another port of loopback. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const gate = { open: true, swallows: false };
  const server = createServer((client) => {
    if (!gate.open) {
      client.destroy();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('data', (bytes) => {
        if (!gate.swallows) other.write(bytes);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return new TcpProxy({ port, server, sockets, gate });
}

import { connect, createServer } from 'node:net';

/** A TCP way to a TLS server of which the answers get lost while `mute` is set: the request arrives, nobody hears. */
export interface MuteProxy {
  readonly port: number;
  mute: boolean;
  close(): Promise<void>;
}

export async function openMuteProxy(targetPort: number): Promise<MuteProxy> {
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    let flights = 0;
    client.on('data', (bytes) => {
      flights += 1;
      target.write(bytes);
    });
    target.on('data', (bytes) => {
      // The server's part of the handshake passes; what follows the client's second flight does not.
      if (!(proxy.mute && flights > 1)) client.write(bytes);
    });
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  const proxy: MuteProxy = { port, mute: false, close };
  return proxy;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programPath } from '../require-programs.ts';

/** A real Mosquitto on a free port of loopback, with a configuration of the test's. */
export class MosquittoProcess {
  readonly port: number;
  readonly url: string;
  readonly #folder: string;
  #process: ChildProcess;

  constructor(process: ChildProcess, port: number, folder: string) {
    this.#process = process;
    this.#folder = folder;
    this.port = port;
    this.url = `mqtt://127.0.0.1:${port}`;
  }

  /** Ends the broker, `SIGKILL` for a crash. */
  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill(signal);
    await ended;
  }

  /** Starts it again on the same port, with nothing remembered. */
  async restart(): Promise<void> {
    await this.kill();
    this.#process = await startMosquitto(this.#folder, this.port);
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Opens a Mosquitto; `settings` are further lines of its configuration. */
export async function openMosquitto(settings: readonly string[] = []): Promise<MosquittoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-mosquitto-'));
  const port = await freePort();
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence false', ...settings];
  writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  return new MosquittoProcess(await startMosquitto(folder, port), port, folder);
}

async function startMosquitto(folder: string, port: number): Promise<ChildProcess> {
  const process = spawn(programPath('mosquitto')!, ['-c', join(folder, 'mosquitto.conf')], {
    stdio: 'ignore',
  });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await answers(port)) return process;
    await sleep(50);
  }
  process.kill('SIGKILL');
  throw new Error(`mosquitto does not answer on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port of loopback that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import type { EmulatedSerialDevice } from '../../hardware/emulated/emulated-serial-binding.ts';

/** Two pseudo-terminals joined by socat: what goes in at one end comes out at the other. */
export class PtyPair {
  readonly folder = mkdtempSync(join(tmpdir(), 'passant-pty-'));
  readonly ours = join(this.folder, 'ours');
  readonly theirs = join(this.folder, 'theirs');
  #socat: ChildProcess | null = null;
  #device: SerialPort | null = null;
  #pump: NodeJS.Timeout | null = null;

  /** Plugs the cable in; resolves when both ends are there. */
  async plugIn(): Promise<void> {
    this.#socat = spawn('socat', [`pty,raw,echo=0,link=${this.ours}`, `pty,raw,echo=0,link=${this.theirs}`]);
    while (!existsSync(this.ours) || !existsSync(this.theirs)) await sleep(5);
  }

  /** Pulls the cable: both terminals vanish. */
  async pull(): Promise<void> {
    this.#disconnect();
    const socat = this.#socat;
    this.#socat = null;
    if (!socat) return;
    const ended = once(socat, 'exit');
    socat.kill('SIGTERM');
    await ended;
    rmSync(this.ours, { force: true });
    rmSync(this.theirs, { force: true });
  }

  /** Lets an emulated device speak at the other end. */
  async connect(device: EmulatedSerialDevice): Promise<void> {
    const port = new SerialPort({ path: this.theirs, baudRate: 115_200, autoOpen: false });
    port.on('error', () => {});
    port.on('data', (bytes: Buffer) => device.receive(bytes, now()));
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    this.#device = port;
    this.#pump = setInterval(() => {
      const bytes = device.transmit(now());
      if (bytes.length > 0 && port.isOpen) port.write(Buffer.from(bytes));
    }, 4);
  }

  /** The device falls silent; the terminals stay. */
  silence(): void {
    if (this.#pump) clearInterval(this.#pump);
    this.#pump = null;
  }

  /** Sends bytes from the device's end as they are. */
  send(bytes: Uint8Array): void {
    this.#device?.write(Buffer.from(bytes));
  }

  async remove(): Promise<void> {
    await this.pull();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #disconnect(): void {
    this.silence();
    const port = this.#device;
    this.#device = null;
    if (port?.isOpen) port.close(() => {});
  }
}

const now = () => performance.now() / 1000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

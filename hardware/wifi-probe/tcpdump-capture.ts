import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, read } from 'node:fs';
import { SensorError } from '../sensor.ts';
import type { CaptureReader } from './capture-reader.ts';
import { openRawPipe } from './raw-pipe.ts';

/** What the kernel lets through: broadcast probe requests and nothing else. */
export const probeFilter = 'type mgt subtype probe-req and wlan addr1 ff:ff:ff:ff:ff:ff';
/** Beacons are everywhere, and like probe requests they are sent at the basic rates: same header. */
export const learnFilter = 'type mgt';

/** The kernel hands frames over when a block is full or a second old; as much again for the way. */
export const deliverySecondsMax = 2;

/** tcpdump ends at once when told to; a process that hangs is killed after this. */
const stopMillisecondsMax = 1000;
/** tcpdump's last words are short; more would be a stream of warnings. */
const stderrCharactersMax = 4000;

export interface TcpdumpOptions {
  readonly command: readonly string[];
  readonly interface: string;
  /** Bytes of a frame, radiotap header included, that may leave the kernel. */
  readonly snapBytes: number;
  readonly filter: string;
  /** Ends after this many frames. */
  readonly frames?: number;
}

/** One tcpdump child, writing pcap into a pipe of ours. */
export class TcpdumpCapture {
  readonly #options: TcpdumpOptions;
  readonly #child: ChildProcess;
  readonly #listening = Promise.withResolvers<boolean>();
  readonly #exited: Promise<void>;
  #readDescriptor: number;
  #reading = false;
  #closed = false;
  #stderr = '';
  #spawnError: NodeJS.ErrnoException | null = null;

  private constructor(options: TcpdumpOptions, child: ChildProcess, readDescriptor: number) {
    this.#options = options;
    this.#child = child;
    this.#readDescriptor = readDescriptor;
    this.#exited = new Promise((resolve) => {
      child.on('error', (error) => {
        this.#closed = true;
        this.#spawnError = error;
        this.#listening.resolve(false);
        resolve();
      });
      child.on('close', () => {
        this.#closed = true;
        this.#listening.resolve(false);
        resolve();
      });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrCharactersMax);
      if (this.#stderr.includes('listening on')) this.#listening.resolve(true);
    });
  }

  /** Starts the child; errors show in `failure` after `listening` said no or `read` gave 0. */
  static start(options: TcpdumpOptions): TcpdumpCapture {
    const { readDescriptor, writeDescriptor } = openRawPipe();
    const [program, ...before] = options.command;
    const count = options.frames === undefined ? [] : ['-c', String(options.frames)];
    const args = ['-i', options.interface, '-y', 'IEEE802_11_RADIO', '-s', String(options.snapBytes)];
    // Not in immediate mode: its ring loses frames of such a snap length (libpcap 1.10.3, Linux 6.18).
    const output = ['-n', '-U', '-w', '-'];
    try {
      const child = spawn(program!, [...before, ...args, ...output, ...count, options.filter], {
        stdio: ['ignore', writeDescriptor, 'pipe'],
        // A group of its own: a wrapper's children hold the pipe too and have to end with it.
        detached: true,
      });
      return new TcpdumpCapture(options, child, readDescriptor);
    } finally {
      closeSync(writeDescriptor);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when tcpdump has opened the interface, or to false when it has ended without. */
  listening(): Promise<boolean> {
    return this.#listening.promise;
  }

  /** Reads into the reader's buffer; 0 is the end of the stream. One call at a time. */
  async read(reader: CaptureReader): Promise<number> {
    const at = reader.fillFrom();
    this.#reading = true;
    try {
      const bytes = await new Promise<number>((resolve) => {
        read(this.#readDescriptor, reader.buffer, at, reader.buffer.length - at, null, (error, count) =>
          resolve(error ? 0 : count),
        );
      });
      reader.filled(bytes);
      return bytes;
    } finally {
      this.#reading = false;
    }
  }

  /** Why tcpdump ended, as an error with what to do about it. */
  async failure(): Promise<SensorError> {
    await this.#exited;
    const { command, interface: name } = this.#options;
    const program = command[0]!;
    if (this.#spawnError?.code === 'ENOENT') {
      return new SensorError(
        'program-missing',
        `${name}: ${program} is not installed (apt-get install tcpdump)`,
      );
    }
    if (this.#spawnError !== null) {
      return new SensorError('permission-denied', `${name}: ${program}: ${this.#spawnError.message}`);
    }
    const words = lastWords(this.#stderr);
    if (/permission|not permitted/i.test(words)) {
      const grant = 'setcap cap_net_raw,cap_net_admin=eip on it, or run the agent with these capabilities';
      return new SensorError('permission-denied', `${name}: ${program} may not capture: ${grant}`);
    }
    if (/no such device|doesn't exist|no such network|not up|went down|disappeared/i.test(words)) {
      return new SensorError('device-missing', `${name}: ${words}`);
    }
    if (/data link type|not supported|not one of the dlts|isn't/i.test(words)) {
      return new SensorError('unsupported', `${name}: no monitor interface with radiotap headers: ${words}`);
    }
    return new SensorError('device-missing', `${name}: ${program} ended: ${words || 'without a word'}`);
  }

  /** Tells the child to end; what it has captured can still be read. */
  end(): void {
    this.#signal('SIGTERM');
  }

  /** Ends the child and waits for it; nothing it held is left in any process. */
  async stop(): Promise<void> {
    if (!this.#closed) {
      this.#signal('SIGTERM');
      const killer = setTimeout(() => this.#signal('SIGKILL'), stopMillisecondsMax);
      await this.#exited;
      clearTimeout(killer);
    }
    await this.#exited;
    const descriptor = this.#readDescriptor;
    this.#readDescriptor = -1;
    if (descriptor < 0) return;
    // The write end is closed by now: a read under way ends with 0 before the descriptor goes.
    while (this.#reading) await new Promise((resolve) => setImmediate(resolve));
    closeSync(descriptor);
  }

  /** Signals the child and what it started; whoever has ended already needs no signal. */
  #signal(name: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, name);
    } catch {
      this.#child.kill(name);
    }
  }
}

/** The line that says why, without tcpdump's statistics. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^tcpdump: /, '').trim());
  const telling = lines.filter(
    (line) => line !== '' && !/^\d+ packets?|listening on|data link type/.test(line),
  );
  return (telling.at(-1) ?? lines.find((line) => line !== '') ?? '').slice(0, 200);
}

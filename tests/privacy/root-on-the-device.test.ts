import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { FakeMonitor, fakeMonitorFault } from '../doubles/fake-monitor.ts';
import { probeRequest, radiotap } from '../doubles/probe-frames.ts';
import { requirePrograms, requireThat } from '../require-programs.ts';
import { childrenOf, countInMemory } from './process-memory.ts';

const harness = join(import.meta.dirname, 'listening-harness.ts');
const mask = 0xa5;

interface Line {
  readonly opened?: boolean;
  readonly maskedKey?: string;
  readonly window?: { readonly frames: number; readonly coverageSeconds: number };
}

/** The harness and what it has said. */
class Listener {
  readonly child: ChildProcess;
  readonly keys: Buffer[] = [];
  readonly windows: NonNullable<Line['window']>[] = [];
  readonly #exited: Promise<unknown>;
  errors = '';

  constructor(name: string, mode: string, windowSeconds: number) {
    this.child = spawn(process.execPath, [harness, name, mode, String(windowSeconds)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stderr?.on('data', (text) => {
      this.errors += text;
    });
    createInterface({ input: this.child.stdout! }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.maskedKey !== undefined) {
        this.keys.push(Buffer.from(Buffer.from(line.maskedKey, 'hex').map((byte) => byte ^ mask)));
      }
      if (line.window !== undefined) this.windows.push(line.window);
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  async close(): Promise<void> {
    this.child.kill('SIGCONT');
    this.child.kill('SIGTERM');
    await this.#exited;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: () => boolean, listener: Listener): Promise<void> {
  for (const end = performance.now() + 15_000; !what(); ) {
    if (performance.now() > end) throw new Error(`gave up waiting; the listener said: ${listener.errors}`);
    await pause(50);
  }
}

function canary(): Buffer {
  const address = randomBytes(6);
  address[0] = (address[0]! & 0xfc) | 2;
  return address;
}

/** Sends a request of each address many times a second. */
function speak(monitor: FakeMonitor, addresses: readonly Buffer[]): NodeJS.Timeout {
  let turn = 0;
  return setInterval(() => {
    const address = addresses[turn++ % addresses.length]!;
    monitor.hear(Buffer.concat([radiotap({ signalDbm: -50 }), probeRequest(address)]));
  }, 10);
}

const spellings = (address: Buffer): Buffer[] => {
  const hex = address.toString('hex');
  const colons = hex.match(/../g)!.join(':');
  return [
    address,
    Buffer.from([...address].reverse()),
    ...[hex, hex.toUpperCase(), colons].map((text) => Buffer.from(text)),
  ];
};

describe('root on the running device', () => {
  test('finds no address in mode rate, neither in the agent nor in tcpdump, at any time', async (context) => {
    requirePrograms(context, 'tcpdump', 'ip');
    const fault = fakeMonitorFault();
    requireThat(context, fault === null, fault ?? '');
    const monitor = new FakeMonitor('passant-m1');
    const addresses = Array.from({ length: 8 }, canary);
    const talk = speak(monitor, addresses);
    const listener = new Listener(monitor.name, 'rate', 2);
    try {
      await until(() => listener.windows.some((window) => window.frames > 20), listener);
      const [tcpdump] = childrenOf(listener.pid, 'tcpdump');
      const patterns = addresses.flatMap(spellings);
      expect(countInMemory(listener.pid, patterns).every((count) => count === 0)).toBe(true);
      expect(countInMemory(tcpdump!, patterns).every((count) => count === 0)).toBe(true);
      // The search sees what is there: the frame up to its receiver, which is all that left the kernel.
      const begun = Buffer.concat([Buffer.of(0x40, 0, 0, 0), Buffer.alloc(6, 0xff)]);
      expect(countInMemory(tcpdump!, [begun])[0]).toBeGreaterThan(0);
    } finally {
      clearInterval(talk);
      await listener.close();
      monitor.close();
    }
  }, 40_000);

  test('finds no address and no key of an older window in mode hashing', async (context) => {
    requirePrograms(context, 'tcpdump', 'ip');
    const fault = fakeMonitorFault();
    requireThat(context, fault === null, fault ?? '');
    const monitor = new FakeMonitor('passant-m2');
    const old = Array.from({ length: 8 }, canary);
    const patterns = old.flatMap(spellings);
    let talk = speak(monitor, old);
    const listener = new Listener(monitor.name, 'hashing', 3);
    try {
      await until(() => listener.windows.some((window) => window.frames > 20), listener);
      clearInterval(talk);
      // While their window runs they are in the ring of tcpdump: the search would find them.
      const before = childrenOf(listener.pid, 'tcpdump').map((pid) => countInMemory(pid, patterns));
      expect(before.some((counts) => counts.some((count) => count > 0))).toBe(true);
      talk = speak(monitor, Array.from({ length: 8 }, canary));
      const windows = listener.windows.length;
      // The window in which they spoke last, and one more, whose end starts a new tcpdump.
      await until(() => listener.windows.length >= windows + 3, listener);
      await pause(500);
      // Searching takes seconds, a window too: the agent stands still meanwhile.
      listener.child.kill('SIGSTOP');
      await pause(200);
      const children = childrenOf(listener.pid, 'tcpdump');
      expect(children.length).toBeGreaterThan(0);
      for (const pid of [listener.pid, ...children]) {
        expect(countInMemory(pid, patterns).every((count) => count === 0)).toBe(true);
      }
      // The newest key is there, as it has to be; every older one is gone.
      const counts = countInMemory(listener.pid, listener.keys);
      expect(counts.at(-1)).toBeGreaterThan(0);
      expect(counts.slice(0, -1).every((count) => count === 0)).toBe(true);
      expect(listener.keys.length).toBeGreaterThan(3);
    } finally {
      clearInterval(talk);
      await listener.close();
      monitor.close();
    }
  }, 60_000);
});

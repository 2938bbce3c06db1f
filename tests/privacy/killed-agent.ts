import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaptureRecord, pcap, probeRequest, radiotap } from '../doubles/probe-frames.ts';
import { canariesIn, keyedCanariesIn } from './canary-forms.ts';

const agentMain = join(import.meta.dirname, '../../edge-agent/main.ts');
const canaries = 5;
/** Played fast, an hour of windows closes within the second or two that the agent lives. */
const captureSeconds = 6 * 3600;
/** A loaded machine starts the agent in a few seconds. */
const startMillisecondsMax = 10_000;

export interface KilledAgent {
  /** What was found of the canaries in the files the agent wrote; must be empty. */
  readonly findings: readonly string[];
  readonly filesWritten: number;
  readonly bytesWritten: number;
}

/**
 * Runs the agent in mode `hashing` on a capture with canary addresses, kills it with SIGKILL so
 * many milliseconds after it opened its outbox, and looks for the canaries in every file it wrote.
 */
export async function killAgentAndSearch(aliveMs: number): Promise<KilledAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-canary-'));
  try {
    const addresses = Array.from({ length: canaries }, () =>
      Buffer.from(randomBytes(6).map((byte, at) => (at === 0 ? (byte & 0xfc) | 2 : byte))),
    );
    const written = join(folder, 'written');
    for (const name of ['state', 'run', 'tmp']) mkdirSync(join(written, name), { recursive: true });
    const capture = join(folder, 'canaries.pcap');
    writeFileSync(capture, pcap(visits(addresses)));
    const child = startAgent(folder, written, capture);
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await someFile(join(written, 'state'));
    await new Promise((resolve) => setTimeout(resolve, aliveMs));
    child.kill('SIGKILL');
    await exited;
    return search(written, addresses);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until the agent has opened its outbox: before that there is nothing to be found. */
async function someFile(folder: string): Promise<void> {
  const untilMs = performance.now() + startMillisecondsMax;
  while (readdirSync(folder).length === 0 && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function visits(addresses: readonly Buffer[]): CaptureRecord[] {
  return Array.from({ length: captureSeconds / 10 }, (_, n) => ({
    atSeconds: 1_772_438_400 + n * 10,
    packet: Buffer.concat([radiotap({ signalDbm: -50 }), probeRequest(addresses[n % addresses.length]!)]),
  }));
}

function startAgent(folder: string, written: string, capture: string): ChildProcess {
  const profile = join(folder, 'site-profile.json');
  const wifi = {
    sensor: 'wifi',
    kind: 'wifi-probe',
    mode: 'hashing',
    windowSeconds: 300,
    epsilon: 2,
    bits: 256,
  };
  writeFileSync(profile, JSON.stringify({ version: 1, revision: 1, parent: null, sensors: [wifi] }));
  const config = join(folder, 'agent.json');
  writeFileSync(
    config,
    JSON.stringify({
      device: 'canary',
      stateDir: join(written, 'state'),
      runDir: join(written, 'run'),
      siteProfile: profile,
      clock: 'trusted',
      logLevel: 'trace',
      sensors: [{ sensor: 'wifi', source: { kind: 'recording', file: capture, pace: 20_000 } }],
    }),
  );
  const child = spawn(process.execPath, [agentMain, '--config', config], {
    env: { ...process.env, TMPDIR: join(written, 'tmp') },
    cwd: written,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // What the agent logs is searched like a file.
  for (const [stream, name] of [
    [child.stdout, 'stdout'],
    [child.stderr, 'stderr'],
  ] as const) {
    stream?.on('data', (text: Buffer) => writeFileSync(join(written, name), text, { flag: 'a' }));
  }
  return child;
}

function search(written: string, addresses: readonly Buffer[]): KilledAgent {
  const files = readdirSync(written, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const contents = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  const findings = contents.flatMap((bytes, index) =>
    canariesIn(bytes, addresses).map((finding) => `${files[index]!.name}: ${finding}`),
  );
  const all = Buffer.concat(contents);
  return {
    findings: [...findings, ...keyedCanariesIn(all, addresses)],
    filesWritten: files.length,
    bytesWritten: all.length,
  };
}

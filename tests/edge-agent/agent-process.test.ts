import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forbidCoreDumps } from '../../edge-agent/appliance/core-dumps.ts';
import { writeDoorRecording } from '../doubles/door-recording.ts';
import { requirePrograms, requireThat } from '../require-programs.ts';

const root = join(import.meta.dirname, '..', '..');
const children: ChildProcess[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-agent-process-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly output: () => { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

function start(file: string, parameters: readonly string[], environment: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [join(root, file), ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr!.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, output: () => ({ stdout, stderr }), ended };
}

function writeConfig(changes: object = {}): string {
  const recording = join(folder, 'door.ndjson');
  writeDoorRecording({
    file: recording,
    startedAt: '2026-03-02T08:00:00Z',
    durationSeconds: 120,
    passages: [{ atSeconds: 1.5, direction: 'in' }],
  });
  const file = join(folder, 'agent.json');
  const config = {
    device: 'shop-1',
    stateDir: join(folder, 'state'),
    runDir: join(folder, 'run'),
    clock: 'trusted',
    sensors: [{ sensor: 'door', source: { kind: 'recording', file: recording, timeline: 'live' } }],
    ...changes,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function until(condition: () => boolean, seconds: number): Promise<void> {
  for (let waited = 0; waited < seconds * 20; waited += 1) {
    if (condition()) return;
    await sleep(50);
  }
  throw new Error(`not within ${seconds} s`);
}

describe('the agent as a service', () => {
  test('tells systemd when it counts, feeds the watchdog, and closes the running minute when stopped', async (context) => {
    requirePrograms(context, 'socat');
    const socket = join(folder, 'notify');
    const listener = spawn('socat', ['-u', `UNIX-RECV:${socket}`, 'STDOUT'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(listener);
    let heard = '';
    listener.stdout!.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
    });
    await sleep(300);
    const beganMs = Date.now();
    const agent = start('edge-agent/main.ts', ['--config', writeConfig()], {
      NOTIFY_SOCKET: socket,
      WATCHDOG_USEC: '1000000',
    });
    await until(() => heard.includes('READY=1'), 10);
    // The bound that the appliance promises on this machine.
    expect(Date.now() - beganMs).toBeLessThan(5000);
    await until(() => heard.includes('WATCHDOG=1'), 5);
    await sleep(2500);
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    expect(heard).toContain('STOPPING=1');
    const database = new Database(join(folder, 'state', 'outbox.db'), { readonly: true });
    const rows = database.prepare('SELECT numbers, duration_ms FROM interval ORDER BY sequence').all() as {
      numbers: string;
      duration_ms: number;
    }[];
    database.close();
    expect(rows.reduce((sum, { numbers }) => sum + Number(numbers.split(',')[0]), 0)).toBe(1);
    expect(rows.reduce((sum, row) => sum + row.duration_ms, 0)).toBeGreaterThan(2500);
  });

  test('forbids core dumps', (context) => {
    requireThat(context, process.platform === 'linux', 'only Linux knows PR_SET_DUMPABLE');
    expect(forbidCoreDumps()).toBe(true);
  });

  test('starts through its launcher', async () => {
    const agent = start('edge-agent/passant-agent.mjs', ['--config', writeConfig(), '--check']);
    expect(await agent.ended).toBe(0);
    expect(agent.output().stdout).toContain('1 sensors of device shop-1');
  });
});

describe('what cannot be used is one line and exit code 2:', () => {
  test.each([
    ['no configuration', 'none.json', null, 'none.json'],
    ['a half-written configuration', 'half.json', '{"device":', 'half.json'],
    [
      'several faults, all of them',
      'bad.json',
      '{"device":"Shop 1","sensors":[{"sensor":"door","source":{"kind":"recording"}}],"speed":1}',
      'device',
    ],
  ])('%s', async (_name, name, text, part) => {
    const file = join(folder, name);
    if (text !== null) writeFileSync(file, text);
    const agent = start('edge-agent/main.ts', ['--config', file]);
    expect(await agent.ended).toBe(2);
    const { stdout, stderr } = agent.output();
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(part);
  });

  test('a recording that is not there, and arguments nobody knows', async () => {
    const missing = writeConfig({
      sensors: [{ sensor: 'door', source: { kind: 'recording', file: join(folder, 'no.ndjson') } }],
    });
    const agents = [
      start('edge-agent/main.ts', ['--config', missing]),
      start('edge-agent/main.ts', ['--what']),
      start('edge-agent/replay-command.ts', [join(folder, 'no.ndjson'), '--json']),
      start('edge-agent/replay-command.ts', []),
      start('edge-agent/replay-command.ts', [join(folder, 'no.ndjson'), '--wifi-mode', 'guess']),
    ];
    expect(await Promise.all(agents.map(({ ended }) => ended))).toEqual([2, 2, 2, 2, 2]);
    for (const { output } of agents) {
      expect(output().stderr.trim().split('\n')).toHaveLength(1);
      expect(output().stdout.includes('{"sensor"')).toBe(false);
    }
    expect(agents[2]!.output().stderr).toContain(`${join(folder, 'no.ndjson')}: no such file`);
  });
});

test('replay prints one JSON object of what the agent would count', async () => {
  writeConfig();
  const replay = start('edge-agent/replay-command.ts', [join(folder, 'door.ndjson'), '--json']);
  expect(await replay.ended).toBe(0);
  const lines = replay.output().stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toEqual({
    sensor: 'vl53l1x',
    durationSeconds: 119.975,
    readings: 4800,
    coverageSeconds: expect.closeTo(119.95, 2),
    flags: [],
    totals: { in: 1, out: 0 },
    crossings: [{ atSeconds: expect.closeTo(1.5, 0), direction: 'in', confidence: expect.any(Number) }],
    rejected: [],
  });
});

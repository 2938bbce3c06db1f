import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDoorRecording } from '../doubles/door-recording.ts';
import { bootSystemd, canBootSystemd, type SystemdMachine } from '../doubles/systemd-machine.ts';
import { requireThat } from '../require-programs.ts';

const root = join(import.meta.dirname, '..', '..');
const unit = 'passant-agent.service';
const watchdogSeconds = 2;

/** The unit as it is, with a watchdog that a test can wait for and the Node that runs this test. */
const dropIn = `[Service]
WatchdogSec=${watchdogSeconds}
RestartSec=0.2
Environment=PATH=${dirname(process.execPath)}:/usr/bin:/bin
`;

const bootable = canBootSystemd();
let machine: SystemdMachine | null = null;

beforeAll(async () => {
  if (!bootable) return;
  const folder = mkdtempSync(join(tmpdir(), 'passant-unit-'));
  const file = join(folder, 'door.ndjson');
  writeDoorRecording({
    file,
    startedAt: '2026-03-02T08:00:00Z',
    durationSeconds: 60,
    passages: [{ atSeconds: 1.5, direction: 'in' }],
  });
  const source = { kind: 'recording', file: '/etc/passant/door.ndjson', timeline: 'live', loop: true };
  const config = { device: 'shop-1', clock: 'trusted', sensors: [{ sensor: 'door', source }] };
  machine = await bootSystemd({
    checkout: root,
    units: {
      [unit]: readFileSync(join(root, 'deploy/systemd', unit), 'utf8'),
      [`${unit}.d/test.conf`]: dropIn,
    },
    etc: { 'passant/agent.json': JSON.stringify(config), 'passant/door.ndjson': readFileSync(file, 'utf8') },
  });
  rmSync(folder, { recursive: true });
}, 60_000);
afterAll(() => machine?.close());

describe('the unit under a real systemd', () => {
  test('is ready only when the agent counts, and stays while its loop beats', async (context) => {
    requireThat(context, bootable, 'only root on a machine with systemd may boot one');
    // Returns when the agent has said READY=1 (Type=notify), and fails where it has not in time.
    machine!.systemctl('start', unit);
    expect(machine!.show(unit, 'ActiveState')).toBe('active');
    expect(machine!.show(unit, 'NotifyAccess')).toBe('all');
    await new Promise((resolve) => setTimeout(resolve, 2.5 * watchdogSeconds * 1000));
    expect(machine!.show(unit, 'ActiveState')).toBe('active');
    expect(machine!.show(unit, 'NRestarts')).toBe('0');
  }, 60_000);

  test('is restarted when the loop stands still, and counts on in the same outbox', async (context) => {
    requireThat(context, bootable, 'only root on a machine with systemd may boot one');
    const [, agent] = machine!.processesOf(unit);
    process.kill(agent!, 'SIGSTOP');
    const state = () => [machine!.show(unit, 'NRestarts'), machine!.show(unit, 'SubState')].join(' ');
    await expect.poll(state, { timeout: 40_000, interval: 250 }).toBe('1 running');
    expect(machine!.processesOf(unit)).not.toContain(agent);
  }, 60_000);

  test('runs as its own user, gains no privileges, and has its memory bounded by the unit', (context) => {
    requireThat(context, bootable, 'only root on a machine with systemd may boot one');
    expect(machine!.show(unit, 'User')).toBe('passant');
    expect(machine!.show(unit, 'MemoryMax')).toBe(String(256 * 1024 * 1024));
    const status = readFileSync(`/proc/${machine!.processesOf(unit)[1]}/status`, 'utf8');
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).not.toMatch(/^Uid:\t0/m);
  });

  test('stops as told: the running minute is closed and on the card', (context) => {
    requireThat(context, bootable, 'only root on a machine with systemd may boot one');
    machine!.systemctl('stop', unit);
    expect(machine!.show(unit, 'ActiveState')).toBe('inactive');
    expect(machine!.show(unit, 'Result')).toBe('success');
    const copy = mkdtempSync(join(tmpdir(), 'passant-unit-'));
    cpSync(machine!.path('/var/lib/passant'), copy, { recursive: true });
    const database = new Database(join(copy, 'outbox.db'));
    const covered = database.prepare('SELECT sum(coverage_ms) FROM interval').pluck().get() as number;
    database.close();
    rmSync(copy, { recursive: true });
    expect(covered).toBeGreaterThan(2 * watchdogSeconds * 1000);
  });
});

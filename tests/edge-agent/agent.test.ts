import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../edge-agent/agent.ts';
import { parseAgentConfig } from '../../edge-agent/config.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { DeviceStatus } from '../../gateway/contract/device-status.ts';
import type { Passage } from '../doubles/door-recording.ts';
import { LiveDoorSensor } from '../doubles/live-door-sensor.ts';
import { BookkeepingGateway, ScriptedLink } from '../doubles/scripted-link.ts';
import { VirtualAgentClock } from '../doubles/virtual-agent-clock.ts';

const logger = pino({ level: 'silent' });
const closers: (() => Promise<void>)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-agent-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

interface Start {
  readonly clock: VirtualAgentClock;
  readonly passages?: readonly Passage[];
  /** Folder of state and open minute, below the test's. */
  readonly place?: string;
  readonly config?: object;
}

/** An agent at a live door, connected to a gateway that stores everything. */
async function startAgent(start: Start) {
  const { clock, passages = [], place = 'device' } = start;
  const link = new ScriptedLink();
  const gateway = new BookkeepingGateway(link);
  const sensor = new LiveDoorSensor(clock, passages);
  const agent: Agent = await openAgent({
    config: parseAgentConfig(
      {
        device: 'shop-1',
        stateDir: join(folder, place, 'state'),
        runDir: join(folder, place, 'run'),
        sensors: [{ sensor: 'door', source: { kind: 'vl53l1x' } }],
        ...start.config,
      },
      'test',
    ),
    logger,
    clock,
    link,
    random: () => 0.5,
    machineId: 'machine-a',
    openSensor: async () => sensor,
  });
  closers.push(() => agent.close());
  link.goUp();
  return { agent, link, gateway, sensor };
}

function intervalsOf(link: ScriptedLink): Interval[] {
  const bySequence = new Map<string, Interval>();
  for (const batch of link.batches) {
    for (const interval of batch.intervals) bySequence.set(`${batch.epoch} ${interval.sequence}`, interval);
  }
  return [...bySequence.values()].sort((left, right) => left.start.localeCompare(right.start));
}

function total(
  intervals: readonly Interval[],
  name: 'in' | 'out' | 'coverageSeconds' | 'durationSeconds',
): number {
  return intervals.reduce((sum, interval) => sum + (interval.kind === 'crossing' ? interval[name] : 0), 0);
}

/** The device's files as they are now, as after a power cut or SIGKILL, under another name. */
function freeze(place: string): void {
  cpSync(join(folder, 'device'), join(folder, place), { recursive: true });
}

describe('an agent', () => {
  test('closes minutes on the calendar, sends them, and closes the running one when it stops', async () => {
    const clock = new VirtualAgentClock(30);
    const passages = [
      { atSeconds: 50, direction: 'in' },
      { atSeconds: 100, direction: 'out' },
      { atSeconds: 185, direction: 'in' },
    ] as const;
    const { agent, link } = await startAgent({ clock, passages });
    await clock.sleep(170);
    await agent.close();
    const intervals = intervalsOf(link);
    expect(intervals.map(({ start }) => start.slice(11, 19))).toEqual([
      '08:00:30',
      '08:01:00',
      '08:02:00',
      '08:03:00',
    ]);
    expect([total(intervals, 'in'), total(intervals, 'out')]).toEqual([2, 1]);
    expect(total(intervals, 'durationSeconds')).toBeCloseTo(170, 0);
    expect(total(intervals, 'coverageSeconds')).toBeGreaterThan(168);
  });

  test('says birth, the same totals cadence whatever happens, and good-bye', async () => {
    const clock = new VirtualAgentClock();
    const { agent, link } = await startAgent({ clock, passages: [{ atSeconds: 20, direction: 'in' }] });
    await clock.sleep(60);
    await agent.close();
    const states = link.on('status').map(({ payload, retain }) => ({
      retain,
      status: JSON.parse(payload) as DeviceStatus,
    }));
    expect(states[0]).toMatchObject({
      retain: true,
      status: { online: true, clock: 'synced', wifiMode: 'off' },
    });
    expect(states.at(-1)).toMatchObject({ retain: true, status: { online: false } });
    expect(link.wills.length).toBeGreaterThan(0);
    const live = link.on('live');
    expect(live.length).toBeGreaterThanOrEqual(11);
    expect(new Set(live.map(({ payload }) => payload.length)).size).toBe(1);
    expect(JSON.parse(live.at(-1)!.payload)).toMatchObject({ sensors: [{ sensor: 'door', in: 1, out: 0 }] });
  });

  test('keeps counting without a broker and delivers it all later', async () => {
    const clock = new VirtualAgentClock();
    const { agent, link } = await startAgent({ clock, passages: [{ atSeconds: 1000, direction: 'in' }] });
    await clock.sleep(10);
    link.goDown();
    await clock.sleep(3600);
    expect(agent.status.health.outboxHeld).toBeGreaterThan(55);
    link.goUp();
    await clock.sleep(60);
    expect(agent.status.health.outboxHeld).toBeLessThan(3);
    expect(total(intervalsOf(link), 'in')).toBe(1);
  });

  test('shows a lost sensor as time not looked at, and goes on when it is back', async () => {
    const clock = new VirtualAgentClock();
    const { agent, link, sensor } = await startAgent({ clock });
    await clock.sleep(60);
    sensor.lostFromSeconds = clock.nowSeconds();
    await clock.sleep(120);
    expect(agent.status.sensors[0]).toMatchObject({ state: 'lost' });
    sensor.lostFromSeconds = null;
    await clock.sleep(180);
    expect(agent.status.sensors[0]).toMatchObject({ state: 'counting' });
    await agent.close();
    const intervals = intervalsOf(link);
    const missing = total(intervals, 'durationSeconds') - total(intervals, 'coverageSeconds');
    expect(missing).toBeGreaterThan(115);
    expect(missing).toBeLessThan(190);
    expect(intervals.some(({ coverageSeconds }) => coverageSeconds === 0)).toBe(true);
  });
});

describe('before the time is known', () => {
  test('intervals wait, get their start afterwards, and none lands in 1970', async () => {
    const clock = new VirtualAgentClock(10);
    clock.isSynchronized = false;
    clock.wrongBySeconds = -Date.UTC(2026, 2, 2, 8) / 1000;
    const { agent, link } = await startAgent({ clock, passages: [{ atSeconds: 40, direction: 'in' }] });
    await clock.sleep(300);
    expect(intervalsOf(link)).toEqual([]);
    expect(agent.status).toMatchObject({ clock: 'unsynced', startedAt: null });
    clock.wrongBySeconds = 0;
    clock.isSynchronized = true;
    await clock.sleep(120);
    await agent.close();
    const intervals = intervalsOf(link);
    expect(intervals[0]!.start).toBe('2026-03-02T08:00:10Z');
    expect(intervals[0]).toMatchObject({ clock: 'estimated', in: 1 });
    expect(intervals.at(-1)).toMatchObject({ clock: 'synced' });
    expect(total(intervals, 'durationSeconds')).toBeCloseTo(420, 0);
  });
});

describe('a killed agent', () => {
  test('goes on with the open minute: what was counted before is there once', async () => {
    const clock = new VirtualAgentClock();
    const first = await startAgent({ clock, passages: [{ atSeconds: 70, direction: 'in' }] });
    await clock.sleep(100);
    freeze('after-kill');
    await first.agent.close();
    const second = await startAgent({
      clock,
      place: 'after-kill',
      passages: [{ atSeconds: 115, direction: 'out' }],
    });
    await clock.sleep(60);
    await second.agent.close();
    const intervals = intervalsOf(second.link);
    expect(intervals.map(({ start }) => start.slice(11, 19))).toEqual(['08:00:00', '08:01:00', '08:02:00']);
    expect([total(intervals, 'in'), total(intervals, 'out')]).toEqual([1, 1]);
    expect(intervals[1]!.durationSeconds).toBe(60);
  });

  test('does not append again what it had appended before it was killed', async () => {
    const clock = new VirtualAgentClock();
    const first = await startAgent({ clock, passages: [{ atSeconds: 30, direction: 'in' }] });
    await clock.sleep(65);
    // The open minute as it was written down before the minute was closed.
    cpSync(join(folder, 'device', 'run'), join(folder, 'older-run'), { recursive: true });
    await clock.sleep(10);
    freeze('after-kill');
    await first.agent.close();
    rmSync(join(folder, 'after-kill', 'run'), { recursive: true });
    cpSync(join(folder, 'older-run'), join(folder, 'after-kill', 'run'), { recursive: true });
    const second = await startAgent({ clock, place: 'after-kill' });
    await clock.sleep(130);
    await second.agent.close();
    expect(total(intervalsOf(second.link), 'in')).toBe(1);
    const starts = intervalsOf(second.link).map(({ start }) => start);
    expect(new Set(starts).size).toBe(starts.length);
  });

  test('goes on with today’s running totals, also after a reboot', async () => {
    const clock = new VirtualAgentClock();
    const first = await startAgent({
      clock,
      passages: [
        { atSeconds: 30, direction: 'in' },
        { atSeconds: 100, direction: 'in' },
      ],
    });
    await clock.sleep(120);
    freeze('after-kill');
    freeze('after-reboot');
    await first.agent.close();
    const totals = async (place: string) => {
      const { agent, link } = await startAgent({ clock, place });
      await clock.sleep(20);
      await agent.close();
      return (JSON.parse(link.on('live').at(-1)!.payload) as { sensors: object[] }).sensors[0];
    };
    expect(await totals('after-kill')).toMatchObject({ in: 2, out: 0 });
    clock.bootId = 'boot-2';
    // What was in the open minute is lost with the power; what had closed is not.
    expect(await totals('after-reboot')).toMatchObject({ in: 1, out: 0 });
  });

  test('after a reboot begins a new minute: tmpfs is of another boot', async () => {
    const clock = new VirtualAgentClock();
    const first = await startAgent({ clock, passages: [{ atSeconds: 70, direction: 'in' }] });
    await clock.sleep(100);
    freeze('after-power-cut');
    await first.agent.close();
    clock.bootId = 'boot-2';
    const second = await startAgent({ clock, place: 'after-power-cut' });
    await clock.sleep(60);
    await second.agent.close();
    const intervals = intervalsOf(second.link);
    expect(total(intervals, 'in')).toBe(0);
    expect(intervals.map(({ start }) => start.slice(11, 17))).toEqual(['08:00:', '08:01:', '08:02:']);
  });
});

describe('a failing card', () => {
  test('an outbox whose log was cut after a clean stop keeps its epoch, and what it held is delivered', async () => {
    const clock = new VirtualAgentClock();
    const { agent, link } = await startAgent({ clock, passages: [{ atSeconds: 30, direction: 'in' }] });
    link.goDown();
    await clock.sleep(200);
    const { epoch } = agent.status;
    await agent.close();
    writeFileSync(join(folder, 'device', 'state', 'outbox.db-wal'), '');
    const second = await startAgent({ clock });
    expect(second.agent.status.epoch).toBe(epoch);
    await clock.sleep(60);
    expect(total(intervalsOf(second.link), 'in')).toBe(1);
  });

  test('a full outbox refuses, says so in its status, and the rest is delivered', async () => {
    const clock = new VirtualAgentClock();
    const { agent, link } = await startAgent({ clock, config: { outbox: { capacityDays: 5 / 1440 } } });
    link.goDown();
    await clock.sleep(600);
    expect(agent.status.health).toMatchObject({ outboxFull: true, outboxHeld: 5 });
    link.goUp();
    await clock.sleep(60);
    expect(intervalsOf(link)).toHaveLength(5);
  });
});

describe('a recording', () => {
  test('that breaks off ends the agent’s work with its error', async () => {
    const file = join(folder, 'broken.ndjson');
    const header =
      '{"format":"passant-recording","version":1,"sensor":"vl53l1x","startedAt":"2026-03-02T08:00:00Z","zones":[{"id":0,"side":"outside"}]}';
    writeFileSync(file, `${header}\n{"t":0,"zone":0,"mm":2500,"status":0}\nbroken\n`);
    const agent = await openAgent({
      config: parseAgentConfig(
        {
          device: 'shop-1',
          stateDir: join(folder, 'state'),
          runDir: join(folder, 'run'),
          clock: 'trusted',
          sensors: [{ sensor: 'door', source: { kind: 'recording', file, pace: 0 } }],
        },
        'test',
      ),
      logger,
    });
    await expect(agent.done).rejects.toThrow(`${file}: line 3: not JSON`);
    await agent.close();
    expect(readdirSync(join(folder, 'state'))).toContain('outbox.db');
  });
});

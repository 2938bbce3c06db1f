import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { SeededRandom } from '../../hardware/emulated/walks/seeded-random.ts';
import { writeDoorRecording } from '../doubles/door-recording.ts';
import { type MosquittoProcess, openMosquitto } from '../doubles/mosquitto-process.ts';
import { openSmallDisk, type SmallDisk } from '../doubles/small-disk.ts';
import { openTcpProxy, type TcpProxy } from '../doubles/tcp-proxy.ts';
import { type KeptRow, readPostgresMinutes, readStoredMinutes } from './stored-minutes.ts';

const root = join(import.meta.dirname, '..', '..');

/** Walks that the counters see at real pace, over and over, beside a door where somebody always passes. */
const recordings = ['door-2480', 'busy-2480', 'tailgate-2260'];

/** A line of the journal: an interval under its key, or that a run began to look. */
export type JournalLine =
  | {
      readonly kind: 'closed';
      readonly epoch: string;
      readonly sequence: number;
      readonly interval: ClosedInterval;
    }
  | { readonly kind: 'looks'; readonly atSeconds: number };

/** A program under test that is killed and started again. */
class Victim {
  readonly #command: readonly string[];
  #process: ChildProcess | null = null;

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /** Starts it, unless it runs: one that found no room on its disk has ended by itself. */
  start(): void {
    if (this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null)
      return;
    this.#process = spawn(process.execPath, this.#command, { cwd: root, stdio: 'ignore' });
  }

  /** Resolves when it is gone; a signal for one that has ended already is nothing. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const process = this.#process;
    if (process === null || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    process.kill(signal);
    await gone;
  }
}

/** Agent and gateway as processes, a real Mosquitto, and a network between that can be cut. */
export class KillBed {
  readonly agent: Victim;
  /** Two, which share one database file and, by a shared subscription, the work. */
  readonly gateways: readonly Victim[];
  readonly broker: MosquittoProcess;
  readonly proxy: TcpProxy;
  /** The card and the gateway's disk, where this user may mount them. */
  readonly disks: readonly SmallDisk[];
  readonly #folder: string;
  readonly #databaseUrl: string | null;

  constructor(parts: {
    folder: string;
    databaseUrl: string | null;
    broker: MosquittoProcess;
    proxy: TcpProxy;
    disks: readonly SmallDisk[];
  }) {
    const { folder, broker, proxy, disks } = parts;
    this.disks = disks;
    this.#folder = folder;
    this.#databaseUrl = parts.databaseUrl;
    this.broker = broker;
    this.proxy = proxy;
    const agentMain = join(import.meta.dirname, 'journal-agent.ts');
    this.agent = new Victim([agentMain, join(folder, 'agent.json'), this.journalFile]);
    const gatewayMain = [join(root, 'gateway/main.ts'), '--config', join(folder, 'gateway.json')];
    this.gateways = [new Victim(gatewayMain), new Victim(gatewayMain)];
  }

  get journalFile(): string {
    return join(this.#folder, 'journal.ndjson');
  }

  get journal(): JournalLine[] {
    if (!existsSync(this.journalFile)) return [];
    return readFileSync(this.journalFile, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as JournalLine);
  }

  /** Closed intervals by their keys; of a key that was said twice, the last: the first was not committed. */
  get closed(): Map<string, ClosedInterval> {
    const closed = new Map<string, ClosedInterval>();
    for (const line of this.journal) {
      if (line.kind === 'closed') closed.set(`${line.epoch}/${line.sequence}`, line.interval);
    }
    return closed;
  }

  /** What the gateways have stored, in their one database. */
  async stored(): Promise<KeptRow[]> {
    if (this.#databaseUrl !== null) return readPostgresMinutes(this.#databaseUrl);
    const file = join(this.#folder, 'gateway', 'counts.sqlite');
    return existsSync(file) ? readStoredMinutes(file) : [];
  }

  /** Waits until so many more runs have begun to look. */
  async looks(runs: number): Promise<void> {
    const count = () => this.journal.filter(({ kind }) => kind === 'looks').length;
    const wanted = count() + runs;
    const until = Date.now() + startSecondsMax * 1000;
    while (count() < wanted && Date.now() < until) await sleep(100);
  }

  /** Waits until as many intervals are stored as were closed; false where that takes too long. */
  async settles(seconds: number): Promise<boolean> {
    for (const until = Date.now() + seconds * 1000; Date.now() < until; await sleep(200)) {
      if ((await this.stored()).length >= this.closed.size) return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.agent.end('SIGKILL');
    for (const gateway of this.gateways) await gateway.end('SIGKILL');
    await this.proxy.close();
    await this.broker.close();
    for (const disk of this.disks) disk.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Opens a bed on SQLite, or on an empty PostgreSQL database; agent and gateway are not started. */
export async function openKillBed(databaseUrl: string | null = null): Promise<KillBed> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-kills-'));
  const broker = await openMosquitto();
  const proxy = await openTcpProxy(broker.port);
  const busyDoor = join(folder, 'busy-door.ndjson');
  writeDoorRecording({
    file: busyDoor,
    startedAt: '2026-03-02T08:00:00Z',
    durationSeconds: 60,
    passages: Array.from({ length: 40 }, (_, at) => ({ atSeconds: 1 + 1.45 * at, direction: 'in' })),
  });
  const files = recordings.map((name) => join(root, 'tests/recordings/walks', `${name}.ndjson`));
  const sensors = [busyDoor, ...files].map((file) => ({
    sensor: basename(file, '.ndjson'),
    source: {
      kind: 'recording',
      file,
      timeline: 'live',
      loop: true,
    },
  }));
  const uplink = { url: `mqtt://127.0.0.1:${proxy.port}`, startDelaySecondsMax: 0, batchSecondsMax: 0.1 };
  const agent = {
    device: 'door-1',
    stateDir: join(folder, 'agent'),
    runDir: join(folder, 'run'),
    clock: 'trusted',
    logLevel: 'silent',
    uplink,
    sensors,
  };
  const gateway = {
    http: { port: 0 },
    broker: { kind: 'external', url: broker.url },
    dataDirectory: join(folder, 'gateway'),
    ...(databaseUrl === null ? {} : { database: { url: databaseUrl } }),
    logLevel: 'silent',
  };
  writeFileSync(join(folder, 'agent.json'), JSON.stringify(agent));
  writeFileSync(join(folder, 'gateway.json'), JSON.stringify(gateway));
  const disks = [openSmallDisk(agent.stateDir, 768), openSmallDisk(gateway.dataDirectory, 2048)];
  return new KillBed({ folder, databaseUrl, broker, proxy, disks: disks.filter((disk) => disk !== null) });
}

/** The clock that all processes of the machine share. */
function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

/**
 * Kills, lets everything run again, stops the agent as told, and waits for the last receipt. Null
 * where what was closed is not stored within `settleSeconds`.
 */
export async function soakKills(
  bed: KillBed,
  plan: { kills: number; seed: number; settleSeconds: number },
): Promise<{ times: KillTimes; settled: boolean }> {
  for (const gateway of bed.gateways) gateway.start();
  bed.agent.start();
  await bed.looks(1);
  const times = await killAtRandom(bed, plan.kills, plan.seed);
  await bed.agent.end('SIGKILL');
  times.agent.push(monotonicSeconds());
  bed.agent.start();
  for (const gateway of bed.gateways) gateway.start();
  await bed.looks(1);
  await sleep(lastLookSeconds * 1000);
  await bed.agent.end('SIGTERM');
  const agent = [...times.agent, monotonicSeconds()];
  if (await bed.settles(5)) return { times: { ...times, agent }, settled: true };
  // What the farewell could not deliver the next run does; it is killed before it closes a minute of its own.
  bed.agent.start();
  const settled = await bed.settles(plan.settleSeconds);
  await bed.agent.end('SIGKILL');
  return { times: { ...times, agent: [...agent, monotonicSeconds()] }, settled };
}

/** When the agent was killed, in seconds of the monotonic clock, to know when nobody looked. */
export interface KillTimes {
  readonly agent: number[];
  readonly gateway: number;
  readonly cuts: number;
  /** How often a disk was full. */
  readonly fills: number;
}

/** A program lives so long between two kills; starting takes the first half second of it. */
const lifeSecondsMax = 4;
/** The last run looks for so long before it is stopped as told. */
const lastLookSeconds = 5;
/** A start takes a second; on a busy machine some. */
const startSecondsMax = 30;

/** Kills agent and gateway at random, `kills` times together, and cuts the network in between. */
export async function killAtRandom(bed: KillBed, kills: number, seed: number): Promise<KillTimes> {
  const draw = new SeededRandom(seed, 'kills');
  const agentKills: number[] = [];
  let [gateway, cuts, fills] = [0, 0, 0];
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(draw.between(0.05, lifeSecondsMax) * 1000);
    if (draw.chance(0.2)) {
      bed.proxy.cut();
      cuts += 1;
    } else bed.proxy.mend();
    for (const disk of bed.disks) {
      disk.clear();
      if (!draw.chance(0.1)) continue;
      disk.fill();
      fills += 1;
    }
    if (draw.chance(0.5)) {
      // One time in four it may close its minute, so that there are more than one a minute.
      const graceful = draw.chance(0.25);
      await bed.agent.end(graceful ? 'SIGTERM' : 'SIGKILL');
      agentKills.push(monotonicSeconds());
      bed.agent.start();
    } else {
      const victim = draw.pick(bed.gateways);
      await victim.end('SIGKILL');
      gateway += 1;
      victim.start();
    }
    bed.agent.start();
    for (const other of bed.gateways) other.start();
  }
  for (const disk of bed.disks) disk.clear();
  bed.proxy.mend();
  return { agent: agentKills, gateway, cuts, fills };
}

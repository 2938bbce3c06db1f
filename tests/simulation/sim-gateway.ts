import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DeviceRoll } from '../../gateway/ingest/device-roll.ts';
import { Ingest } from '../../gateway/ingest/ingest.ts';
import { Intake } from '../../gateway/ingest/intake.ts';
import { type IntakeCounters, newIntakeCounters } from '../../gateway/ingest/intake-counters.ts';
import { RunningTotals } from '../../gateway/ingest/running-totals.ts';
import type { CountStore } from '../../gateway/store/count-store.ts';
import { openSqliteCountStore } from '../../gateway/store/sqlite/sqlite-count-store.ts';
import type { Broker } from './broker.ts';
import { CommitWatch } from './commit-watch.ts';
import { GatewayLink } from './gateway-link.ts';
import type { Sabotage } from './sabotage.ts';
import { SimCountStore } from './sim-count-store.ts';
import { copyFolder, cutDuring, markBefore } from './sim-disk.ts';
import { epochSecondsAtStart, SimProcess } from './sim-process.ts';
import type { Random, Timeline } from './timeline.ts';

const databaseName = 'counts.sqlite';

export interface SimGatewayParts {
  readonly name: string;
  readonly timeline: Timeline;
  readonly broker: Broker;
  readonly random: Random;
  readonly folder: string;
  /** Whether the broker keeps messages for a gateway that is away. */
  readonly persistentSession: boolean;
  readonly sabotage: Sabotage;
  readonly violated: (violation: string) => void;
  readonly trace: (line: string) => void;
}

interface Run {
  readonly process: SimProcess;
  readonly link: GatewayLink;
  readonly counters: IntakeCounters;
  inner: CountStore | null;
  surviving: () => string;
}

/** The gateway's path from message to receipt, as `openGateway` wires it, on a machine that can die. */
export class SimGateway {
  readonly #parts: SimGatewayParts;
  readonly #runs: Run[] = [];
  #folder: string;
  readonly #commits = new CommitWatch();
  #copies = 0;
  #cutsNextWrite: (() => void) | null = null;
  #pauseSeconds: number | null = null;
  storageFull = false;
  /** What a device had announced may be forgotten. */
  wasRestored = false;
  /** The newest sequence of each epoch that a device has said and the store has taken. */
  readonly announced = new Map<string, number>();

  constructor(parts: SimGatewayParts) {
    this.#parts = parts;
    this.#folder = this.#newFolder('data');
    mkdirSync(this.#folder, { recursive: true });
  }

  get file(): string {
    return join(this.#folder, databaseName);
  }

  get isRunning(): boolean {
    return this.#runs.at(-1)?.process.alive ?? false;
  }

  /** The store of the run, for those who ask at the end. */
  get store(): CountStore | null {
    return this.#runs.at(-1)?.inner ?? null;
  }

  start(): void {
    if (this.isRunning) return;
    const { name, broker, timeline, persistentSession } = this.#parts;
    const process = new SimProcess(name, () => this.#died(run));
    const link = new GatewayLink({
      process,
      broker,
      timeline,
      persistent: persistentSession,
      said: (payload) => this.#commits.said(payload),
    });
    const run: Run = {
      process,
      link,
      counters: newIntakeCounters(),
      inner: null,
      surviving: () => this.#folder,
    };
    this.#runs.push(run);
    void this.#open(run);
  }

  crashAt(awaits: number, pauseSeconds: number): void {
    this.#pauseSeconds = pauseSeconds;
    this.#runs.at(-1)?.process.doom(awaits);
  }

  /** What was to go wrong at the next occasion does not. */
  pardon(): void {
    this.#runs.at(-1)?.process.pardon();
    this.#cutsNextWrite = null;
  }

  kill(): void {
    this.#runs.at(-1)?.process.kill();
  }

  cutPowerDuringNextWrite(then: () => void): void {
    this.#cutsNextWrite = then;
  }

  /** A copy of the files as a backup takes it. */
  backUp(): string {
    const folder = this.#newFolder('backup');
    copyFolder(this.#folder, folder);
    return folder;
  }

  /** Puts a backup back, under a new store id as a restore does. The gateway must not run. */
  restore(backup: string): void {
    this.announced.clear();
    this.wasRestored = true;
    this.#folder = this.#newFolder('data');
    copyFolder(backup, this.#folder);
    const database = new Database(this.file);
    database.exec('DELETE FROM store');
    database.close();
  }

  async release(): Promise<void> {
    for (const run of this.#runs) await run.inner?.close();
  }

  async #open(run: Run): Promise<void> {
    const { sabotage, violated, trace } = this.#parts;
    const now = () => Math.round((epochSecondsAtStart + this.#parts.timeline.nowSeconds) * 1000);
    const { process, link, counters } = run;
    try {
      run.inner = await openSqliteCountStore(this.file);
      const sabotaged = sabotage.store?.(run.inner, this.#folder);
      if (sabotaged !== undefined) run.surviving = () => sabotaged.survivingFolder();
      const store = new SimCountStore({
        inner: sabotaged ?? run.inner,
        process,
        isFull: () => this.storageFull,
        announced: (epoch, sequence) =>
          this.announced.set(epoch, Math.max(sequence, this.announced.get(epoch) ?? 0)),
        cutsPower: (write) => this.#cutsPowerDuring(run, write),
      });
      const alarm = { paused: () => {}, resumed: () => {}, failed: this.#bug };
      const intake = new Intake({ now, counters, alarm });
      for (const fault of this.#commits.compare(run.inner.id, await run.inner.readAccounts()))
        violated(fault);
      const { devices } = await store.readDirectory();
      const roll = new DeviceRoll({
        policy: 'open',
        enrolled: [],
        seen: devices.map(({ device }) => device),
      });
      const observer = {
        committed: () => {},
        totalsRan: () => {},
        poison: (entry: { reason: string; detail: string }) =>
          trace(`gateway: poison ${entry.reason} ${entry.detail}`),
        receiptFailed: () => {},
        overlapping: () => {},
        statusTaken: () => {},
      };
      const running = new RunningTotals();
      await new Ingest({ store, link, intake, roll, running, counters, observer, now }).start();
    } catch (cause) {
      if (process.alive) violated(`the gateway does not start: ${(cause as Error).stack}`);
    }
  }

  readonly #bug = (cause: unknown) => {
    this.#parts.violated(`a message could not be stored: ${(cause as Error).stack}`);
  };

  async #cutsPowerDuring(run: Run, write: () => Promise<unknown>): Promise<boolean> {
    const then = this.#cutsNextWrite;
    if (then === null) {
      await write();
      return false;
    }
    this.#cutsNextWrite = null;
    const mark = markBefore(this.#folder, this.#newFolder('torn'));
    await write();
    cutDuring(mark, databaseName, this.#parts.random);
    this.#parts.trace('gateway: the power goes in the middle of a commit');
    run.process.kill();
    this.#folder = mark.copy;
    then();
    return true;
  }

  #died(run: Run): void {
    this.#parts.trace('gateway: dies');
    run.link.drop(false);
    if (this.#pauseSeconds !== null) this.#parts.timeline.after(this.#pauseSeconds, () => this.start());
    this.#pauseSeconds = null;
    const folder = this.#newFolder('data');
    copyFolder(run.surviving(), folder);
    this.#folder = folder;
  }

  #newFolder(kind: string): string {
    this.#copies += 1;
    return join(this.#parts.folder, `${this.#parts.name}-${kind}-${this.#copies}`);
  }
}

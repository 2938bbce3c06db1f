import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Agent } from '../../edge-agent/agent.ts';
import type { AgentConfig } from '../../edge-agent/config.ts';
import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import { intervalOrigin } from '../../edge-agent/outbox/interval-origin.ts';
import {
  type OpenedOutbox,
  openSqliteOutbox,
  type SqliteOutboxOptions,
} from '../../edge-agent/outbox/open-sqlite-outbox.ts';
import type { IntervalPlaceInBoot, Outbox } from '../../edge-agent/outbox/outbox.ts';
import type { CountBatch } from '../../gateway/contract/count-batch.ts';
import type { DeviceStatus } from '../../gateway/contract/device-status.ts';
import { intervalHash } from '../../gateway/ingest/interval-hash.ts';
import { AgentLink } from './agent-link.ts';
import type { Broker } from './broker.ts';
import { JournalOutbox } from './journal-outbox.ts';
import {
  type Card,
  type ClosedRecord,
  DeviceLedger,
  type Excuse,
  type HeldRecord,
  type LookedSpan,
} from './ledger.ts';
import { ReceiptWatch } from './receipt-watch.ts';
import type { Sabotage } from './sabotage.ts';
import { copyFolder, cutDuring, markBefore, type PageFault, tearPage } from './sim-disk.ts';
import { blindSeconds, SimDoor } from './sim-door.ts';
import { hex, Machine, processClock, SimProcess } from './sim-process.ts';
import type { Random, Timeline } from './timeline.ts';

const outboxName = 'outbox.db';

export interface SimDeviceParts {
  readonly name: string;
  readonly timeline: Timeline;
  readonly broker: Broker;
  readonly random: Random;
  readonly folder: string;
  readonly sabotage: Sabotage;
  readonly grainSeconds: number;
  readonly capacityDays: number;
  readonly backfillOrder: 'newest-first' | 'oldest-first';
  /** The newest sequence of an epoch that the gateway has heard of. */
  readonly announced: (epoch: string) => number;
  readonly violated: (violation: string) => void;
  readonly trace: (line: string) => void;
}

/** One run of the agent. */
interface Run {
  readonly process: SimProcess;
  readonly link: AgentLink;
  readonly span: LookedSpan;
  outbox: Outbox | null;
  agent: Agent | null;
  /** Told to stop: from then on nobody looks, however long the farewell takes. */
  stopping: boolean;
}

/** A machine at a door with its card, its tmpfs and, while it has power, a run of the agent. */
export class SimDevice {
  readonly ledger: DeviceLedger;
  readonly #parts: SimDeviceParts;
  readonly #runs: Run[] = [];
  #machineId: string;
  #machine: Machine | null = null;
  #card: Card;
  #runFolder = '';
  #copies = 0;
  #cutsNextWrite: (() => void) | null = null;
  #cardFull = false;
  #pauseSeconds = 1;
  #unwrittenSinceSeconds: number | null = null;
  #grainSeconds: number;

  constructor(parts: SimDeviceParts) {
    this.#parts = parts;
    this.#grainSeconds = parts.grainSeconds;
    this.#machineId = hex(parts.random, 32);
    this.ledger = new DeviceLedger(parts.name);
    this.#card = { folder: this.#newFolder('card'), held: [], torn: false };
    mkdirSync(this.#card.folder, { recursive: true });
  }

  get name(): string {
    return this.#parts.name;
  }

  get machine(): Machine | null {
    return this.#machine;
  }

  get agent(): Agent | null {
    return this.#runs.at(-1)?.agent ?? null;
  }

  get hasPower(): boolean {
    return this.#machine !== null;
  }

  /** Power comes: a machine without a clock of its own believes in some past. */
  powerOn(wallErrorSeconds: number): void {
    if (this.#machine !== null) return;
    const { timeline, random } = this.#parts;
    this.#machine = new Machine(timeline, {
      bootId: `${hex(random, 8)}-${hex(random, 4)}`,
      wallErrorSeconds,
      vouches: false,
      grainSeconds: this.#grainSeconds,
    });
    this.#runFolder = this.#newFolder('run');
    this.start();
  }

  /** How busy the machine is from now on. */
  setGrain(seconds: number): void {
    this.#grainSeconds = seconds;
    if (this.#machine !== null) this.#machine.grainSeconds = seconds;
  }

  /** Starts the agent, if it does not run. */
  start(): void {
    const machine = this.#machine;
    if (machine === null || this.#runs.at(-1)?.process.alive) return;
    const { name, broker, random, timeline } = this.#parts;
    const process = new SimProcess(name, () => this.#died(run));
    const watch = new ReceiptWatch(this.#parts.violated);
    const link = new AgentLink({
      device: name,
      process,
      machine,
      broker,
      random,
      heard: (event) => watch.heard(event),
      said: (message) => {
        watch.said(message);
        if (message.topic.endsWith('/counts')) this.#noteSent(message.payload);
        if (message.topic.endsWith('/status')) this.#noteStatus(message.payload);
      },
    });
    const looksFrom = Math.max(timeline.nowSeconds, machine.bootedAtSeconds + blindSeconds);
    const span: LookedSpan = { fromSeconds: looksFrom, toSeconds: looksFrom, end: 'running' };
    const run: Run = { process, link, span, outbox: null, agent: null, stopping: false };
    this.#runs.push(run);
    this.ledger.looked.push(span);
    void this.#open(run, machine);
  }

  /** The agent will die at the n-th await from now, its files as they are then, and be started again. */
  crashAt(awaits: number, pauseSeconds: number): void {
    this.#pauseSeconds = pauseSeconds;
    this.#runs.at(-1)?.process.doom(awaits);
  }

  /** The agent stops as told, and closes its running minute. */
  async stop(): Promise<void> {
    const run = this.#runs.at(-1);
    if (run === undefined || !run.process.alive || run.agent === null || run.stopping) return;
    run.stopping = true;
    run.span.toSeconds = this.#parts.timeline.nowSeconds;
    try {
      await run.agent.close();
    } catch (cause) {
      if (run.process.alive) throw cause;
      return;
    }
    run.span.end = 'closed';
    run.process.alive = false;
  }

  /** The power goes in the middle of the next write to the card; `then` runs after that. */
  cutPowerDuringNextWrite(then: () => void): void {
    if (this.#machine !== null) this.#cutsNextWrite = then;
  }

  cutPower(): void {
    const machine = this.#machine;
    if (machine === null) return;
    const { timeline } = this.#parts;
    this.#cutsNextWrite = null;
    this.#machine = null;
    const now = timeline.nowSeconds;
    this.ledger.powerCuts.push({
      atSeconds: now,
      unwrittenSinceSeconds: this.#unwrittenSinceSeconds ?? now,
    });
    const run = this.#runs.at(-1);
    if (run?.process.alive) {
      run.process.kill();
      run.span.end = 'power-cut';
    }
  }

  /** What was to go wrong at the next occasion does not. */
  pardon(): void {
    this.#runs.at(-1)?.process.pardon();
    this.#cutsNextWrite = null;
  }

  set cardFull(full: boolean) {
    this.#cardFull = full;
    if (full) this.#unwrittenSinceSeconds ??= this.#parts.timeline.nowSeconds;
  }

  /** A copy of the card as it is now; only while there is no power. */
  copyCard(): Card {
    const folder = this.#newFolder('copy');
    copyFolder(this.#card.folder, folder);
    return { folder, held: [...this.#card.held], torn: this.#card.torn };
  }

  /** Puts another card in and returns the old one; what only that one held is gone until it comes back. */
  changeCard(card: Card): Card {
    const old = this.#card;
    const kept = new Set(card.held.map(({ record }) => record));
    for (const { record } of card.held) if (record.excuse === 'card-replaced') record.excuse = null;
    for (const each of old.held) if (!kept.has(each.record)) this.#excuse(each, 'card-replaced');
    this.#card = { folder: this.#newFolder('card'), held: [...card.held], torn: card.torn };
    copyFolder(card.folder, this.#card.folder);
    return old;
  }

  /** Another machine takes the place of this one, with its card. */
  changeMachine(): void {
    this.#machineId = hex(this.#parts.random, 32);
  }

  /** A dying card tears a page of the outbox; only while there is no power. */
  tear(fault: PageFault): void {
    const file = join(this.#card.folder, outboxName);
    const log = `${file}-wal`;
    this.#card.torn = true;
    tearPage(this.#parts.random() < 0.3 ? log : file, fault, this.#parts.random);
  }

  /** Closes what dead runs left open in this process. */
  release(): void {
    for (const run of this.#runs) {
      try {
        if (!run.process.alive) run.outbox?.close();
      } catch {
        // A file that was full or damaged may not close well; nobody needs it any more.
      }
    }
  }

  async #open(run: Run, machine: Machine): Promise<void> {
    const { random, sabotage, violated, trace } = this.#parts;
    const { process } = run;
    const clock = processClock(process, machine);
    try {
      run.agent = await openAgent({
        config: this.#config(),
        logger: this.#logger(process),
        clock,
        random,
        link: sabotage.agentLink?.(run.link) ?? run.link,
        machineId: this.#machineId,
        openSensor: async () => new SimDoor({ process, machine, random, ledger: this.ledger }),
        openOutbox: (options, knownDamaged) => this.#openOutbox({ run, machine, knownDamaged }, options),
      });
    } catch (cause) {
      if (!process.alive) return;
      trace(`${this.name}: does not start: ${(cause as Error).message}`);
      run.span.toSeconds = run.span.fromSeconds;
      process.alive = false;
      if ((cause as { code?: unknown }).code !== 'disk-full')
        violated(`${this.name} does not start: ${cause}`);
    }
  }

  /** A program that logs `fatal` has stopped doing its work. */
  #logger(process: SimProcess) {
    const write = (line: string) => {
      if (process.alive) this.#parts.violated(`${this.name} says ${line.trim()}`);
    };
    return pino({ level: 'fatal', base: null, timestamp: false }, { write });
  }

  #openOutbox(
    at: { run: Run; machine: Machine; knownDamaged: boolean | undefined },
    options: SqliteOutboxOptions,
  ): OpenedOutbox {
    const { run, machine } = at;
    const { sabotage, random, trace } = this.#parts;
    const randomEpoch = sabotage.randomEpoch ?? (() => hex(random, 16));
    const opened = openSqliteOutbox({ ...options, randomEpoch }, at.knownDamaged);
    const inner = sabotage.outbox?.(opened.outbox) ?? opened.outbox;
    run.outbox = inner;
    if (opened.damaged !== null) {
      trace(
        `${this.name}: the damaged outbox is set aside, ${opened.damaged.savedIntervals} intervals saved`,
      );
      this.#keepOnly(savedKeys(inner));
    }
    // A torn log ends where it is torn, and SQLite goes on with the file as it was before.
    if (this.#card.torn) this.#keepOnly(savedKeys(inner));
    else this.#mustRemember(inner.state.epoch, inner.state.lastSequence);
    this.#card.torn = false;
    const outbox = new JournalOutbox({
      inner,
      process: run.process,
      cardIsFull: () => this.#cardFull,
      cutsPower: (write) => this.#cutsPowerDuring(write),
      closed: (intervals, epoch, first) => this.#closed(intervals, { epoch, first, machine }),
      refused: (intervals) => this.#refused(intervals, machine),
      stamped: () => this.ledger.timedBoots.add(machine.bootId),
      moved: (to, places) => this.#moved(to, places),
    });
    return { ...opened, outbox };
  }

  #cutsPowerDuring(write: () => void): boolean {
    const then = this.#cutsNextWrite;
    if (then === null) {
      write();
      return false;
    }
    const mark = markBefore(this.#card.folder, this.#newFolder('torn'));
    write();
    cutDuring(mark, outboxName, this.#parts.random);
    this.#parts.trace(`${this.name}: the power goes in the middle of a write`);
    this.cutPower();
    this.#card.folder = mark.copy;
    then();
    return true;
  }

  #closed(
    intervals: readonly ClosedInterval[],
    at: { epoch: string; first: number; machine: Machine },
  ): void {
    this.#unwrittenSinceSeconds = null;
    for (const [position, interval] of intervals.entries()) {
      const key = { epoch: at.epoch, sequence: at.first + position };
      const { place, sensor } = interval;
      const birth = { ...key, boot: at.machine.bootId, sensor, atMs: Math.round(place.atSeconds * 1000) };
      const record: ClosedRecord = {
        device: this.name,
        interval,
        boot: at.machine.bootId,
        fromSeconds: place.atSeconds + at.machine.bootedAtSeconds,
        origin: intervalOrigin(birth),
        keys: new Set([`${key.epoch}/${key.sequence}`]),
        said: false,
        excuse: null,
        announced: false,
      };
      this.ledger.records.push(record);
      this.#card.held.push({ ...key, record });
    }
  }

  #excuse({ record, epoch, sequence }: HeldRecord, excuse: Excuse): void {
    if (record.excuse !== null) return;
    record.excuse = excuse;
    record.announced = record.said && sequence <= this.#parts.announced(epoch);
  }

  /** What a stored interval is can be told by its key and hash afterwards. */
  #noteSent(payload: string): void {
    const { epoch, intervals } = JSON.parse(payload) as CountBatch;
    for (const interval of intervals) {
      const key = `${epoch}/${interval.sequence}/${intervalHash(interval)}`;
      this.ledger.sent.set(key, interval.origin ?? 'none');
    }
    this.#noteSaid(epoch, Math.max(...intervals.map(({ sequence }) => sequence)));
  }

  #noteStatus(payload: string): void {
    const { epoch, health } = JSON.parse(payload) as DeviceStatus;
    this.#noteSaid(epoch, health.lastSequence ?? 0);
  }

  /** A gateway that hears of a sequence knows of all before it. */
  #noteSaid(epoch: string, last: number): void {
    for (const held of this.#card.held) {
      if (held.epoch === epoch && held.sequence <= last) held.record.said = true;
    }
  }

  /** A sound card forgets nothing. */
  #mustRemember(epoch: string, lastSequence: number): void {
    const isForgotten = (held: HeldRecord) => held.epoch === epoch && held.sequence > lastSequence;
    const forgotten = this.#card.held.filter(isForgotten);
    if (forgotten.length > 0) this.#parts.violated(`${this.name} forgets ${forgotten.length} intervals`);
  }

  /** The card was torn: what was not saved from it may be gone. */
  #keepOnly(saved: ReadonlySet<string>): void {
    const isSaved = (held: HeldRecord) => saved.has(`${held.epoch}/${held.sequence}`);
    for (const held of this.#card.held) if (!isSaved(held)) this.#excuse(held, 'card-damaged');
    this.#card.held = this.#card.held.filter(isSaved);
  }

  #refused(intervals: readonly ClosedInterval[], machine: Machine): void {
    for (const { place, durationSeconds } of intervals) {
      const fromSeconds = place.atSeconds + machine.bootedAtSeconds;
      this.ledger.refused.push({ fromSeconds, toSeconds: fromSeconds + durationSeconds });
    }
  }

  #moved(to: string, places: readonly IntervalPlaceInBoot[]): void {
    const placeOf = (boot: string, atMs: number) => `${boot} ${atMs}`;
    const moved = new Map(places.map(({ boot, atMs, sequence }) => [placeOf(boot, atMs), sequence]));
    this.#parts.trace(`${this.name}: another copy of the card was in use, ${places.length} get new keys`);
    this.#card.held = this.#card.held.map((held) => {
      const { boot, interval } = held.record;
      const sequence = moved.get(placeOf(boot, Math.round(interval.place.atSeconds * 1000)));
      if (sequence === undefined) return held;
      held.record.keys.add(`${to}/${sequence}`);
      return { record: held.record, epoch: to, sequence };
    });
  }

  /** The process is gone; card and tmpfs are as they were, and its code cannot touch them any more. */
  #died(run: Run): void {
    const { timeline, trace } = this.#parts;
    run.span.toSeconds = Math.max(run.span.fromSeconds, timeline.nowSeconds);
    run.span.end = 'crash';
    trace(`${this.name}: the agent dies`);
    run.link.drop(this.#machine === null);
    const card = this.#newFolder('card');
    copyFolder(this.#card.folder, card);
    this.#card.folder = card;
    if (this.#machine === null) return;
    const left = this.#newFolder('run');
    copyFolder(this.#runFolder, left);
    this.#runFolder = left;
    timeline.after(this.#pauseSeconds, () => this.start());
  }

  #config(): AgentConfig {
    const { name, capacityDays, backfillOrder } = this.#parts;
    return {
      device: name,
      stateDir: this.#card.folder,
      runDir: this.#runFolder,
      clock: 'system',
      logLevel: 'silent',
      outbox: { capacityDays, deliveredDays: 35 },
      sensors: [{ sensor: 'door', source: { kind: 'recording', file: 'simulated' } }],
      uplink: {
        url: 'mqtt://simulated',
        protocol: 'auto',
        keepaliveSeconds: 30,
        startDelaySecondsMax: 5,
        backfillOrder,
        backfillIntervalsPerSecond: 50,
        batchSecondsMax: 1,
      },
    };
  }

  #newFolder(kind: string): string {
    this.#copies += 1;
    return join(this.#parts.folder, `${this.name}-${kind}-${this.#copies}`);
  }
}

/** The keys of what an outbox holds undelivered. Unstamped ones are not told of; nobody asks for them here. */
function savedKeys(outbox: Outbox): ReadonlySet<string> {
  const everything = { above: 0, below: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER };
  const saved = new Set<string>();
  for (const { epoch, lastSequence } of outbox.epochs()) {
    // Across a gap an outbox tells no more: ask on behind it.
    for (let above = 0; above < lastSequence; ) {
      const query = { ...everything, above, epoch, order: 'oldest-first', except: () => false } as const;
      const found = outbox.pending(query);
      for (const { sequence } of found) saved.add(`${epoch}/${sequence}`);
      above = found.at(-1)?.sequence ?? lastSequence;
    }
  }
  return saved;
}

import type Database from 'better-sqlite3';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import type { ClosedInterval } from '../interval/closed-interval.ts';
import {
  type Accounted,
  accountedBy,
  covers,
  greaterOf,
  highestAccounted,
  nothingAccounted,
  openRanges,
} from './accounted-ranges.ts';
import { fromRow, type IntervalRow, type RowSource, rowSource, toRow } from './interval-row.ts';
import type { SqliteOutboxOptions } from './open-sqlite-outbox.ts';
import {
  type EpochReason,
  type HeldEpoch,
  type Outbox,
  OutboxError,
  type OutboxState,
  type PendingQuery,
  type ReceiptOutcome,
} from './outbox.ts';

/**
 * The gateway's word is written down with every so many minutes: after a restart `resume` asks for
 * it anyway, so an older one costs nothing, and each write costs a page of the card.
 */
const appendsPerNote = 15;

/** Delivered rows deleted in one transaction: as many as five sensors close in three hours. */
const prunedRowsMax = 1000;

/** One epoch in memory. */
interface Epoch {
  readonly id: number;
  readonly epoch: string;
  readonly reason: EpochReason;
  readonly own: boolean;
  accounted: Accounted;
  unverifiedFrom: number | null;
  oldestHeld: number;
  lastSequence: number;
}

interface EpochRecord {
  readonly id: number;
  readonly epoch: string;
  readonly reason: EpochReason;
  readonly device: string;
  readonly accounted: string;
  readonly unverified_from: number | null;
  readonly pruned_through: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** The outbox in an SQLite file. Made by `openSqliteOutbox`. */
export class SqliteOutbox implements Outbox {
  readonly #database: Database.Database;
  readonly #options: SqliteOutboxOptions;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #sources = new Map<string, number>();
  readonly #sourcesById = new Map<number, RowSource>();
  readonly #boots = new Map<string, number>();
  #epochs: Epoch[] = [];
  #appendsSinceNote = 0;
  #refusedByFull = 0;
  #refusedByGateway = 0;

  private constructor(database: Database.Database, options: SqliteOutboxOptions) {
    this.#database = database;
    this.#options = options;
    this.#statements = prepare(database);
  }

  /** Starts a session on a sound database: reads the books, notices a cloned card. */
  static begin(database: Database.Database, options: SqliteOutboxOptions, reason: EpochReason): SqliteOutbox {
    const outbox = new SqliteOutbox(database, options);
    database.transaction(() => outbox.#begin(reason))();
    return outbox;
  }

  get state(): OutboxState {
    const { epoch, reason, lastSequence } = this.#current;
    return {
      epoch,
      epochReason: reason,
      lastSequence,
      held: this.#epochs.filter(({ own }) => own).reduce((sum, each) => sum + heldOf(each), 0),
      full: this.#rows >= this.#options.rowsMax,
      refusedByFull: this.#refusedByFull,
      refusedByGateway: this.#refusedByGateway,
    };
  }

  append(intervals: readonly ClosedInterval[], bootId: string): 'stored' | 'full' {
    if (intervals.length === 0) return 'stored';
    if (this.#rows + intervals.length > this.#options.rowsMax) {
      this.#refusedByFull += intervals.length;
      return 'full';
    }
    const epoch = this.#current;
    this.#transaction(() => {
      const boot = this.#bootId(bootId);
      for (const [at, interval] of intervals.entries()) {
        const source = this.#sourceId(rowSource(interval));
        this.#insert(epoch.id, source, boot, toRow(interval, epoch.lastSequence + 1 + at));
      }
      this.#appendsSinceNote += 1;
      if (this.#appendsSinceNote >= appendsPerNote) this.#noteAndPrune();
    });
    epoch.lastSequence += intervals.length;
    return 'stored';
  }

  stamp(bootId: string, offsetSeconds: number): number {
    const boot = this.#statements.findBoot.get(bootId) as { id: number } | undefined;
    if (boot === undefined) return 0;
    return this.#transaction(
      () => this.#statements.stamp.run(Math.round(offsetSeconds * 1000), boot.id).changes,
    );
  }

  pending(query: PendingQuery): Interval[] {
    const epoch = this.#epochs.find((each) => each.epoch === query.epoch && each.own);
    if (epoch === undefined) return [];
    const from = Math.max(query.above + 1, epoch.oldestHeld);
    const ranges = openRanges(epoch.accounted, from, Math.min(query.below - 1, epoch.lastSequence));
    const newestFirst = query.order === 'newest-first';
    if (newestFirst) ranges.reverse();
    const statement = newestFirst ? this.#statements.pendingNewest : this.#statements.pendingOldest;
    const found: Interval[] = [];
    for (const [low, high] of ranges) {
      for (const row of statement.iterate(epoch.id, low, high) as Iterable<
        IntervalRow & { source: number }
      >) {
        if (query.except(row.sequence)) continue;
        found.push(fromRow(row, this.#sourceOf(row.source)));
        if (found.length >= query.limit) return found;
      }
    }
    return found;
  }

  epochs(): readonly HeldEpoch[] {
    return this.#epochs
      .filter((epoch) => epoch.own && (epoch === this.#current || heldOf(epoch) > 0))
      .map((epoch) => ({
        epoch: epoch.epoch,
        oldestHeld: epoch.oldestHeld,
        lastSequence: epoch.lastSequence,
        through: epoch.accounted.through,
        verified: epoch.unverifiedFrom === null,
      }));
  }

  accept(receipt: Receipt, isAnswer: boolean): ReceiptOutcome {
    const epoch = this.#epochs.find((each) => each.epoch === receipt.epoch && each.own);
    if (epoch === undefined) return 'foreign';
    const told = accountedBy(receipt);
    const unsentFrom = epoch.unverifiedFrom ?? epoch.lastSequence + 1;
    if (highestAccounted(told) >= unsentFrom) {
      this.#openAnew(epoch, unsentFrom);
      return 'restored';
    }
    const before = epoch.accounted;
    const sameStore = before.store === told.store;
    epoch.accounted = sameStore && !isAnswer ? greaterOf(before, told) : told;
    this.#countRefusals(receipt, before);
    const verifies = isAnswer && epoch.unverifiedFrom !== null;
    if (verifies) epoch.unverifiedFrom = null;
    if (verifies || !sameStore) this.#transaction(() => this.#note(epoch));
    return covers(epoch.accounted, before) ? 'taken' : 'rewound';
  }

  close(): void {
    if (!this.#database.open) return;
    try {
      this.#transaction(() => {
        for (const epoch of this.#epochs) this.#note(epoch);
      });
    } finally {
      this.#database.close();
    }
  }

  /** The sensor times of rows appended to `epoch` after `sequence`: for a minute written down before. */
  placesAfter(epoch: string, sequence: number): { sensor: string; boot: string; atMs: number }[] {
    const rows = this.#statements.placesAfter.all(epoch, sequence) as {
      source: number;
      boot: string;
      atMs: number;
    }[];
    return rows.map(({ source, boot, atMs }) => ({ sensor: this.#sourceOf(source).sensor, boot, atMs }));
  }

  get #current(): Epoch {
    return this.#epochs[this.#epochs.length - 1]!;
  }

  get #rows(): number {
    return this.#epochs.reduce((sum, epoch) => sum + epoch.lastSequence - epoch.oldestHeld + 1, 0);
  }

  #begin(reason: EpochReason): void {
    const { machineId } = this.#options;
    for (const record of this.#statements.epochs.all() as EpochRecord[])
      this.#epochs.push(this.#read(record));
    for (const row of this.#statements.sources.all() as { id: number; source: string }[]) {
      this.#sources.set(row.source, row.id);
      this.#sourcesById.set(row.id, JSON.parse(row.source) as RowSource);
    }
    const noted = this.#statements.readNote.pluck().get('machine-id') as string | undefined;
    const elsewhere = machineId !== null && noted !== undefined && noted !== machineId;
    if (this.#epochs.length === 0) this.#openEpoch(reason);
    else if (elsewhere || !this.#current.own) this.#openEpoch('cloned');
    if (machineId !== null && noted !== machineId) this.#statements.writeNote.run('machine-id', machineId);
    const current = this.#current;
    if (current.unverifiedFrom === null) {
      current.unverifiedFrom = current.lastSequence + 1;
      this.#note(current);
    }
  }

  #read(record: EpochRecord): Epoch {
    const lastSequence = Math.max(record.pruned_through, record.last ?? 0);
    return {
      id: record.id,
      epoch: record.epoch,
      reason: record.reason,
      own: record.device === this.#options.device,
      accounted: JSON.parse(record.accounted) as Accounted,
      unverifiedFrom: record.unverified_from,
      oldestHeld: record.first ?? lastSequence + 1,
      lastSequence,
    };
  }

  #openEpoch(reason: EpochReason): Epoch {
    const epoch = this.#options.randomEpoch();
    const accounted = JSON.stringify(nothingAccounted);
    const { lastInsertRowid } = this.#statements.openEpoch.run(
      epoch,
      reason,
      this.#options.device,
      accounted,
    );
    const opened = {
      id: Number(lastInsertRowid),
      epoch,
      reason,
      own: true,
      accounted: nothingAccounted,
      unverifiedFrom: 1,
      oldestHeld: 1,
      lastSequence: 0,
    };
    this.#epochs.push(opened);
    return opened;
  }

  /**
   * The gateway knows sequences that this file never sent: an older copy of it was put back. What
   * was appended since then never left, so it gets new keys in a new epoch; what is older may have
   * been sent by the file before and keeps its own.
   */
  #openAnew(old: Epoch, unsentFrom: number): void {
    this.#transaction(() => {
      const fresh = old === this.#current ? this.#openEpoch('restored') : this.#current;
      const moved = old.lastSequence - unsentFrom + 1;
      if (moved > 0) {
        this.#statements.move.run(fresh.id, fresh.lastSequence - unsentFrom + 1, old.id, unsentFrom);
        fresh.lastSequence += moved;
        old.lastSequence = unsentFrom - 1;
      }
      old.unverifiedFrom = null;
      this.#note(old);
      this.#note(fresh);
    });
  }

  #countRefusals(receipt: Receipt, before: Accounted): void {
    for (const { from, to } of receipt.refused) {
      const open = openRanges(before, from, to);
      this.#refusedByGateway += open.reduce((sum, range) => sum + range[1] - range[0] + 1, 0);
    }
  }

  #noteAndPrune(): void {
    this.#appendsSinceNote = 0;
    for (const epoch of this.#epochs) {
      this.#prune(epoch);
      this.#note(epoch);
    }
  }

  /** Deletes what was delivered long ago: a prefix, so that `oldestHeld` says it all. */
  #prune(epoch: Epoch): void {
    const newestMs = this.#statements.newestStart.pluck().get() as number | null;
    if (newestMs === null) return;
    const heldBackFrom = epoch.accounted.heldBack[0]?.[0] ?? Number.MAX_SAFE_INTEGER;
    const through = Math.min(epoch.accounted.through, heldBackFrom - 1, epoch.oldestHeld + prunedRowsMax - 1);
    const cutoffMs = newestMs - this.#options.deliveredDays * 86_400_000;
    const firstKept = this.#statements.firstKept.pluck().get(epoch.id, epoch.oldestHeld, through, cutoffMs) as
      | number
      | null;
    const prunedThrough = Math.min(firstKept === null ? through : firstKept - 1, epoch.lastSequence);
    if (prunedThrough < epoch.oldestHeld) return;
    this.#statements.prune.run(epoch.id, prunedThrough);
    epoch.oldestHeld = prunedThrough + 1;
  }

  #note(epoch: Epoch): void {
    const accounted = JSON.stringify(epoch.accounted);
    this.#statements.noteEpoch.run(accounted, epoch.unverifiedFrom, epoch.oldestHeld - 1, epoch.id);
  }

  #insert(epoch: number, source: number, boot: number, row: IntervalRow): void {
    this.#statements.insert.run({ ...row, epoch, source, boot });
  }

  #sourceId(source: RowSource): number {
    const text = JSON.stringify(source);
    const known = this.#sources.get(text);
    if (known !== undefined) return known;
    const id = Number(this.#statements.addSource.run(text).lastInsertRowid);
    this.#sources.set(text, id);
    this.#sourcesById.set(id, source);
    return id;
  }

  #sourceOf(id: number): RowSource {
    const source = this.#sourcesById.get(id);
    if (source === undefined) throw new OutboxError('damaged', `${this.#options.file}: no source ${id}`);
    return source;
  }

  #bootId(boot: string): number {
    const known = this.#boots.get(boot);
    if (known !== undefined) return known;
    this.#statements.addBoot.run(boot);
    const { id } = this.#statements.findBoot.get(boot) as { id: number };
    this.#boots.set(boot, id);
    return id;
  }

  #transaction<Result>(work: () => Result): Result {
    try {
      return this.#database.transaction(work)();
    } catch (cause) {
      // What was learned within the transaction is not in the file.
      this.#forget();
      if (cause instanceof OutboxError) throw cause;
      throw outboxFault(cause, this.#options.file);
    }
  }

  #forget(): void {
    this.#sources.clear();
    this.#boots.clear();
    if (!this.#database.open) return;
    for (const row of this.#statements.sources.all() as { id: number; source: string }[]) {
      this.#sources.set(row.source, row.id);
    }
  }
}

/** Intervals of an epoch that are not accounted for. */
function heldOf(epoch: Epoch): number {
  return openRanges(epoch.accounted, epoch.oldestHeld, epoch.lastSequence).reduce(
    (sum, [from, to]) => sum + to - from + 1,
    0,
  );
}

const rowColumns = `sequence, source, at_ms AS atMs, start_ms AS startMs, duration_ms AS durationMs,
  coverage_ms AS coverageMs, flags, synced, numbers`;

function prepare(database: Database.Database) {
  const pending = (order: 'ASC' | 'DESC') =>
    database.prepare(`SELECT ${rowColumns} FROM interval
      WHERE epoch = ? AND sequence BETWEEN ? AND ? AND start_ms IS NOT NULL ORDER BY sequence ${order}`);
  return {
    insert: database.prepare(`INSERT INTO interval VALUES (@epoch, @sequence, @source, @boot, @atMs, @startMs,
      @durationMs, @coverageMs, @flags, @synced, @numbers)`),
    stamp: database.prepare('UPDATE interval SET start_ms = at_ms + ? WHERE boot = ? AND start_ms IS NULL'),
    pendingOldest: pending('ASC'),
    pendingNewest: pending('DESC'),
    epochs: database.prepare(`SELECT epoch.*,
      (SELECT min(sequence) FROM interval WHERE interval.epoch = epoch.id) AS first,
      (SELECT max(sequence) FROM interval WHERE interval.epoch = epoch.id) AS last
      FROM epoch ORDER BY id`),
    openEpoch: database.prepare(
      'INSERT INTO epoch (epoch, reason, device, accounted, unverified_from) VALUES (?, ?, ?, ?, 1)',
    ),
    noteEpoch: database.prepare(
      'UPDATE epoch SET accounted = ?, unverified_from = ?, pruned_through = ? WHERE id = ?',
    ),
    move: database.prepare(
      'UPDATE interval SET epoch = ?, sequence = sequence + ? WHERE epoch = ? AND sequence >= ?',
    ),
    newestStart: database.prepare(
      'SELECT max(start_ms) FROM (SELECT start_ms FROM interval ORDER BY epoch DESC, sequence DESC LIMIT 60)',
    ),
    firstKept: database.prepare(`SELECT min(sequence) FROM interval
      WHERE epoch = ? AND sequence BETWEEN ? AND ? AND (start_ms IS NULL OR start_ms >= ?)`),
    prune: database.prepare('DELETE FROM interval WHERE epoch = ? AND sequence <= ?'),
    sources: database.prepare('SELECT id, source FROM source'),
    addSource: database.prepare('INSERT INTO source (source) VALUES (?)'),
    addBoot: database.prepare('INSERT INTO boot (boot) VALUES (?) ON CONFLICT DO NOTHING'),
    findBoot: database.prepare('SELECT id FROM boot WHERE boot = ?'),
    readNote: database.prepare('SELECT value FROM note WHERE name = ?'),
    writeNote: database.prepare('INSERT OR REPLACE INTO note VALUES (?, ?)'),
    placesAfter: database.prepare(`SELECT source, boot.boot AS boot, at_ms AS atMs FROM interval
      JOIN epoch ON epoch.id = interval.epoch JOIN boot ON boot.id = interval.boot
      WHERE epoch.epoch = ? AND sequence > ?`),
  };
}

/** The fault behind an error of SQLite or the file system. */
export function outboxFault(cause: unknown, file: string): OutboxError {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new OutboxError('disk-full', `${file}: no room on the card`, { cause });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new OutboxError('damaged', `${file}: damaged (${message})`, { cause });
  }
  const busy = code.startsWith('SQLITE_BUSY');
  return new OutboxError('unwritable', `${file}: ${busy ? 'another process has it open' : message}`, {
    cause,
  });
}

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
  openRanges,
} from './accounted-ranges.ts';
import type { EpochBook } from './epoch-book.ts';
import { EpochBooks } from './epoch-books.ts';
import { intervalOrigin } from './interval-origin.ts';
import { fromRow, rowChecksum, rowSource, type StoredRow, toRow } from './interval-row.ts';
import type { SqliteOutboxOptions } from './open-sqlite-outbox.ts';
import {
  type EpochReason,
  type HeldEpoch,
  type IntervalPlaceInBoot,
  type Outbox,
  OutboxError,
  type OutboxState,
  type PendingQuery,
  type ReceiptOutcome,
} from './outbox.ts';
import { outboxFault } from './outbox-fault.ts';
import { type OutboxStatements, prepareOutboxStatements } from './outbox-statements.ts';
import { placeEarlierBoots } from './place-earlier-boots.ts';
import { RowDictionary } from './row-dictionary.ts';
import type { SalvagedEpoch } from './salvage-outbox.ts';

/**
 * The gateway's word is written down with every so many minutes: after a restart `resume` asks for
 * it anyway, so an older one costs nothing, and each write costs a page of the card.
 */
const appendsPerNote = 15;

type UnplacedRow = StoredRow & { readonly epoch: number };

/** More intervals than five sensors close in a day. */
const dayRowsMax = 8_000;

/** The outbox in an SQLite file. Made by `openSqliteOutbox`. */
export class SqliteOutbox implements Outbox {
  readonly #database: Database.Database;
  readonly #options: SqliteOutboxOptions;
  readonly #statements: OutboxStatements;
  readonly #dictionary: RowDictionary;
  readonly #books: EpochBooks;
  #appendsSinceNote = 0;
  #refusedByFull = 0;
  #refusedByGateway = 0;
  #sessionFrom = { id: 0, sequence: 0 };

  constructor(database: Database.Database, options: SqliteOutboxOptions) {
    this.#database = database;
    this.#options = options;
    this.#statements = prepareOutboxStatements(database);
    this.#dictionary = new RowDictionary(this.#statements);
    this.#books = new EpochBooks(options, this.#statements, this.#dictionary);
  }

  /** Starts a session: reads the books, takes over what was saved elsewhere, notices a cloned card. */
  begin(reason: EpochReason, salvaged: readonly SalvagedEpoch[]): void {
    this.#transaction(() => {
      this.#dictionary.load();
      this.#books.load();
      for (const epoch of salvaged) this.#books.takeOver(epoch);
      this.#books.beginSession(reason);
    });
    const { id, lastSequence: sequence } = this.#books.current;
    this.#sessionFrom = { id, sequence };
  }

  get state(): OutboxState {
    const { epoch, reason, lastSequence, unverifiedFrom } = this.#books.current;
    return {
      epoch,
      epochReason: reason,
      lastSequence,
      toldSequence: unverifiedFrom === null ? lastSequence : unverifiedFrom - 1,
      held: this.#reading(() => this.#books.own.reduce((sum, book) => sum + this.#books.held(book), 0)),
      full: this.#books.rows >= this.#options.rowsMax,
      refusedByFull: this.#refusedByFull,
      refusedByGateway: this.#refusedByGateway,
    };
  }

  append(intervals: readonly ClosedInterval[], bootId: string): 'stored' | 'full' {
    if (intervals.length === 0) return 'stored';
    if (this.#books.rows + intervals.length > this.#options.rowsMax) {
      this.#refusedByFull += intervals.length;
      return 'full';
    }
    const book = this.#books.current;
    this.#transaction(() => {
      const boot = this.#dictionary.numberOfBoot(bootId);
      for (const [at, interval] of intervals.entries()) {
        const source = this.#dictionary.numberOfSource(rowSource(interval));
        const row = toRow(interval, book.lastSequence + 1 + at);
        this.#statements.insert.run({ ...row, epoch: book.id, source, boot, checksum: rowChecksum(row) });
      }
      this.#appendsSinceNote += 1;
      if (this.#appendsSinceNote < appendsPerNote) return;
      this.#appendsSinceNote = 0;
      this.#books.prune();
      this.#books.noteAll();
    });
    book.lastSequence += intervals.length;
    return 'stored';
  }

  stamp(bootId: string, offsetSeconds: number): number {
    const boot = this.#dictionary.knownBoot(bootId);
    if (boot === null) return 0;
    const offsetMs = Math.round(offsetSeconds * 1000);
    return this.#transaction(() => {
      const rows = this.#statements.unstamped.all(boot) as (StoredRow & { epoch: number })[];
      for (const row of rows) {
        const startMs = row.atMs + offsetMs;
        this.#statements.stamp.run(startMs, rowChecksum({ ...row, startMs }), row.epoch, row.sequence);
      }
      return rows.length;
    });
  }

  placeEarlier(bootId: string, offsetSeconds: number): number {
    return this.#transaction(() => {
      const present = this.#dictionary.knownBoot(bootId);
      const rows = this.#statements.unplaced.all(present) as UnplacedRow[];
      const offsets = placeEarlierBoots(rows, Math.round(offsetSeconds * 1000));
      for (const row of rows) {
        const startMs = row.atMs + offsets.get(row.boot)!;
        this.#statements.stamp.run(startMs, rowChecksum({ ...row, startMs }), row.epoch, row.sequence);
      }
      return rows.length;
    });
  }

  pending(query: PendingQuery): Interval[] {
    const book = this.#ownBook(query.epoch);
    if (book === null) return [];
    const from = Math.max(query.above + 1, book.oldestHeld);
    const ranges = openRanges(book.accounted, from, Math.min(query.below - 1, book.lastSequence));
    const newestFirst = query.order === 'newest-first';
    if (newestFirst) ranges.reverse();
    const statement = newestFirst ? this.#statements.pendingNewest : this.#statements.pendingOldest;
    return this.#reading(() => {
      const found: Interval[] = [];
      for (const [low, high] of ranges) {
        for (const row of statement.iterate(book.id, low, high) as Iterable<StoredRow>) {
          if (query.except(row.sequence)) continue;
          // Across a gap the next batch says, by its `oldestHeld`, that the gap is gone.
          if (book.gaps && found.length > 0 && row.sequence !== found.at(-1)!.sequence + 1) return found;
          found.push(this.#interval(row, book));
          if (found.length >= query.limit) return found;
        }
      }
      return found;
    });
  }

  epochs(): readonly HeldEpoch[] {
    const books = this.#books;
    return this.#reading(() =>
      books.own
        .filter((book) => book === books.current || books.isStray(book) || books.held(book) > 0)
        .map((book) => ({
          epoch: book.epoch,
          oldestHeld: book.gaps ? books.oldestPending(book) : book.oldestHeld,
          gaps: book.gaps,
          lastSequence: book.lastSequence,
          through: book.accounted.through,
          verified: book.unverifiedFrom === null && !books.isStray(book),
        })),
    );
  }

  accept(receipt: Receipt, isAnswer: boolean): ReceiptOutcome {
    const book = this.#ownBook(receipt.epoch);
    if (book === null) return 'foreign';
    const told = accountedBy(receipt);
    const before = book.accounted;
    const unsentFrom = book.unverifiedFrom ?? book.lastSequence + 1;
    // A closed epoch that is confirmed may well have gone on in the file before this older copy.
    const mayGrow = !book.gaps && (book === this.#books.current || book.unverifiedFrom !== null);
    if (mayGrow && Math.max(highestAccounted(told), receipt.heard ?? 0) >= unsentFrom) {
      book.accounted = told;
      this.#transaction(() => {
        this.#books.noteAll();
        this.#books.openAnew(book, { unsentFrom, before });
      });
      this.#books.load();
      return 'restored';
    }
    const sameStore = before.store === told.store;
    book.accounted = sameStore && !isAnswer ? greaterOf(before, told) : told;
    this.#countRefusals(receipt, before);
    const verifies = isAnswer && book.unverifiedFrom !== null;
    if (verifies) book.unverifiedFrom = null;
    if (verifies || !sameStore) this.#transaction(() => this.#books.note(book));
    return covers(book.accounted, before) ? 'taken' : 'rewound';
  }

  /** People that earlier sessions of this epoch counted at a sensor since a time of the calendar. */
  countedSince(sensor: string, epochSeconds: number): { in: number; out: number } {
    const { id, sequence } = this.#sessionFrom;
    const total = { in: 0, out: 0 };
    const parameters = [id, sequence - dayRowsMax, sequence, epochSeconds * 1000] as const;
    for (const row of this.#statements.startedSince.iterate(...parameters) as Iterable<StoredRow>) {
      const source = this.#dictionary.source(row.source);
      if (source.sensor !== sensor || source.kind !== 'crossing') continue;
      const [into = 0, out = 0] = row.numbers.split(',').map(Number);
      total.in += into;
      total.out += out;
    }
    return total;
  }

  close(): void {
    if (!this.#database.open) return;
    try {
      this.#transaction(() => this.#books.noteAll());
    } finally {
      this.#database.close();
    }
  }

  /** The sensor times of intervals appended to `epoch` after `sequence`. */
  placesAfter(epoch: string, sequence: number): IntervalPlaceInBoot[] {
    return this.#reading(() => {
      const rows = this.#statements.placesAfter.all({ epoch, sequence }) as (Omit<
        IntervalPlaceInBoot,
        'sensor'
      > & { source: number })[];
      return rows.map(({ source, ...place }) => ({
        ...place,
        sensor: this.#dictionary.source(source).sensor,
      }));
    });
  }

  #ownBook(epoch: string): EpochBook | null {
    return this.#books.own.find((book) => book.epoch === epoch) ?? null;
  }

  #interval(row: StoredRow, { epoch }: EpochBook): Interval {
    if (rowChecksum(row) !== row.checksum) {
      throw new OutboxError('damaged', `${this.#options.file}: interval ${row.sequence} is damaged`);
    }
    const source = this.#dictionary.source(row.source);
    const boot = this.#dictionary.boot(row.boot);
    return fromRow(row, source, row.origin ?? intervalOrigin({ ...row, epoch, boot, sensor: source.sensor }));
  }

  #countRefusals(receipt: Receipt, before: Accounted): void {
    for (const { from, to, reason } of receipt.refused) {
      // It is stored, under the key that another copy of this card gave it.
      if (reason === 'repeated') continue;
      const open = openRanges(before, from, to);
      this.#refusedByGateway += open.reduce((sum, range) => sum + range[1] - range[0] + 1, 0);
    }
  }

  #transaction<Result>(work: () => Result): Result {
    try {
      return this.#database.transaction(work)();
    } catch (cause) {
      // What was learned within the transaction is not in the file.
      if (this.#database.open) {
        this.#reading(() => this.#dictionary.load());
        this.#reading(() => this.#books.load());
      }
      throw outboxFault(cause, this.#options.file);
    }
  }

  #reading<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      throw outboxFault(cause, this.#options.file);
    }
  }
}

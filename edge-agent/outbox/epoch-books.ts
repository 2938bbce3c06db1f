import { type Accounted, accountedParts, nothingAccounted, openRanges } from './accounted-ranges.ts';
import { type EpochBook, type EpochRecord, heldRanges, readEpochRecord } from './epoch-book.ts';
import { intervalOrigin } from './interval-origin.ts';
import { rowChecksum, type StoredRow } from './interval-row.ts';
import type { SqliteOutboxOptions } from './open-sqlite-outbox.ts';
import type { EpochReason } from './outbox.ts';
import type { OutboxStatements } from './outbox-statements.ts';
import type { RowDictionary } from './row-dictionary.ts';
import type { SalvagedEpoch } from './salvage-outbox.ts';

/** Delivered rows deleted in one transaction: as many as five sensors close in three hours. */
const prunedRowsMax = 1000;

/** The epochs of one file. What writes is called within the outbox's transaction. */
export class EpochBooks {
  readonly #options: SqliteOutboxOptions;
  readonly #statements: OutboxStatements;
  readonly #dictionary: RowDictionary;
  #books: EpochBook[] = [];

  constructor(options: SqliteOutboxOptions, statements: OutboxStatements, dictionary: RowDictionary) {
    this.#options = options;
    this.#statements = statements;
    this.#dictionary = dictionary;
  }

  /** The epoch that is appended to. */
  get current(): EpochBook {
    return this.#books[this.#books.length - 1]!;
  }

  /** Rows of all epochs, foreign ones too. */
  get rows(): number {
    return this.#books.reduce((sum, book) => sum + book.lastSequence - book.oldestHeld + 1, 0);
  }

  /** Epochs that this device wrote, oldest first. */
  get own(): readonly EpochBook[] {
    return this.#books.filter((book) => book.own);
  }

  /**
   * Whether an older epoch's account is another store's than the current one's: that gateway's
   * database was put back from a backup, and may have forgotten what it once receipted.
   */
  isStray(book: EpochBook): boolean {
    const { store } = this.current.accounted;
    const hasRows = book.oldestHeld <= book.lastSequence;
    return book !== this.current && hasRows && store !== null && book.accounted.store !== store;
  }

  /** Intervals of an epoch that no receipt covers; counted one by one only where some may be missing. */
  held(book: EpochBook): number {
    const count = ([from, to]: readonly [number, number]) =>
      book.gaps ? (this.#statements.countBetween.get(book.id, from, to) as number) : to - from + 1;
    return heldRanges(book).reduce((sum, range) => sum + count(range), 0);
  }

  oldestPending(book: EpochBook): number {
    for (const [from, to] of heldRanges(book)) {
      const first = this.#statements.firstAbove.get(book.id, from, to) as number | null;
      if (first !== null) return first;
    }
    return book.lastSequence + 1;
  }

  /** Reads what is in the file; also after a transaction that moved rows. */
  load(): void {
    const { device } = this.#options;
    const records = this.#statements.epochs.all() as EpochRecord[];
    this.#books = records.map((record) => readEpochRecord(record, device));
  }

  /** Opens an epoch where there is none or the card is a copy, and notes the session. */
  beginSession(reason: EpochReason): void {
    const { machineId } = this.#options;
    const noted = this.#statements.readNote.get('machine-id') as string | undefined;
    const elsewhere = machineId !== null && noted !== undefined && noted !== machineId;
    const last = this.#books.at(-1);
    if (last === undefined || last.gaps) this.#open(reason);
    else if (elsewhere || !last.own) this.#open('cloned');
    if (machineId !== null && noted !== machineId) this.#statements.writeNote.run('machine-id', machineId);
    const { current } = this;
    if (current.unverifiedFrom !== null) return;
    current.unverifiedFrom = current.lastSequence + 1;
    this.note(current);
  }

  /** Keeps what was saved from a damaged file under its old keys. */
  takeOver(saved: SalvagedEpoch): void {
    const accounted = JSON.stringify(saved.accounted);
    const { epoch, reason, device } = saved;
    const values = { epoch, reason, device, accounted, unverifiedFrom: null, gaps: 1 };
    const id = Number(this.#statements.openEpoch.run(values).lastInsertRowid);
    for (const { row, source, boot } of saved.rows) {
      this.#statements.insert.run({
        ...row,
        epoch: id,
        source: this.#dictionary.numberOfSource(source),
        boot: this.#dictionary.numberOfBoot(boot),
        checksum: rowChecksum(row),
      });
    }
    this.load();
  }

  /**
   * The gateway knows sequences that this file never sent: another copy of it was in use. What was
   * appended since the file was last known to be the only one gets new keys in a new epoch, and so
   * does what this copy never got a receipt for: under its old key it may be the other's. Its origin
   * goes with it, so the gateway knows again what the other copy delivered. Load again afterwards.
   */
  openAnew(old: EpochBook, was: { unsentFrom: number; before: Accounted }): void {
    const { unsentFrom, before } = was;
    const fresh = old === this.current ? this.#open('restored') : this.current;
    const doubtful = openRanges(before, old.oldestHeld, unsentFrom - 1);
    const moved = [...accountedParts(doubtful, old.accounted), [unsentFrom, old.lastSequence] as const];
    let last = fresh.lastSequence;
    for (const [from, to] of moved) {
      for (const row of this.#statements.between.all(old.id, from, to) as StoredRow[]) {
        last += 1;
        const { sensor } = this.#dictionary.source(row.source);
        const birth = { ...row, epoch: old.epoch, boot: this.#dictionary.boot(row.boot), sensor };
        const origin = row.origin ?? intervalOrigin(birth);
        const checksum = rowChecksum({ ...row, origin });
        this.#statements.move.run(fresh.id, last, origin, checksum, old.id, row.sequence);
      }
    }
    this.#statements.noteEpoch.run(JSON.stringify(old.accounted), null, unsentFrom - 1, old.id);
  }

  noteAll(): void {
    for (const book of this.#books) this.note(book);
  }

  note(book: EpochBook): void {
    const accounted = JSON.stringify(book.accounted);
    this.#statements.noteEpoch.run(accounted, book.unverifiedFrom, book.oldestHeld - 1, book.id);
  }

  /** Deletes what was delivered long ago: a prefix, so that `oldestHeld` says it all. */
  prune(): void {
    const newestMs = this.#statements.newestStart.get() as number | null;
    if (newestMs === null) return;
    const cutoffMs = newestMs - this.#options.deliveredDays * 86_400_000;
    for (const book of this.#books) this.#pruneBefore(book, cutoffMs);
  }

  #pruneBefore(book: EpochBook, cutoffMs: number): void {
    const through = Math.min(deliveredThrough(book.accounted), book.oldestHeld + prunedRowsMax - 1);
    const parameters = [book.id, book.oldestHeld, through, cutoffMs] as const;
    const firstKept = this.#statements.firstKept.get(...parameters) as number | null;
    const prunedThrough = Math.min(firstKept === null ? through : firstKept - 1, book.lastSequence);
    if (prunedThrough < book.oldestHeld) return;
    this.#statements.prune.run(book.id, prunedThrough);
    book.oldestHeld = prunedThrough + 1;
  }

  #open(reason: EpochReason): EpochBook {
    const epoch = this.#options.randomEpoch();
    const accounted = JSON.stringify(nothingAccounted);
    const { device } = this.#options;
    const values = { epoch, reason, device, accounted, unverifiedFrom: 1, gaps: 0 };
    const id = Number(this.#statements.openEpoch.run(values).lastInsertRowid);
    const book: EpochBook = {
      ...{ id, epoch, reason, own: true, gaps: false },
      ...{ accounted: nothingAccounted, unverifiedFrom: 1, oldestHeld: 1, lastSequence: 0 },
    };
    this.#books.push(book);
    return book;
  }
}

/** Up to where nothing waits for another gateway or configuration. */
function deliveredThrough(accounted: Accounted): number {
  return Math.min(accounted.through, (accounted.heldBack[0]?.[0] ?? Number.MAX_SAFE_INTEGER) - 1);
}

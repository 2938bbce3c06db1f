import type Database from 'better-sqlite3';
import type { Seal, SealBook, SealWork, UnsettledQuarter } from '../seal-store.ts';

interface SealRow {
  line: string;
  start_ms: number;
  end_ms: number;
  noisy_in: number | null;
  noisy_out: number | null;
  coverage_tenths: number;
  epsilon: number;
  sealed_ms: number;
  late: 0 | 1;
}

/** Sealed cells in SQLite; methods that write hold a transaction of their own. */
export class SqliteSeals {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /** Notes that quarters of a sensor received data; the caller holds the transaction. */
  touch(sensorKey: number, starts: Iterable<number>, atMs: number): void {
    for (const startMs of starts) this.#statements.touch.run({ sensorKey, startMs, atMs });
  }

  readUnsettled({ device, sensor }: { device: string; sensor: string }, limit: number): UnsettledQuarter[] {
    return this.#statements.unsettled.all(device, sensor, limit);
  }

  commit(work: SealWork, note: (taken: readonly Seal[]) => void): Seal[] {
    const commit = this.#database.transaction(() => {
      const taken = work.seals.filter((seal) => this.#insert(seal));
      for (const { device, sensor, quarters } of work.settled) {
        for (const { startMs, touches } of quarters) {
          this.#statements.settle.run(startMs, touches, device, sensor);
        }
      }
      for (const { line, startMs } of work.late) this.#statements.late.run(line, startMs);
      if (taken.length > 0) note(taken);
      return taken;
    });
    // Immediate: of two processes on one file the second waits and then finds the first one's seals.
    return commit.immediate();
  }

  #insert(seal: Seal): boolean {
    const row = { ...seal, late: seal.late ? 1 : 0 };
    return this.#statements.insert.run(row).changes === 1;
  }

  read(line: string, { fromMs, toMs }: { fromMs: number; toMs: number }): Seal[] {
    return this.#statements.read.all(line, fromMs, toMs).map(sealOf);
  }

  readBook(): SealBook {
    const { id, seals, withheld_before_ms, has_file } = this.#statements.book.get()!;
    return { id, seals, withheldBeforeMs: withheld_before_ms, hasFile: has_file === 1 };
  }

  mark({ hasFile, withheldBeforeMs }: { hasFile?: true; withheldBeforeMs?: number }): void {
    this.#statements.mark.run(hasFile === true ? 1 : 0, withheldBeforeMs ?? 0);
  }

  /** Gives up quarters that nobody could seal in all that time: sensors that never got a line. */
  forgetBefore(firstDataMs: number): void {
    this.#statements.forget.run(firstDataMs);
  }
}

function sealOf(row: SealRow): Seal {
  return {
    line: row.line,
    fromMs: row.start_ms,
    toMs: row.end_ms,
    in: row.noisy_in,
    out: row.noisy_out,
    coverageTenths: row.coverage_tenths,
    epsilon: row.epsilon,
    sealedMs: row.sealed_ms,
    late: row.late === 1,
  };
}

function prepareStatements(database: Database.Database) {
  return {
    touch: database.prepare<{ sensorKey: number; startMs: number; atMs: number }>(
      `INSERT INTO unsettled VALUES (@sensorKey, @startMs, @atMs, @atMs, 1) ON CONFLICT DO UPDATE SET
         touches = touches + 1, last_data_ms = max(last_data_ms, excluded.last_data_ms)`,
    ),
    unsettled: database.prepare<[string, string, number], UnsettledQuarter>(
      `SELECT start_ms AS startMs, first_data_ms AS firstDataMs, last_data_ms AS lastDataMs, touches
       FROM unsettled JOIN sensors USING (sensor_key)
       WHERE device = ? AND sensor = ? AND kind = 'crossing' ORDER BY start_ms LIMIT ?`,
    ),
    // Neither over another seal of the line nor where something may have been sealed before a restore.
    insert: database.prepare(
      `INSERT INTO seals SELECT @line, @fromMs, @toMs, @in, @out, @coverageTenths, @epsilon, @sealedMs, @late
       WHERE NOT EXISTS (SELECT 1 FROM seals WHERE line = @line AND start_ms < @toMs AND end_ms > @fromMs)
         AND @fromMs >= (SELECT withheld_before_ms FROM seal_book)`,
    ),
    settle: database.prepare<[number, number, string, string]>(
      `DELETE FROM unsettled WHERE start_ms = ? AND touches = ? AND sensor_key =
         (SELECT sensor_key FROM sensors WHERE device = ? AND sensor = ? AND kind = 'crossing')`,
    ),
    late: database.prepare<[string, number]>('UPDATE seals SET late = 1 WHERE line = ? AND start_ms = ?'),
    read: database.prepare<[string, number, number], SealRow>(
      'SELECT * FROM seals WHERE line = ? AND start_ms >= ? AND start_ms < ? ORDER BY start_ms',
    ),
    book: database.prepare<[], { id: string; seals: number; withheld_before_ms: number; has_file: 0 | 1 }>(
      'SELECT id, withheld_before_ms, has_file, (SELECT count(*) FROM seals) AS seals FROM seal_book',
    ),
    mark: database.prepare<[number, number]>(
      `UPDATE seal_book SET has_file = max(has_file, ?), withheld_before_ms = max(withheld_before_ms, ?)`,
    ),
    forget: database.prepare<[number]>('DELETE FROM unsettled WHERE first_data_ms < ?'),
  };
}

import type { Seal, SealBook, SealWork, UnsettledQuarter } from '../seal-store.ts';
import type { PostgresDatabase, Queries } from './postgres-database.ts';

/** Any number will do that nobody else locks: processes that seal take turns. */
const sealingLock = 7_242_017;

/** Notes that quarters of a crossing sensor received data, within the caller's transaction. */
export async function touchQuarters(
  queries: Queries,
  key: { device: string; sensor: string },
  { starts, atMs }: { starts: Iterable<number>; atMs: number },
): Promise<void> {
  await queries.query(
    `INSERT INTO unsettled SELECT $1, $2, start_ms, $4::bigint, $4::bigint, 1 FROM unnest($3::bigint[]) AS touched (start_ms)
     ON CONFLICT (device, sensor, start_ms) DO UPDATE SET touches = unsettled.touches + 1,
       last_data_ms = greatest(unsettled.last_data_ms, excluded.last_data_ms)`,
    [key.device, key.sensor, [...starts].sort((left, right) => left - right), atMs],
  );
}

/** Gives up quarters that nobody could seal in all that time: sensors that never got a line. */
export async function forgetUnsettled(queries: Queries, firstDataMs: number): Promise<void> {
  await queries.query('DELETE FROM unsettled WHERE first_data_ms < $1', [firstDataMs]);
}

/** Sealed cells in PostgreSQL. */
export class PostgresSeals {
  readonly #database: PostgresDatabase;

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async readUnsettled(
    { device, sensor }: { device: string; sensor: string },
    limit: number,
  ): Promise<UnsettledQuarter[]> {
    const { rows } = await this.#database.query<UnsettledQuarter>(
      `SELECT start_ms AS "startMs", first_data_ms AS "firstDataMs", last_data_ms AS "lastDataMs", touches
       FROM unsettled
       WHERE device = $1 AND sensor = $2 ORDER BY start_ms LIMIT $3`,
      [device, sensor, limit],
    );
    return rows;
  }

  commit(work: SealWork, note: (taken: readonly Seal[]) => void): Promise<Seal[]> {
    return this.#database.transaction(async (queries) => {
      // The second process waits here until the first has committed, and then sees its seals.
      await queries.query('SELECT pg_advisory_xact_lock($1)', [sealingLock]);
      const taken: Seal[] = [];
      for (const seal of work.seals) if (await insertSeal(queries, seal)) taken.push(seal);
      for (const { device, sensor, quarters } of work.settled) {
        await queries.query(
          `DELETE FROM unsettled USING unnest($3::bigint[], $4::bigint[]) AS settled (start_ms, touches)
           WHERE device = $1 AND sensor = $2
             AND unsettled.start_ms = settled.start_ms AND unsettled.touches = settled.touches`,
          [device, sensor, quarters.map(({ startMs }) => startMs), quarters.map(({ touches }) => touches)],
        );
      }
      for (const { line, startMs } of work.late) {
        await queries.query('UPDATE seals SET late = true WHERE line = $1 AND start_ms = $2', [
          line,
          startMs,
        ]);
      }
      if (taken.length > 0) note(taken);
      return taken;
    });
  }

  async read(line: string, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<Seal[]> {
    const { rows } = await this.#database.query<Seal>(
      `SELECT line, start_ms AS "fromMs", end_ms AS "toMs", noisy_in AS "in", noisy_out AS "out",
         coverage_tenths AS "coverageTenths", epsilon, sealed_ms AS "sealedMs", late
       FROM seals WHERE line = $1 AND start_ms >= $2 AND start_ms < $3 ORDER BY start_ms`,
      [line, fromMs, toMs],
    );
    return rows;
  }

  async readBook(): Promise<SealBook> {
    const { rows } = await this.#database.query<SealBook>(
      `SELECT id, withheld_before_ms AS "withheldBeforeMs", has_file AS "hasFile",
         (SELECT count(*) FROM seals) AS seals FROM seal_book`,
    );
    return rows[0]!;
  }

  async mark({ hasFile, withheldBeforeMs }: { hasFile?: true; withheldBeforeMs?: number }): Promise<void> {
    await this.#database.query(
      `UPDATE seal_book SET has_file = has_file OR $1,
         withheld_before_ms = greatest(withheld_before_ms, $2)`,
      [hasFile === true, withheldBeforeMs ?? 0],
    );
  }
}

/** Neither over another seal of the line nor where something may have been sealed before a restore. */
async function insertSeal(queries: Queries, seal: Seal): Promise<boolean> {
  const { line, fromMs, toMs, coverageTenths, epsilon, sealedMs, late } = seal;
  const { rowCount } = await queries.query(
    `INSERT INTO seals SELECT $1, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::integer,
       $7::double precision, $8::bigint, $9::boolean
     WHERE NOT EXISTS (SELECT 1 FROM seals WHERE line = $1 AND start_ms < $3 AND end_ms > $2)
       AND $2 >= (SELECT withheld_before_ms FROM seal_book)`,
    [line, fromMs, toMs, seal.in, seal.out, coverageTenths, epsilon, sealedMs, late],
  );
  return rowCount === 1;
}

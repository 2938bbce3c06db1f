import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openPostgresCountStore } from '../../gateway/store/postgres/postgres-count-store.ts';
import { openSqliteCountStore } from '../../gateway/store/sqlite/sqlite-count-store.ts';
import { hasPostgres, startPostgres } from '../../tests/doubles/postgres-process.ts';
import { atMost, type BenchRow, plain } from './bench-row.ts';
import { hasInflux, influxRows } from './influx-beside.ts';
import { batchesOf, commit, dayMs, hourMs, messageIntervals, minuteMs, year } from './store-data.ts';
import { ingestRows } from './store-ingest.ts';
import { packAll, packedBeforeMs, queryRows } from './store-queries.ts';

export interface StoreBenchOptions {
  /** Lines with a year of minutes: 100 are the whole measure, 10 a tenth of it. */
  readonly minuteLines?: number;
}

const lines = 100;
/** Goals of the project, in bytes per interval. */
const hotGoal = 45;
const packedGoal = 8;
/** PostgreSQL gets so many days of minutes: enough to pack some, and each commit is a round trip. */
const postgresDays = 60;

/** Fills stores with a year and measures what people wait for, all in one run. */
export async function run({ minuteLines = 10 }: StoreBenchOptions = {}): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-store-bench-'));
  try {
    const rows = [...(await ingestRows(folder)), ...(await sqliteRows(folder, minuteLines))];
    if (hasPostgres()) rows.push(...(await postgresRows()));
    if (hasInflux()) rows.push(...(await influxRows(0)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const deviceOf = (number: number) => `device-${String(number).padStart(3, '0')}`;
const lineOf = (number: number) => `${deviceOf(number)}.door`;

async function sqliteRows(folder: string, minuteLines: number): Promise<BenchRow[]> {
  const file = join(folder, 'counts.sqlite');
  const store = await openSqliteCountStore(file);
  // Lines take turns by the month, as they would grow side by side.
  const growing = Array.from({ length: minuteLines }, (_, number) => batchesOf(year, number));
  let intervals = 0;
  for (let open = true; open; ) {
    open = false;
    for (const [number, batches] of growing.entries()) {
      for (let turn = 0; turn < 30; turn += 1) {
        const { value, done } = batches.next();
        if (done) break;
        await commit(store, deviceOf(number), value);
        intervals += value.length;
        open = true;
      }
    }
  }
  const hot = statSync(file).size / intervals;
  const begin = performance.now();
  await packAll(store);
  const seconds = (performance.now() - begin) / 1000;
  const old = (minuteLines * (packedBeforeMs - year.fromMs)) / minuteMs;
  const bytes = (goal: number) => ({ unit: 'bytes', goal });
  const rows = [
    plain('intervals of minutes in the store', intervals, ''),
    atMost('bytes per interval on disk, hot, with roll-ups (bare rows: 23.6)', hot, bytes(hotGoal)),
    atMost('bytes per interval of days older than 40, packed', store.packedBytes() / old, bytes(packedGoal)),
    plain('packing', old / seconds, 'intervals/s'),
  ];
  for (let number = minuteLines; number < lines; number += 1) {
    for (const batch of batchesOf(year, number, { stepMs: hourMs }))
      await commit(store, deviceOf(number), batch);
  }
  await packAll(store);
  const all = Array.from({ length: lines }, (_, number) => lineOf(number));
  rows.push(...(await queryRows(store, { fine: lineOf(0), coarse: lineOf(lines - 1), lines: all })));
  await store.close();
  return rows;
}

async function postgresRows(): Promise<BenchRow[]> {
  const server = await startPostgres();
  try {
    const url = await server.createDatabase();
    const store = await openPostgresCountStore(url);
    const begin = performance.now();
    let intervals = 0;
    const range = { fromMs: year.toMs - postgresDays * dayMs, toMs: year.toMs };
    for (const batch of batchesOf(range, 1, { size: messageIntervals })) {
      await commit(store, deviceOf(0), batch);
      intervals += batch.length;
    }
    const seconds = (performance.now() - begin) / 1000;
    const hot = (await bytesOfTables(url, '%')) / intervals;
    await packAll(store);
    const old = (packedBeforeMs - range.fromMs) / minuteMs;
    const packed = (await bytesOfTables(url, 'packed_days')) / old;
    for (const batch of batchesOf({ ...year, toMs: range.fromMs }, 2, { stepMs: hourMs }))
      await commit(store, deviceOf(0), batch);
    for (const batch of batchesOf(year, 3, { stepMs: hourMs })) await commit(store, deviceOf(1), batch);
    await packAll(store);
    const queries = await queryRows(store, {
      fine: lineOf(0),
      coarse: lineOf(1),
      lines: [lineOf(0), lineOf(1)],
    });
    await store.close();
    return [
      plain('ingest, batches of 60, fsync off', intervals / seconds, 'intervals/s'),
      atMost('bytes per interval, hot, with roll-ups and indexes', hot, { unit: 'bytes', goal: null }),
      atMost('bytes per interval of packed days', packed, { unit: 'bytes', goal: packedGoal }),
      ...queries,
    ].map((row) => ({ ...row, what: `PostgreSQL: ${row.what}` }));
  } finally {
    await server.stop();
  }
}

/** Bytes of tables with their indexes and what is stored beside them. */
async function bytesOfTables(url: string, pattern: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(oid))::text AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname LIKE $1`,
    [pattern],
  );
  await client.end();
  return Number(rows[0]!.bytes);
}

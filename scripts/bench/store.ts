import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parseGatewayConfig } from '../../gateway/config.ts';
import type { CrossingInterval } from '../../gateway/contract/count-batch.ts';
import { noProfileHash } from '../../gateway/contract/site-profile.ts';
import { readBatch } from '../../gateway/ingest/batch-reader.ts';
import { Intake } from '../../gateway/ingest/intake.ts';
import { newIntakeCounters } from '../../gateway/ingest/intake-counters.ts';
import { intervalHash } from '../../gateway/ingest/interval-hash.ts';
import { RunningTotals } from '../../gateway/ingest/running-totals.ts';
import type { CountStore } from '../../gateway/store/count-store.ts';
import { openPostgresCountStore } from '../../gateway/store/postgres/postgres-count-store.ts';
import {
  openSqliteCountStore,
  type SqliteCountStore,
} from '../../gateway/store/sqlite/sqlite-count-store.ts';
import { startOfDate } from '../../gateway/values/local-time.ts';
import { buildApp } from '../../gateway/web/api/app.ts';
import { CountsReader } from '../../gateway/web/api/counts-reader.ts';
import { LiveBoard } from '../../gateway/web/live-board.ts';
import { hasPostgres, startPostgres } from '../../tests/doubles/postgres-process.ts';
import { RecordedLink } from '../../tests/doubles/recorded-link.ts';
import { seededRandom } from '../demo/seeded-random.ts';
import { bareLoopSeconds } from './bare-loop.ts';

export interface StoreBenchOptions {
  /** Lines with a year of minutes: 100 are the whole measure, 10 a tenth of it. */
  readonly minuteLines?: number;
  /** Also against PostgreSQL: one line. */
  readonly postgres?: boolean;
}

export interface StoreBenchRow {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** The goal of the project, and whether it is met; null where there is none. */
  readonly goal: string | null;
  readonly met: boolean | null;
}

const timeZone = 'Europe/Berlin';
const year = { fromMs: startOfDate('2025-01-01', timeZone), toMs: startOfDate('2026-01-01', timeZone) };
const minuteMs = 60_000;
const hourMs = 3_600_000;
/** What a device sends after an hour offline. */
const batchMinutes = 60;
const lines = 100;
const repeats = 40;

/** Fills a store with a year and measures what people wait for. */
export async function run({
  minuteLines = 10,
  postgres = true,
}: StoreBenchOptions = {}): Promise<StoreBenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-store-bench-'));
  try {
    const rows = [...(await ingestRows(folder)), ...(await sqliteRows(folder, minuteLines))];
    return postgres && hasPostgres() ? [...rows, ...(await postgresRows())] : rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A day has a course and a night; numbers as at a shop's door. */
function minuteOf(random: () => number, sequence: number, startMs: number): CrossingInterval {
  const busy = Math.max(0, Math.sin(((startMs % 86_400_000) / 86_400_000) * 2 * Math.PI - Math.PI / 2));
  const people = () => Math.floor(6 * busy * random());
  const [ins, outs] = [people(), people()];
  return {
    kind: 'crossing',
    sequence,
    sensor: 'door',
    start: new Date(startMs).toISOString().replace('.000Z', 'Z'),
    durationSeconds: 60,
    coverageSeconds: random() < 0.9 ? 60 : Math.round(600 * random()) / 10,
    flags: [],
    engine: 'two-zone/1',
    profile: noProfileHash,
    clock: 'synced',
    in: ins,
    out: outs,
    standardErrorIn: Math.round(1e4 * 0.2 * Math.sqrt(ins)) / 1e4,
    standardErrorOut: Math.round(1e4 * 0.2 * Math.sqrt(outs)) / 1e4,
    rejected: random() < 0.05 ? { 'turned-back': 1 } : {},
  };
}

function* batchesOf(range: { fromMs: number; toMs: number }, seed: number, stepMs = minuteMs) {
  const random = seededRandom(seed);
  let batch: CrossingInterval[] = [];
  let sequence = 0;
  for (let startMs = range.fromMs; startMs < range.toMs; startMs += stepMs) {
    sequence += 1;
    const minute = minuteOf(random, sequence, startMs);
    const seconds = stepMs / 1000;
    batch.push(
      stepMs === minuteMs ? minute : { ...minute, durationSeconds: seconds, coverageSeconds: seconds },
    );
    if (batch.length === batchMinutes) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

const epoch = '00000000000000ff';

async function commit(
  store: CountStore,
  device: string,
  intervals: readonly CrossingInterval[],
): Promise<void> {
  await store.commitBatch({
    device,
    epoch,
    receivedAtMs: Date.parse(intervals.at(-1)!.start) + minuteMs,
    oldestHeld: 1,
    intervals: intervals.map((interval) => ({ interval, hash: intervalHash(interval) })),
    refused: [],
  });
}

/** From the payload as it comes to the commit, beside a bare loop over the same rows. */
async function ingestRows(folder: string): Promise<StoreBenchRow[]> {
  const month = { fromMs: year.fromMs, toMs: year.fromMs + 60 * 86_400_000 };
  const batches = [...batchesOf(month, 1)];
  const intervals = batches.reduce((sum, batch) => sum + batch.length, 0);
  const payloads = batches.map((batch) =>
    Buffer.from(JSON.stringify({ version: 1, epoch, oldestHeld: 1, intervals: batch })),
  );
  const store = await openSqliteCountStore(join(folder, 'ingest.sqlite'));
  const begin = performance.now();
  for (const payload of payloads) {
    const batch = readBatch(payload);
    if (batch.state !== 'readable') throw new Error('the bench made a batch that is none');
    await store.commitBatch({
      device: 'd',
      epoch,
      receivedAtMs: year.toMs,
      oldestHeld: 1,
      intervals: batch.intervals,
      refused: [],
    });
  }
  const seconds = (performance.now() - begin) / 1000;
  await store.close();
  const bare = bareLoopSeconds(folder, batches);
  const share = bare / seconds;
  return [
    {
      what: 'ingest without MQTT, batches of 60',
      measured: Math.round(intervals / seconds),
      unit: 'intervals/s',
      goal: null,
      met: null,
    },
    {
      what: 'bare better-sqlite3 loop, same columns and roll-ups',
      measured: Math.round(intervals / bare),
      unit: 'intervals/s',
      goal: null,
      met: null,
    },
    {
      what: 'ingest against the bare loop',
      measured: round(100 * share),
      unit: '%',
      goal: '≥ 60',
      met: share >= 0.6,
    },
  ];
}

async function sqliteRows(folder: string, minuteLines: number): Promise<StoreBenchRow[]> {
  const file = join(folder, 'counts.sqlite');
  const store = await openSqliteCountStore(file);
  const rows: StoreBenchRow[] = [];
  const device = (number: number) => `device-${String(number).padStart(3, '0')}`;
  // Lines take turns by the month, as they would grow side by side.
  const growing = Array.from({ length: minuteLines }, (_, number) => batchesOf(year, number));
  let intervals = 0;
  let dayOverMonthMs: number | null = null;
  for (let open = true; open; ) {
    open = false;
    for (const [number, batches] of growing.entries()) {
      for (let turn = 0; turn < 24 * 30; turn += 1) {
        const { value, done } = batches.next();
        if (done) break;
        await commit(store, device(number), value);
        intervals += value.length;
        open = true;
      }
    }
    dayOverMonthMs ??= await p50(() => dayByHour(store, device(0)));
  }
  const dayOverYearMs = await p50(() => dayByHour(store, device(0)));
  rows.push(row('intervals of minutes in the store', intervals, '', null));
  const hotBytes = bytesOf(file) / intervals;
  rows.push(
    row('bytes per interval on disk, hot, with roll-ups (bare rows: 23.6)', round(hotBytes), 'bytes', 45),
  );
  rows.push(...(await compactedRows(store, { file, intervals })));
  for (let number = minuteLines; number < lines; number += 1) {
    for (const batch of batchesOf(year, number, hourMs)) await commit(store, device(number), batch);
  }
  rows.push(
    row(
      'a day by hour after a year against after a month',
      round(dayOverYearMs / dayOverMonthMs!),
      'times',
      2,
    ),
  );
  rows.push(...(await queryRows(store, device)));
  await store.close();
  return rows;
}

/** Bytes of a year of which all but forty days are compacted, without the roll-ups and the hot days. */
async function compactedRows(
  store: SqliteCountStore,
  { intervals }: { file: string; intervals: number },
): Promise<StoreBenchRow[]> {
  const keepDays = { minutes: null, quarters: null, hours: null, days: null };
  const begin = performance.now();
  while (!(await store.upkeep({ nowMs: year.toMs, keepDays, compactAfterDays: 40 })).finished);
  const seconds = (performance.now() - begin) / 1000;
  const old = (intervals * (365 - 40)) / 365;
  return [
    row('bytes per interval of days older than 40, compacted', round(store.packedBytes() / old), 'bytes', 8),
    row('compacting', Math.round(old / seconds), 'intervals/s', null),
  ];
}

async function queryRows(
  store: SqliteCountStore,
  device: (number: number) => string,
): Promise<StoreBenchRow[]> {
  const reader = new CountsReader({ store, running: new RunningTotals(), timeZone, now: () => year.toMs });
  const yearByHour = await p50(() => reader.counts(`${device(0)}.door`, { range: year, resolution: '1h' }));
  const allByDay = await p50(async () => {
    for (let number = 0; number < lines; number += 1) {
      const query = { device: device(number), sensor: 'door', kind: 'crossing', ...year, timeZone } as const;
      await store.readCells({ ...query, cellSeconds: 86_400 });
    }
  });
  const overHttp = await httpYear(store, reader, `${device(0)}.door`);
  return [
    row('a year by hour of one line, in the handler, p50', round(yearByHour), 'ms', 5),
    row('a year by hour of one line, through HTTP, p50', round(overHttp), 'ms', 20),
    row('100 lines × 365 days out of the store, p50', round(allByDay), 'ms', 30),
  ];
}

async function httpYear(store: SqliteCountStore, reader: CountsReader, line: string): Promise<number> {
  const counters = newIntakeCounters();
  const intake = new Intake({ now: Date.now, alarm: { paused() {}, resumed() {}, failed() {} }, counters });
  const board = new LiveBoard({ reader, now: Date.now, failed: () => {} });
  const logger = pino({ level: 'silent' });
  const parts = {
    store,
    reader,
    intake,
    counters,
    link: new RecordedLink(),
    board,
    software: 'bench',
    logger,
    settings: parseGatewayConfig({}, 'bench'),
  };
  const app = await buildApp(parts);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const [from, to] = [year.fromMs, year.toMs].map((atMs) => new Date(atMs).toISOString());
  const milliseconds = await p50(async () => {
    const answer = await fetch(`${url}/v1/lines/${line}/counts?from=${from}&to=${to}&resolution=1h`, {
      headers: { 'accept-encoding': 'identity' },
    });
    await answer.arrayBuffer();
  });
  await app.close();
  return milliseconds;
}

async function postgresRows(): Promise<StoreBenchRow[]> {
  const server = await startPostgres();
  try {
    const store = await openPostgresCountStore(await server.createDatabase());
    const quarter = { fromMs: year.fromMs, toMs: year.fromMs + 30 * 86_400_000 };
    const begin = performance.now();
    let intervals = 0;
    for (const batch of batchesOf(quarter, 1)) {
      await commit(store, 'minutes', batch);
      intervals += batch.length;
    }
    const seconds = (performance.now() - begin) / 1000;
    for (const batch of batchesOf(year, 2, hourMs)) await commit(store, 'hours', batch);
    const reader = new CountsReader({ store, running: new RunningTotals(), timeZone, now: () => year.toMs });
    const yearByHour = await p50(() => reader.counts('hours.door', { range: year, resolution: '1h' }));
    await store.close();
    return [
      row(
        'PostgreSQL (fsync off): ingest, batches of 60',
        Math.round(intervals / seconds),
        'intervals/s',
        null,
      ),
      row('PostgreSQL: a year by hour of one line, in the handler, p50', round(yearByHour), 'ms', null),
    ];
  } finally {
    await server.stop();
  }
}

function dayByHour(store: CountStore, device: string) {
  const toMs = year.fromMs + 86_400_000;
  const query = { device, sensor: 'door', kind: 'crossing', fromMs: year.fromMs, toMs } as const;
  return store.readCells({ ...query, cellSeconds: 3600 });
}

async function p50(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times.sort((left, right) => left - right)[Math.floor(repeats / 2)]!;
}

function bytesOf(file: string): number {
  return statSync(file).size;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function row(what: string, measured: number, unit: string, atMost: number | null): StoreBenchRow {
  return {
    what,
    measured,
    unit,
    goal: atMost === null ? null : `≤ ${atMost}`,
    met: atMost === null ? null : measured <= atMost,
  };
}

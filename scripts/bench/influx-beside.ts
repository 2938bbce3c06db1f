import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programPath } from '../../tests/require-programs.ts';
import { type BenchRow, p50, plain } from './bench-row.ts';
import { batchesOf, messageIntervals, year } from './store-data.ts';

/** Fifteen seconds for a cold start on a busy machine. */
const startAttemptsMax = 150;

export function hasInflux(): boolean {
  return programPath('influxd') !== null;
}

/**
 * The same year of minutes of one line in InfluxDB 1.6 (Debian's), which sums minutes when it is asked:
 * what a time series database without roll-ups costs. Its series has the same numbers as ours.
 */
export async function influxRows(seed: number): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-influx-'));
  const [http, rpc] = [await freePort(), await freePort()];
  const server = startInflux(folder, { http, rpc });
  try {
    const url = `http://127.0.0.1:${http}`;
    await answers(url);
    await send(`${url}/query?q=${encodeURIComponent('CREATE DATABASE counts')}`, '');
    const { intervals, seconds } = await fill(url, seed);
    const yearByHour = await p50(async () => {
      const from = `${year.fromMs}ms`;
      const question = `SELECT sum("in"), sum("out"), sum("coverage"), sum("varianceIn"), sum("varianceOut")
        FROM crossing WHERE time >= ${from} AND time < ${year.toMs}ms GROUP BY time(1h)`;
      const answer = await fetch(`${url}/query?db=counts&epoch=ms&q=${encodeURIComponent(question)}`);
      if (!answer.ok) throw new Error(`InfluxDB answered ${answer.status}`);
      await answer.arrayBuffer();
    });
    return [
      plain('InfluxDB 1.6: ingest of one line over HTTP, batches of 60', intervals / seconds, 'intervals/s'),
      plain('InfluxDB 1.6: a year by hour of one line, through HTTP, p50', yearByHour, 'ms'),
      plain('InfluxDB 1.6: bytes per interval on disk', bytesUnder(folder) / intervals, 'bytes'),
    ];
  } finally {
    await stopped(server);
    rmSync(folder, { recursive: true, force: true });
  }
}

function startInflux(folder: string, ports: { http: number; rpc: number }): ChildProcess {
  const env = {
    ...process.env,
    INFLUXDB_REPORTING_DISABLED: 'true',
    INFLUXDB_BIND_ADDRESS: `127.0.0.1:${ports.rpc}`,
    INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${ports.http}`,
    INFLUXDB_META_DIR: join(folder, 'meta'),
    INFLUXDB_DATA_DIR: join(folder, 'data'),
    INFLUXDB_DATA_WAL_DIR: join(folder, 'wal'),
    INFLUXDB_HTTP_LOG_ENABLED: 'false',
  };
  return spawn(programPath('influxd')!, ['run'], { env, stdio: 'ignore' });
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < startAttemptsMax; attempt += 1) {
    const answer = await fetch(`${url}/ping`).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('InfluxDB does not start');
}

/** One write a batch, as a gateway would do it for each message. */
async function fill(url: string, seed: number): Promise<{ intervals: number; seconds: number }> {
  const begin = performance.now();
  let intervals = 0;
  for (const batch of batchesOf(year, seed, { size: messageIntervals })) {
    const lines = batch.map(
      (minute) =>
        `crossing,line=d in=${minute.in}i,out=${minute.out}i,coverage=${minute.coverageSeconds},varianceIn=${
          minute.standardErrorIn ** 2
        },varianceOut=${minute.standardErrorOut ** 2} ${Date.parse(minute.start)}`,
    );
    await send(`${url}/write?db=counts&precision=ms`, lines.join('\n'));
    intervals += batch.length;
  }
  return { intervals, seconds: (performance.now() - begin) / 1000 };
}

async function send(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`InfluxDB answered ${answer.status}: ${await answer.text()}`);
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandOf, runCommand } from '../../../gateway/commands/run-command.ts';
import { importSeries } from '../../../gateway/ingest/imports/import-series.ts';
import { PullError, pullHystreet } from '../../../gateway/ingest/imports/pull-hystreet.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { planSites } from '../../../gateway/values/site-plan.ts';

const hourMs = 3_600_000;
const start = Date.parse('2026-01-01T00:00:00Z');

/** A counter's interface on a real socket: hours of one location, as hystreet answers them. */
class StreetServer {
  /** Hours that are measured so far. */
  hours = 24 * 40;
  /** Hours from the end that are not verified. */
  unverified = 0;
  readonly asked: string[] = [];
  answer: ((url: URL) => { status: number; body: string }) | null = null;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://street');
      this.asked.push(`${url.pathname} ${url.searchParams.get('from')}`);
      const { status, body } =
        request.headers['x-api-token'] === 'secret'
          ? (this.answer?.(url) ?? { status: 200, body: JSON.stringify(this.#location(url)) })
          : { status: 401, body: '{}' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #location(url: URL) {
    const [from, to] = ['from', 'to'].map((name) => Date.parse(url.searchParams.get(name)!)) as [
      number,
      number,
    ];
    const hours = Array.from({ length: this.hours }, (_, hour) => hour).filter((hour) => {
      const atMs = start + hour * hourMs;
      // One hour is lost for ever.
      return atMs >= from && atMs < to && hour !== 100;
    });
    return {
      id: 331,
      name: 'Bahnhofstrasse',
      city: 'Zürich',
      metadata: { ltr_label: 'See', rtl_label: 'Bahnhof' },
      measurements: hours.map((hour) => ({
        timestamp: new Date(start + hour * hourMs).toISOString(),
        pedestrians_count: hour % 24,
        unverified: hour >= this.hours - this.unverified,
        details: { ltr_pedestrians_count: 0, rtl_pedestrians_count: hour % 24, zones: [] },
      })),
      incidents: [],
    };
  }
}

let folder: string;
let store: GatewayStore;
let server: StreetServer;
let url: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'passant-hystreet-'));
  store = await openSqliteCountStore(join(folder, 'counts.sqlite'));
  server = new StreetServer();
  url = await server.open();
});
afterEach(async () => {
  await store.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const pull = (changes: object = {}) =>
  pullHystreet(store, {
    url,
    token: 'secret',
    location: '331',
    sinceMs: start,
    nowMs: start + server.hours * hourMs,
    ...changes,
  });
const cellsOf = (device: string) =>
  store.readCells({
    device,
    sensor: 'street',
    kind: 'crossing',
    fromMs: start,
    toMs: start + 60 * 24 * hourMs,
    cellSeconds: 3600,
  });

describe('pulling from a hystreet-style interface', () => {
  test('takes every hour once, window by window, missing and zero as they are', async () => {
    expect(await pull()).toEqual({ device: 'import-hystreet-331', hours: 959, stored: 959, held: 0 });
    expect(server.asked).toHaveLength(2);
    const cells = await cellsOf('import-hystreet-331');
    expect(cells).toHaveLength(959);
    expect(cells.some(({ startMs }) => startMs === start + 100 * hourMs)).toBe(false);
    expect(cells[24]).toMatchObject({ in: 0, out: 0, coverageSeconds: 3600 });
    expect(cells[25]).toMatchObject({ in: 0, out: 1 });
  });

  test('goes on where it ended, and pulled again changes nothing', async () => {
    await pull();
    server.hours += 3;
    server.asked.length = 0;
    expect(await pull()).toMatchObject({ hours: 3, stored: 3 });
    expect(server.asked).toEqual([`/locations/331 ${new Date(start + 960 * hourMs).toISOString()}`]);
    expect(await pull()).toMatchObject({ hours: 0, stored: 0 });
    expect(await cellsOf('import-hystreet-331')).toHaveLength(962);
  });

  test('waits for hours that are not verified, but no longer than a week', async () => {
    server.unverified = 10;
    expect(await pull()).toMatchObject({ hours: 949, held: 10 });
    const later = start + server.hours * hourMs + 8 * 24 * hourMs;
    expect(await pull({ nowMs: later })).toMatchObject({ hours: 10, stored: 10, held: 0 });
  });

  test('makes a street of it, with nobody having said so', async () => {
    await pull();
    const plan = planSites(await store.readDirectory(), 'Europe/Zurich');
    expect(plan.lines).toMatchObject([
      { id: 'import-hystreet-331.street', role: 'street', kind: 'crossing' },
    ]);
  });

  test.each([
    ['a token that is refused', { token: 'wrong' }, null, /the token is refused/],
    ['a location that is not there', {}, { status: 404, body: '{}' }, /no such location/],
    ['a server that is ill', {}, { status: 503, body: '' }, /answered 503/],
    ['a page instead of an answer', {}, { status: 200, body: '<html>' }, /not JSON/],
    [
      'something else',
      {},
      { status: 200, body: '{"measurements":[{"timestamp":3}]}' },
      /not an answer of hystreet/,
    ],
    [
      'a time without its offset',
      {},
      { status: 200, body: '{"measurements":[{"timestamp":"2026-01-01T01:00:00","pedestrians_count":3}]}' },
      /not a full hour with its offset/,
    ],
    [
      'an hour that is there twice',
      {},
      {
        status: 200,
        body: JSON.stringify({
          measurements: [1, 2].map((count) => ({
            timestamp: '2026-01-01T01:00:00Z',
            pedestrians_count: count,
          })),
        }),
      },
      /is there twice/,
    ],
    ['a name that is a path', { location: '../users' }, null, /is no location/],
  ])('%s is one clear line, and nothing is stored', async (_, changes, answer, message) => {
    server.answer = answer === null ? null : () => answer;
    const refused = pull(changes);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(PullError);
    expect((await store.readDirectory()).devices).toEqual([]);
  });

  test('by the command reads its token from a file and says what it did', async () => {
    server.hours = 30;
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'secret\n');
    const out: string[] = [];
    const streams = {
      stdin: process.stdin,
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => out.push(text) },
    };
    const words = [
      'import',
      'hystreet',
      '331',
      '--data',
      join(folder, 'data'),
      '--url',
      url,
      '--since',
      '2026-01-01',
    ];
    expect(await runCommand(commandOf([...words, '--token-file', tokenFile])!, streams)).toBe(0);
    expect(out.join('')).toBe('import-hystreet-331: 30 hours, 30 of them new, 0 not verified yet\n');
    expect(await runCommand(commandOf(words)!, streams)).toBe(2);
    expect(out.at(-1)).toContain('--token-file');
  });
});

describe('the CSV of a city in the columns of hystreet', () => {
  const head =
    'timestamp,location_id,location_name,ltr_label,rtl_label,weather_condition,temperature,pedestrians_count,unverified,ltr_pedestrians_count,rtl_pedestrians_count';
  const run = (lines: readonly string[]) => {
    async function* bytes() {
      yield Buffer.from(`${[head, ...lines].join('\n')}\n`);
    }
    return importSeries(store, { format: 'hystreet', open: bytes, receivedAtMs: 0 });
  };

  test('comes in as a street with its directions', async () => {
    const imported = await run([
      '2026-01-01T01:00:00+01:00,331,"Bahnhofstrasse (Mitte)",See,Bahnhof,rain,3.1,12,false,5,7',
      '2026-01-01T02:00:00.000+01:00,331,"Bahnhofstrasse (Mitte)",See,Bahnhof,,,0,false,0,0',
    ]);
    expect(imported).toMatchObject([{ device: 'import-bahnhofstrasse-mitte', points: 2, stored: 2 }]);
    expect(await cellsOf('import-bahnhofstrasse-mitte')).toMatchObject([
      { in: 5, out: 7 },
      { in: 0, out: 0 },
    ]);
  });

  test('is refused by its line where a time has no offset', async () => {
    await expect(run(['2026-01-01T01:00:00,331,x,a,b,,,12,false,5,7'])).rejects.toThrow(/^line 2: /);
  });
});

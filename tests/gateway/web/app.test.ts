import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import type { DeviceStatus } from '../../../gateway/contract/device-status.ts';
import {
  Completeness,
  CrossingCounts,
  DeviceList,
  Health,
  LineCounts,
  MotionCounts,
  PresenceCounts,
  SiteList,
} from '../../../gateway/contract/http-api.ts';
import { noProfileHash } from '../../../gateway/contract/site-profile.ts';
import { Intake, storageRetryMs } from '../../../gateway/ingest/intake.ts';
import { newIntakeCounters } from '../../../gateway/ingest/intake-counters.ts';
import { RunningTotals } from '../../../gateway/ingest/running-totals.ts';
import { setupOf } from '../../../gateway/setup.ts';
import { StoreError } from '../../../gateway/store/count-store.ts';
import {
  openSqliteCountStore,
  type SqliteCountStore,
} from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { routeAudiences } from '../../../gateway/web/access/route-audiences.ts';
import { buildApp } from '../../../gateway/web/api/app.ts';
import { CountsReader } from '../../../gateway/web/api/counts-reader.ts';
import { problems } from '../../../gateway/web/api/problems.ts';
import { LiveBoard } from '../../../gateway/web/live-board.ts';
import { RecordedLink } from '../../doubles/recorded-link.ts';
import {
  admitted,
  crossing,
  motion,
  presence,
  refused,
  sampleEpoch,
  sampleStart,
} from '../sample-intervals.ts';
import { openEnrolmentParts } from './enrolment-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'passant-app-'));
let nowMs = sampleStart + 4 * 3_600_000;
const day = 'from=2026-03-02T00:00:00%2B01:00&to=2026-03-03T00:00:00%2B01:00';
let app: FastifyInstance;
let store: SqliteCountStore;
let intake: Intake;
const link = new RecordedLink();

const status: DeviceStatus = {
  version: 1,
  online: true,
  software: '0.1.0',
  bootId: 'b0',
  startedAt: null,
  epoch: sampleEpoch,
  profile: noProfileHash,
  clock: 'synced',
  wifiMode: 'rate',
  sensors: [
    { sensor: 'door', kind: 'vl53l1x', simulated: true, state: 'counting', flags: [] },
    { sensor: 'wifi', kind: 'wifi-probe', simulated: false, state: 'counting', flags: [] },
  ],
  health: { outboxHeld: 2, outboxFull: false, lastSequence: 14, epochReason: 'first' },
};

beforeAll(async () => {
  store = await openSqliteCountStore(join(folder, 'counts.sqlite'));
  const door = { device: 'shop-1', sensor: 'door', role: 'counts' as const, lane: 0, swapped: false };
  const line = { id: 'shop-door', name: 'Door', role: 'entrance' as const, kind: 'crossing' as const };
  const place = { organisation: 'Lange', town: 'Iserlohn', timeZone: 'Europe/Berlin' };
  await store.applySetup(
    setupOf([{ id: 'shop', name: 'Shop', ...place, lines: [{ ...line, sensors: [door] }] }]),
  );
  const intervals = [
    crossing(1),
    crossing(2),
    crossing(31),
    motion(4),
    presence(5),
    presence(6, { indicator: 20.5 }),
  ].map((interval, index) => ({ ...interval, sequence: [1, 2, 3, 6, 7, 8][index]! }));
  await store.commitBatch(admitted(intervals, { refused: [refused(4, 4)] }));
  await store.recordStatus('shop-1', status, sampleStart);
  const now = () => nowMs;
  const running = new RunningTotals();
  const counters = newIntakeCounters();
  const alarm = { paused: () => {}, resumed: () => {}, failed: () => {} };
  intake = new Intake({ now, alarm, counters });
  const reader = new CountsReader({ store, running, timeZone: 'Europe/Berlin', now });
  const board = new LiveBoard({ reader, now, failed: () => {} });
  const logger = pino({ level: 'silent' });
  const enrolment = await openEnrolmentParts(store, now);
  const settings = parseGatewayConfig({}, 'test');
  const parts = {
    store,
    reader,
    intake,
    counters,
    link,
    board,
    software: '0.1.0',
    logger,
    enrolment,
    settings,
  };
  app = await buildApp(parts);
});
afterAll(async () => {
  await app.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function get(path: string): Promise<{ status: number; type: string; body: unknown }> {
  const { statusCode, headers, body } = await app.inject(path);
  return { status: statusCode, type: String(headers['content-type']), body: JSON.parse(body) };
}

describe('what is answered keeps to the contract', () => {
  test.each([
    ['/v1/sites', SiteList],
    [`/v1/lines/shop-door/counts?${day}&resolution=1h`, CrossingCounts],
    [`/v1/lines/shop-1.pir/counts?${day}&resolution=15m`, MotionCounts],
    [`/v1/lines/shop-1.wifi/counts?${day}&resolution=1d`, PresenceCounts],
    [`/v1/lines/shop-1.wifi/counts?${day}`, LineCounts],
    ['/v1/devices', DeviceList],
    ['/v1/devices/shop-1/completeness', Completeness],
    ['/v1/health', Health],
  ])('%s', async (path, schema) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(Compile(schema as typeof Health).Errors(answer.body)).toEqual([]);
  });
});

describe('sites', () => {
  test('show lines by site, sensors without a line as such, and what is simulated', async () => {
    const { body } = await get('/v1/sites');
    const { sites } = body as SiteList;
    expect(sites.map(({ id }) => id)).toEqual(['shop', 'unassigned']);
    expect(sites[0]?.lines).toEqual([
      { id: 'shop-door', name: 'Door', role: 'entrance', kind: 'crossing', simulated: true },
    ]);
    expect(sites[1]?.lines.map(({ id, kind, simulated }) => [id, kind, simulated])).toEqual([
      ['shop-1.pir', 'motion', false],
      ['shop-1.wifi', 'presence', false],
    ]);
    expect(sites[0]?.today).toEqual({ from: '2026-03-01T23:00:00Z', to: '2026-03-02T23:00:00Z' });
  });
});

describe('counts', () => {
  test('are the sums of the minutes in every resolution, null where nobody looked', async () => {
    for (const resolution of ['5m', '15m', '1h', '1d']) {
      const { body } = await get(`/v1/lines/shop-door/counts?${day}&resolution=${resolution}`);
      const { cells, total } = body as CrossingCounts;
      const seen = cells.filter((cell) => cell.in !== null);
      expect(total).toMatchObject({ in: 9, out: 6, standardErrorIn: 0.5196 });
      expect(seen.reduce((sum, cell) => sum + cell.in!, 0)).toBe(9);
      for (const cell of cells) expect(cell.in === null).toBe(cell.coverage === 0);
    }
  });

  test('of a presence line are an indicator, not people', async () => {
    const { body } = await get(`/v1/lines/shop-1.wifi/counts?${day}&resolution=1d`);
    expect((body as PresenceCounts).total).toMatchObject({
      frames: 240,
      indicator: 19,
      standardError: 2.1213,
    });
    expect((body as PresenceCounts).total).not.toHaveProperty('in');
  });
});

test('a local date stands for its first moment', async () => {
  const asked = async (range: string) =>
    (await get(`/v1/lines/shop-door/counts?${range}&resolution=1h`)).body;
  const byDate = await asked('from=2026-03-02&to=2026-03-03');
  expect(byDate).toEqual(await asked('from=2026-03-01T23:00:00Z&to=2026-03-02T23:00:00Z'));
  expect((byDate as CrossingCounts).cells).toHaveLength(24);
});

describe('completeness', () => {
  test('accounts for every sequence the device says it has closed', async () => {
    const { body } = await get('/v1/devices/shop-1/completeness');
    const { totals, epochs } = body as Completeness;
    expect(totals).toEqual({ sent: 14, stored: 6, refused: 1, gone: 0, reused: 0, missing: 7 });
    expect(epochs).toMatchObject([
      {
        epoch: sampleEpoch,
        through: 4,
        missing: [
          [5, 5],
          [9, 14],
        ],
        refusals: [{ from: 4, to: 4, reason: 'invalid' }],
      },
    ]);
  });
});

describe('what cannot be answered', () => {
  const counts = '/v1/lines/shop-door/counts';
  test.each([
    ['/v1/nothing', 'not-found'],
    [`/v1/lines/nowhere/counts?${day}`, 'not-found'],
    ['/v1/devices/nobody/completeness', 'not-found'],
    [`/v1/lines/${'x'.repeat(63)}.${'y'.repeat(63)}/counts?${day}`, 'not-found'],
    [`/v1/lines/${'x'.repeat(300)}/counts?${day}`, 'invalid-request'],
    ['/v1/lines/%zz/counts', 'invalid-request'],
    [`/v1/lines/UPPER/counts?${day}`, 'invalid-request'],
    [`${counts}?from=2026-03-02T00:00:00Z`, 'invalid-request'],
    [`${counts}?${day}&resolution=2h`, 'invalid-request'],
    [`${counts}?${day}&person=1`, 'invalid-request'],
    [`${counts}?from=yesterday&to=today`, 'invalid-request'],
    [`${counts}?from=2026-03-02T00:00:00&to=2026-03-03T00:00:00`, 'invalid-request'],
    [`${counts}?from=2026-13-02T00:00:00Z&to=2026-03-03T00:00:00Z`, 'invalid-request'],
    [`${counts}?from=2026-03-03T00:00:00Z&to=2026-03-02T00:00:00Z`, 'range-reversed'],
    [`${counts}?from=2026-03-03T00:00:00Z&to=2026-03-03T00:00:00Z`, 'range-reversed'],
    [`${counts}?from=2026-02-30&to=2026-03-03`, 'invalid-request'],
    [`${counts}?from=2026-03-03&to=2026-03-02`, 'range-reversed'],
    [`${counts}?from=2026-03-02T00:10:00Z&to=2026-03-03T00:00:00Z&resolution=15m`, 'range-unaligned'],
    [`${counts}?from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z&resolution=1d`, 'range-unaligned'],
    [`${counts}?from=1926-03-02T00:00:00Z&to=2026-03-02T00:00:00Z&resolution=1h`, 'range-too-long'],
  ] as const)('%s is a problem: %s', async (path, code) => {
    const answer = await get(path);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ type: `/problems/${code}`, status: problems[code].status });
    expect(answer.status).toBe(problems[code].status);
  });
});

describe('health, metrics and the document', () => {
  test('a storage that refuses is an alarm with its cause until it takes again', async () => {
    await intake.attempt(async () => {
      throw new StoreError('storage-full', 'the storage is full');
    });
    expect((await get('/v1/health')).body).toMatchObject({
      status: 'alarm',
      intake: { state: 'paused', cause: 'the storage is full' },
    });
    expect((await app.inject('/metrics')).body).toMatch(/^passant_intake_paused 1$/m);
    nowMs += storageRetryMs;
    await intake.attempt(async () => true);
    expect((await get('/v1/health')).body).toMatchObject({ status: 'ok', intake: { state: 'flowing' } });
  });

  test('a broker that is away is an alarm', async () => {
    expect((await get('/v1/health')).body).toMatchObject({ status: 'ok', intake: { state: 'flowing' } });
    link.connected = false;
    expect((await get('/v1/health')).body).toMatchObject({ status: 'alarm', broker: { connected: false } });
    link.connected = true;
  });

  test('metrics are lines of a name, a number and what they mean', async () => {
    const { headers, body } = await app.inject('/metrics');
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(body).toMatch(/^passant_messages_refused_total\{reason="sequence-reused"\} 0$/m);
    for (const line of body.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) passant_\w+ .+|passant_\w+(\{reason="[a-z-]+"\})? \d+)$/);
    }
  });

  test('the OpenAPI document names every path, closed answers and examples', async () => {
    const { body } = await get('/openapi.json');
    const document = body as { openapi: string; paths: Record<string, unknown> };
    expect(document.openapi).toBe('3.1.0');
    const decided = Object.keys(routeAudiences)
      .map((route) => route.split(' ')[1]!.replace(':id', '{id}').replace('*', '{*}'))
      .filter((path) => !/^\/(docs|openapi.json|widget.(html|js))$/.test(path));
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(decided)].sort());
    expect(JSON.stringify(document)).toContain('"additionalProperties":false');
    expect(JSON.stringify(document)).toContain('Papeterie Lange');
  });
});

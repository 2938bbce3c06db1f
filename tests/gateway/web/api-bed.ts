import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import { Intake } from '../../../gateway/ingest/intake.ts';
import { newIntakeCounters } from '../../../gateway/ingest/intake-counters.ts';
import { RunningTotals } from '../../../gateway/ingest/running-totals.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import type { AccessPolicy } from '../../../gateway/web/access/access.ts';
import { type AppSettings, buildApp } from '../../../gateway/web/api/app.ts';
import { CountsReader } from '../../../gateway/web/api/counts-reader.ts';
import { LiveBoard } from '../../../gateway/web/live-board.ts';
import { RecordedLink } from '../../doubles/recorded-link.ts';
import { admitted, crossing, sampleStart } from '../sample-intervals.ts';
import { openEnrolmentParts } from './enrolment-parts.ts';

export interface ApiBed {
  readonly app: FastifyInstance;
  readonly store: GatewayStore;
  /** Milliseconds since 1970; a test may move it. */
  readonly clock: { nowMs: number };
  close(): Promise<void>;
}

/** The interface over a real store with two sites of one line each, counted by one device each. */
export async function openApiBed(
  accessPolicy: AccessPolicy = 'auto',
  changes: Partial<AppSettings> = {},
): Promise<ApiBed> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-api-'));
  const store = await openSqliteCountStore(join(folder, 'counts.sqlite'));
  const clock = { nowMs: sampleStart + 4 * 3_600_000 };
  const now = () => clock.nowMs;
  await store.applySetup(setup);
  for (const device of ['shop-1', 'cafe-1']) {
    const minutes = Array.from({ length: 120 }, (_, index) => crossing(index + 1, { in: index % 3 }));
    await store.commitBatch(admitted(minutes, { device }));
  }
  const counters = newIntakeCounters();
  const alarm = { paused: () => {}, resumed: () => {}, failed: () => {} };
  const intake = new Intake({ now, alarm, counters });
  const reader = new CountsReader({ store, running: new RunningTotals(), timeZone: 'Europe/Berlin', now });
  const board = new LiveBoard({ reader, now, failed: () => {} });
  const logger = pino({ level: 'silent' });
  const parts = {
    store,
    reader,
    intake,
    counters,
    link: new RecordedLink(),
    board,
    software: '0.1.0',
    logger,
    settings: { ...parseGatewayConfig({}, 'test'), ...changes },
  };
  const enrolment = await openEnrolmentParts(store, now);
  const app = await buildApp({ ...parts, accessPolicy, now, enrolment });
  await app.ready();
  return {
    app,
    store,
    clock,
    close: async () => {
      await app.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const setup = {
  sites: ['shop', 'cafe'].map((id) => ({
    id,
    name: id,
    organisation: 'Lange',
    town: 'Iserlohn',
    timeZone: 'Europe/Berlin',
  })),
  lines: ['shop', 'cafe'].map((site) => ({
    id: `${site}-door`,
    site,
    name: 'Door',
    role: 'entrance' as const,
    kind: 'crossing' as const,
  })),
  assignments: ['shop', 'cafe'].map((site) => ({
    line: `${site}-door`,
    device: `${site}-1`,
    sensor: 'door',
    role: 'counts' as const,
    lane: 0,
    sign: 1 as const,
    fromMs: null,
    untilMs: null,
  })),
};

import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrossingInterval } from '../../../gateway/contract/count-batch.ts';
import type { Protection } from '../../../gateway/contract/protection.ts';
import { SealFile } from '../../../gateway/sealing/seal-file.ts';
import { Sealer } from '../../../gateway/sealing/sealer.ts';
import type { Setup } from '../../../gateway/store/count-store.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';
import type { Seal } from '../../../gateway/store/seal-store.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import type { DrawBelow } from '../../../gateway/values/discrete-laplace.ts';
import { admitted, crossing, minuteOf, sampleStart } from '../sample-intervals.ts';

const hourMs = 3_600_000;

/** One shop with one door of a device, over a real store, sealed when a test says so. */
export interface SealingBed {
  readonly folder: string;
  readonly databaseFile: string;
  store: GatewayStore;
  readonly clock: { nowMs: number };
  readonly file: SealFile;
  /** Replaces the kernel's generator for what is sealed from now on. */
  draw: DrawBelow;
  /** One round of a sealer of its own, as another process or a restarted one would do it. */
  round(): Promise<void>;
  /** Delivers a whole hour of minutes, from `sampleStart` on, with these people in each minute. */
  deliverHour(hour: number, people: (minute: number) => Partial<CrossingInterval>): Promise<void>;
  seals(): Promise<Seal[]>;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export async function openSealingBed(protection?: Protection): Promise<SealingBed> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-seals-'));
  const databaseFile = join(folder, 'counts.sqlite');
  const store = await openSqliteCountStore(databaseFile);
  await store.applySetup(shopWithDoor(protection));
  const clock = { nowMs: sampleStart };
  const { id } = await store.readSealBook();
  const bed: SealingBed = {
    folder,
    databaseFile,
    store,
    clock,
    draw: (below) => randomInt(below),
    file: new SealFile(join(folder, 'seals.ndjson'), id),
    round: async () => {
      const parts = { store: bed.store, file: bed.file, timeZone: 'Europe/Berlin', now: () => clock.nowMs };
      await new Sealer({ ...parts, draw: bed.draw }).round();
    },
    deliverHour: async (hour, people) => {
      const first = hour * 60 + 1;
      const minutes = Array.from({ length: 60 }, (_, minute) => crossing(first + minute, people(minute)));
      await bed.store.commitBatch(admitted(minutes, { receivedAtMs: clock.nowMs }));
    },
    seals: () => bed.store.readSeals('shop-door', { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }),
    reopen: async () => {
      await bed.store.close();
      bed.store = await openSqliteCountStore(databaseFile);
    },
    close: async () => {
      await bed.store.close();
      rmSync(folder, { recursive: true });
    },
  };
  return bed;
}

export const afterHour = (hour: number): number => Date.parse(minuteOf(1)) + (hour + 1) * hourMs + 120_000;

function shopWithDoor(protection?: Protection): Setup {
  const site = {
    id: 'shop',
    name: 'shop',
    organisation: 'Lange',
    town: 'Iserlohn',
    timeZone: 'Europe/Berlin',
    ...(protection ? { protection } : {}),
  };
  const line = {
    id: 'shop-door',
    site: 'shop',
    name: 'Door',
    role: 'entrance' as const,
    kind: 'crossing' as const,
  };
  const sensor = { line: 'shop-door', device: 'shop-1', sensor: 'door', role: 'counts' as const };
  return {
    sites: [site],
    lines: [line],
    assignments: [{ ...sensor, lane: 0, sign: 1, fromMs: null, untilMs: null }],
  };
}

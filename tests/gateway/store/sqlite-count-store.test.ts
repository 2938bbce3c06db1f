import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeChunk } from '../../../gateway/store/minute-chunk.ts';
import { openDatabase } from '../../../gateway/store/sqlite/open-database.ts';
import { openSqliteCountStore, SqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import {
  quarantineHeadBytesMax,
  quarantineRowsMax,
} from '../../../gateway/store/sqlite/sqlite-quarantine.ts';
import { countStoreSuite } from '../../suites/count-store.suite.ts';
import { gatewayStoreSuite } from '../../suites/gateway-store.suite.ts';
import { sealStoreSuite } from '../../suites/seal-store.suite.ts';
import type { StoreBed } from '../../suites/store-bed.ts';
import { admitted, crossing, sampleStart } from '../sample-intervals.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'passant-store-'));

const openBed = async (): Promise<StoreBed> => {
  const folder = temporary();
  const open = () => openSqliteCountStore(join(folder, 'counts.sqlite'));
  return {
    open,
    reopen: async (store) => {
      await store.close();
      return open();
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
};
countStoreSuite('SQLite', openBed);
gatewayStoreSuite('SQLite', openBed);
sealStoreSuite('SQLite', openBed);

describe('the SQLite store', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporary();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('refuses a full storage with nothing half done, and goes on when there is room', async () => {
    const { database, storeId } = openDatabase(join(folder, 'counts.sqlite'));
    const store = new SqliteCountStore(database, storeId);
    const pages = database.pragma('page_count', { simple: true }) as number;
    database.pragma(`max_page_count = ${pages + 2}`);
    let sequence = 0;
    const fill = async () => {
      for (; sequence < 5_000; sequence += 1) await store.commitBatch(admitted([crossing(sequence + 1)]));
    };
    await expect(fill()).rejects.toMatchObject({ name: 'StoreError', code: 'storage-full' });
    const [account] = await store.readAccounts('shop-1');
    expect(sequence).toBeGreaterThan(0);
    expect(account?.through).toBe(sequence);
    const bodies = database.prepare<[], Buffer>('SELECT body FROM hours_of_minutes').pluck().all();
    expect(bodies.flatMap(decodeChunk)).toHaveLength(sequence);

    database.pragma(`max_page_count = ${pages + 100}`);
    const after = await store.commitBatch(admitted([crossing(sequence + 1)]));
    expect(after.account.through).toBe(sequence + 1);
    await store.close();
  });

  test('keeps the newest poison only, and the head of each', async () => {
    const file = join(folder, 'counts.sqlite');
    const store = await openSqliteCountStore(file);
    const entry = { receivedAtMs: sampleStart, device: null, reason: 'invalid', detail: 'not JSON' } as const;
    const payload = Buffer.alloc(quarantineHeadBytesMax * 3, 7);
    for (let number = 0; number < quarantineRowsMax + 20; number += 1) {
      await store.quarantine({ ...entry, payload });
    }
    await store.close();
    const database = new Database(file, { readonly: true });
    const row = database
      .prepare(
        'SELECT count(*) AS rows, max(length(head)) AS head, max(bytes) AS bytes, min(entry) AS first FROM quarantine',
      )
      .get();
    expect(row).toEqual({
      rows: quarantineRowsMax,
      head: quarantineHeadBytesMax,
      bytes: payload.byteLength,
      first: 21,
    });
    database.close();
  });

  test('says which file is no database of ours', async () => {
    const file = join(folder, 'counts.sqlite');
    writeFileSync(file, 'this is not a database, and longer than a header of one hundred bytes '.repeat(4));
    await expect(openSqliteCountStore(file)).rejects.toMatchObject({
      code: 'store-unusable',
      message: expect.stringContaining(file),
    });
  });

  test('leaves a schema of the future alone', async () => {
    const file = join(folder, 'counts.sqlite');
    await (await openSqliteCountStore(file)).close();
    const database = new Database(file);
    database.pragma('user_version = 999');
    database.close();
    await expect(openSqliteCountStore(file)).rejects.toThrow(/schema 999 is newer/);
  });
});

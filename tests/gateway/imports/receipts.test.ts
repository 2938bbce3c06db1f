import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importReceipts, type ReceiptsMonth } from '../../../gateway/ingest/imports/receipt-series.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';

let folder: string;
let store: GatewayStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'passant-receipts-'));
  store = await openSqliteCountStore(join(folder, 'counts.sqlite'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function* bytes(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(`${lines.join('\r\n')}\r\n`);
  for (let at = 0; at < all.length; at += 5) yield all.subarray(at, at + 5);
}

const run = (lines: readonly string[], timeZone = 'Europe/Berlin') =>
  importReceipts(store, { site: 'shop', timeZone, chunks: bytes(lines), atMs: Date.now() });

async function stored(): Promise<Record<string, number>> {
  const months = (await store.readRecords('receipts-month')).map(({ body }) => body as ReceiptsMonth);
  return Object.fromEntries(
    months.flatMap(({ hours }) => hours.map(({ start, receipts }) => [start.slice(0, 16), receipts])),
  );
}

describe('receipts by the hour', () => {
  const expected = { '2026-03-07T09:00': 12, '2026-03-07T10:00': 0, '2026-03-31T22:00': 3 };

  test.each([
    ['English', ['hour,receipts', '2026-03-07 10:00,12', '2026-03-07 11:00,0', '2026-04-01 00:00,3']],
    ['German', ['\uFEFFStunde;Bons', '07.03.2026 10:00;12', '07.03.2026 11:00 Uhr;0', '01.04.2026 0:00;3']],
    [
      'German in two columns',
      ['Datum;Uhrzeit;Kasse;Anzahl', '7.3.2026;10:00;1;12', '7.3.2026;11:00;1;0', '1.4.2026;00:00;1;3'],
    ],
    [
      'ISO',
      [
        'timestamp,count',
        '2026-03-07T09:00:00Z,12',
        '2026-03-07T11:00:00+01:00,0',
        '2026-03-31T22:00:00.000Z,3',
      ],
    ],
  ])('in %s come in as they are', async (_, lines) => {
    expect(await run(lines)).toEqual({ receipts: 15, hours: 3 });
    expect(await stored()).toEqual(expected);
  });

  test('replace the hours they speak of and leave the others', async () => {
    await run(['hour,receipts', '2026-03-07 10:00,12', '2026-03-07 11:00,5']);
    await run(['hour,receipts', '2026-03-07 11:00,6']);
    expect(await stored()).toEqual({ '2026-03-07T09:00': 12, '2026-03-07T10:00': 6 });
  });
});

describe('receipts one by one', () => {
  test('are counted by hour, and hours of their day without any are 0', async () => {
    const lines = [
      'Zeitpunkt;Betrag',
      '07.03.2026 14:05:11;12,50',
      '07.03.2026 14:59;3,00',
      '07.03.2026 16:00;1,00',
    ];
    expect(await run(lines)).toEqual({ receipts: 3, hours: 24 });
    const hours = await stored();
    expect(hours['2026-03-07T13:00']).toBe(2);
    expect(hours['2026-03-07T14:00']).toBe(0);
    expect(hours['2026-03-07T15:00']).toBe(1);
  });

  test('of a day with 25 hours have 25, and the amounts are nowhere', async () => {
    await run(['time,amount', '2026-10-25T02:30:00+01:00,98765.43']);
    expect(Object.keys(await stored())).toHaveLength(25);
    expect(JSON.stringify(await store.readRecords('receipts-month'))).not.toContain('98765');
  });
});

describe('a file that cannot be taken', () => {
  test.each([
    ['has no column of times', ['a,b', '1,2'], 1],
    ['says a month before a day', ['time,receipts', '3/7/2026 10:00,4'], 2],
    ['says half an hour with a number', ['hour,receipts', '2026-03-07 10:00,4', '2026-03-07 10:30,4'], 3],
    ['says an hour twice', ['hour,receipts', '2026-03-07 10:00,4', '2026-03-07 10:00,4'], 3],
    ['says a 30 February', ['Stunde;Bons', '30.02.2026 10:00;4'], 2],
    ['says a negative number', ['Stunde;Bons', '07.03.2026 10:00;-4'], 2],
    ['says an amount', ['Stunde;Bons', '07.03.2026 10:00;4,50'], 2],
    ['has a formula', ['hour,receipts', '2026-03-07 10:00,=1+1'], 2],
    ['mixes commas and semicolons', ['Stunde;Bons', '07.03.2026 10:00,4'], 2],
    ['is empty', ['hour,receipts'], 1],
  ])('because it %s is refused by its line, and nothing is half imported', async (_, lines, line) => {
    await expect(run(lines)).rejects.toThrow(new RegExp(`^line ${line}: `));
    expect(await stored()).toEqual({});
  });
});

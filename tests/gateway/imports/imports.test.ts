import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImportError, readCsvRecords } from '../../../gateway/ingest/imports/csv-records.ts';
import { importSeries } from '../../../gateway/ingest/imports/import-series.ts';
import type { SeriesFormat } from '../../../gateway/ingest/imports/series-formats.ts';
import { importWeather, type WeatherHour } from '../../../gateway/ingest/imports/weather-series.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';

const head = 'Zeitstempel;Wetter;Temperatur;Passanten;Location Name;Passanten ltr;Passanten rtl';
/** As the real file: hours of the local clock with offset, the repeated hour of autumn there once. */
const autumn = [
  `\uFEFF${head}`,
  '2024-10-27T01:00:00+02:00;clear-night;9,5;120;Schönbornstraße;;',
  '2024-10-27T02:00:00+01:00;clear-night;-0,5;0;Schönbornstraße;;',
  '2024-10-27T03:00:00+01:00;;;30;Schönbornstraße;10;20',
];

async function* bytes(text: string | readonly string[], size = 7): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(typeof text === 'string' ? text : `${text.join('\r\n')}\r\n`);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

let folder: string;
let store: GatewayStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'passant-import-'));
  store = await openSqliteCountStore(join(folder, 'counts.sqlite'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const run = (text: string | readonly string[], format: SeriesFormat = 'wuerzburg') =>
  importSeries(store, { format, open: () => bytes(text), receivedAtMs: 0 });
const hoursOf = (device: string, from: string, to: string) =>
  store.readCells({
    device,
    sensor: 'series',
    kind: 'crossing',
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    cellSeconds: 3600,
  });

describe('a street series', () => {
  test('keeps zero, leaves the lost hour out, and takes directions where they make up the total', async () => {
    const imported = await run(autumn);
    expect(imported).toMatchObject([{ device: 'import-schonbornstrasse', points: 3, stored: 3 }]);
    const cells = await hoursOf('import-schonbornstrasse', '2024-10-26T22:00:00Z', '2024-10-27T23:00:00Z');
    expect(
      cells.map(({ startMs, in: ins, out }) => [new Date(startMs).toISOString().slice(11, 16), ins, out]),
    ).toEqual([
      ['23:00', 120, 0],
      ['01:00', 0, 0],
      ['02:00', 10, 20],
    ]);
  });

  test('imported again changes nothing', async () => {
    await run(autumn);
    expect(await run(autumn)).toMatchObject([{ points: 3, stored: 0 }]);
  });

  test.each([
    ['a formula cell', [...autumn, '2024-10-27T04:00:00+01:00;;;=1+1;Schönbornstraße;;'], 5],
    ['a negative count', [...autumn, '2024-10-27T04:00:00+01:00;;;-4;Schönbornstraße;;'], 5],
    ['commas among semicolons', [...autumn, '2024-10-27T04:00:00+01:00,,,4,Schönbornstraße,,'], 5],
    ['a time without offset', [...autumn, '2024-10-27T04:00:00;;;4;Schönbornstraße;;'], 5],
    ['an hour that is there twice', [...autumn, autumn[3]!], 5],
    ['a time that goes back', [...autumn, '2023-10-27T04:00:00+01:00;;;4;Schönbornstraße;;'], 5],
    ['a missing column', ['Zeitstempel;Passanten', '2024-10-27T04:00:00+01:00;4'], 1],
    ['a stray quotation mark', [...autumn, '2024-10-27T04:00:00+01:00;;;"4";Schön"bornstraße;;'], 5],
    [
      'a place of its own in every line',
      [
        head,
        ...Array.from({ length: 501 }, (_, number) => `2024-10-27T04:00:00+01:00;;;4;Platz ${number};;`),
      ],
      502,
    ],
    ['nothing', [head], 1],
  ])('with %s is refused by its line, and nothing is half imported', async (_, text, line) => {
    await expect(run(text)).rejects.toThrow(new RegExp(`^line ${line}: `));
    expect((await store.readDirectory()).devices).toEqual([]);
  });
});

describe('a door series', () => {
  test('has two flows in local time without offset', async () => {
    const imported = await run(
      '7,07/24/05,00:00:00,2\n9,07/24/05,00:00:00,5\n7,07/24/05,00:30:00,1\n9,07/24/05,00:30:00,0',
      'calit2',
    );
    expect(imported.map(({ device, points }) => [device, points])).toEqual([
      ['import-door-flow-7', 2],
      ['import-door-flow-9', 2],
    ]);
    const [out] = await hoursOf('import-door-flow-7', '2005-07-24T07:00:00Z', '2005-07-24T08:00:00Z');
    expect(out).toMatchObject({ in: 0, out: 3 });
  });

  test.each(['8,07/24/05,00:00:00,2', '7,24/07/05,00:00:00,2', '7,07/24/05,25:00:00,2'])(
    'does not take %s',
    async (text) => {
      await expect(run(text, 'calit2')).rejects.toThrow(ImportError);
    },
  );
});

describe('weather', () => {
  test('comes hour by hour with decimal commas, nothing where nothing is said', async () => {
    expect(await importWeather(store, { site: 'markt', chunks: bytes(autumn), atMs: 5 })).toBe(3);
    const [month] = await store.readRecords('weather-month');
    expect(month!.id).toBe('markt-2024-10');
    expect((month!.body as { hours: WeatherHour[] }).hours.slice(1)).toEqual([
      { start: '2024-10-27T01:00:00.000Z', condition: 'clear-night', temperatureCelsius: -0.5 },
      { start: '2024-10-27T02:00:00.000Z', condition: null, temperatureCelsius: null },
    ]);
  });

  test('that cannot be is refused by its line', async () => {
    const hot = [...autumn, '2024-10-27T04:00:00+01:00;=cmd;5;4;Schönbornstraße;;'];
    await expect(importWeather(store, { site: 'markt', chunks: bytes(hot), atMs: 5 })).rejects.toThrow(
      /^line 5: /,
    );
    expect(await store.readRecords('weather-month')).toEqual([]);
  });
});

describe('hostile files', () => {
  const all = async (chunks: AsyncIterable<Uint8Array>) => {
    let records = 0;
    for await (const _ of readCsvRecords(chunks, ',')) records += 1;
    return records;
  };

  test('that are not UTF-8 are refused by the line', async () => {
    async function* latin() {
      yield Buffer.from('a,b\nc,d\n');
      yield Buffer.from([0x53, 0x63, 0x68, 0xf6, 0x6e, 0x2c, 0x0a]);
    }
    await expect(all(latin())).rejects.toThrow('line 3: not UTF-8');
  });

  test('of a gigabyte take no memory, with line ends or without', async () => {
    const chunk = Buffer.from('2024,5\n'.repeat(9_362));
    async function* rows(megabytes: number, part: Buffer) {
      for (let sent = 0; sent < megabytes * 2 ** 20; sent += part.length) yield part;
    }
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    await expect(all(rows(64, chunk))).rejects.toThrow(/more than 3000000 lines/);
    await expect(all(rows(1_024, Buffer.alloc(65_536, 'x')))).rejects.toThrow(/^line 1: longer than/);
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    expect(after - before).toBeLessThan(64 * 2 ** 20);
  });
});

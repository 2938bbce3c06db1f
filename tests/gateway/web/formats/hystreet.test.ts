import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hystreetId, hystreetRange } from '../../../../gateway/web/api/formats/hystreet-query.ts';
import { documentedPrograms, runDocumented } from '../../../doubles/documented-program.ts';
import { requirePrograms } from '../../../require-programs.ts';
import { sealEverything } from '../../sealing/seal-everything.ts';
import { giveKey } from '../api-keys.ts';
import { shareLine } from '../share-line.ts';
import { type FormatsBed, openFormatsBed } from './formats-bed.ts';

const berlin = 'Europe/Berlin';
const nowMs = Date.parse('2026-03-02T11:20:00Z');

interface Location {
  id: number;
  name: string;
  city: string;
  statistics: { today_count: number | null; timerange_count: number | null };
  metadata: Record<string, string | null>;
  measurements: {
    timestamp: string;
    pedestrians_count: number | null;
    unverified: boolean;
    details: { ltr_pedestrians_count: number | null; rtl_pedestrians_count: number | null; zones: unknown[] };
  }[];
  incidents: object[];
}

describe('the read interface of hystreet', () => {
  let bed: FormatsBed;
  let token: string;
  let partner: string;
  const get = async <T>(path: string, key = token): Promise<T> => {
    const answer = await fetch(`${bed.url}/hystreet/locations${path}`, { headers: { 'X-API-Token': key } });
    expect(answer.status, path).toBe(200);
    return answer.json() as Promise<T>;
  };
  beforeAll(async () => {
    bed = await openFormatsBed();
    token = await giveKey(bed, 'trader', 'all');
    partner = await giveKey(bed, 'partner', 'all');
    await shareLine(bed, 'shop', { line: 'shop-door' });
    const incident = { site: 'shop', kind: 'incident', name: 'Straße gesperrt' };
    const span = { from: '2026-03-02T09:00:00Z', until: '2026-03-02T10:00:00Z' };
    await bed.store.put([{ kind: 'event', id: 'closed', body: { ...incident, ...span } }], 0);
    await sealEverything(bed.store, bed.clock.nowMs);
  });
  afterAll(() => bed.close());
  const cells = async (headers: object) =>
    (
      await bed.app.inject({
        url: '/v1/lines/shop-door/counts?from=2026-03-01T23:00:00Z&to=2026-03-02T23:00:00Z',
        headers: headers as Record<string, string>,
      })
    ).json();

  test('says the same as the API, hour by hour, with nobody as 0 and nobody looking as null', async () => {
    const { cells: hours, total } = await cells({ authorization: `Bearer ${token}` });
    const data = await get<Location>('/shop-door?from=2026-03-02&to=2026-03-02%2023:59:59');
    expect(data.measurements).toHaveLength(24);
    for (const [index, measurement] of data.measurements.entries()) {
      const hour = hours[index];
      expect(Date.parse(measurement.timestamp)).toBe(Date.parse(hour.start));
      expect(measurement.pedestrians_count).toBe(hour.in === null ? null : hour.in + hour.out);
      expect(measurement.details).toEqual({
        ltr_pedestrians_count: hour.in,
        rtl_pedestrians_count: hour.out,
        zones: [],
      });
      expect(measurement.unverified).toBe(hour.in === null);
    }
    expect(data.measurements[11]).toMatchObject({
      timestamp: '2026-03-02T11:00:00.000+01:00',
      pedestrians_count: 0,
    });
    expect(data.measurements[0]).toMatchObject({ pedestrians_count: null });
    expect(data.statistics).toEqual({
      today_count: total.in + total.out,
      timerange_count: total.in + total.out,
    });
    expect(data).toMatchObject({
      id: hystreetId('shop-door'),
      name: 'shop, Door',
      city: 'Iserlohn',
      metadata: {
        measured_from: '2026-03-02T00:00:00.000+01:00',
        measured_to: '2026-03-03T00:00:00.000+01:00',
        earliest_measurement_at: '2026-03-02T00:00:00.000+01:00',
        ltr_label: 'in',
        rtl_label: 'out',
      },
      incidents: [{ name: 'Straße gesperrt', active_from: '2026-03-02T10:00:00.000+01:00' }],
    });
  });

  test('lists lines by whole numbers, id, name and city first, and finds them by either', async () => {
    const list = await get<Location[]>('');
    expect(list.map(({ name }) => name)).toEqual(['shop, Door', 'cafe, Door']);
    expect(Object.keys(list[0]!).slice(0, 3)).toEqual(['id', 'name', 'city']);
    expect(Number.isInteger(list[0]!.id)).toBe(true);
    expect(await get(`/${list[0]!.id}?resolution=day`)).toEqual(await get('/shop-door?resolution=day'));
    expect((await get<Location>('/shop-door?resolution=month')).measurements).toHaveLength(1);
    expect(
      (await get<Location>('/shop-door?resolution=week&from=2026-02-23&to=2026-03-02')).measurements,
    ).toHaveLength(2);
  });

  test('gives partners sealed cells and what is shared with them only', async () => {
    const published = await cells({ 'x-api-token': partner });
    expect(published.value).toBe('published');
    const data = await get<Location>('/shop-door?from=2026-03-02&to=2026-03-02T23:59:59', partner);
    expect(data.measurements.map((one) => one.details.ltr_pedestrians_count)).toEqual(
      published.cells.map((cell: { in: number | null }) => cell.in),
    );
    expect(data.statistics.today_count).toBe(published.total.in + published.total.out);
    expect((await get<Location[]>('', partner)).map(({ name }) => name)).toEqual(['shop, Door']);
    const refused = await fetch(`${bed.url}/hystreet/locations/cafe-door`, {
      headers: { 'X-API-Token': partner },
    });
    expect(refused.status).toBe(404);
    expect((await fetch(`${bed.url}/hystreet/locations`)).status).toBe(401);
  });

  test.each([
    ['from=yesterday', 'invalid-request'],
    ['resolution=minute', 'invalid-request'],
    ['from=2026-03-03&to=2026-03-02', 'range-reversed'],
    ['from=2000-01-01&to=2026-03-02', 'range-too-long'],
  ])('answers %s with %s', async (query, code) => {
    const url = `/hystreet/locations/shop-door?${query}`;
    const answer = await bed.app.inject({ url, headers: { 'x-api-token': token } });
    expect(answer.json()).toMatchObject({ type: `/problems/${code}` });
  });

  test('is read by R as the manual says', async (context) => {
    requirePrograms(context, 'Rscript');
    const [program] = documentedPrograms('interop.md', 'r');
    const printed = await runDocumented(['Rscript', '-e'], program!, environment());
    const { total, cells: hours } = await cells({ authorization: `Bearer ${token}` });
    const sum = total.in + total.out;
    const measured = hours.filter((hour: { in: number | null }) => hour.in !== null).length;
    expect(printed).toBe(`Iserlohn ${sum} 24 ${measured} ${sum} 2026-03-02T09:00:00.000+01:00`);
  });

  test('is read by Python as the manual says', async (context) => {
    requirePrograms(context, 'python3');
    const [program] = documentedPrograms('interop.md', 'python');
    const printed = await runDocumented(['python3', '-c'], program!, environment());
    const { total } = await cells({ authorization: `Bearer ${token}` });
    const sum = total.in + total.out;
    expect(printed).toBe(`24 3 ${sum} 20260302 09 in ${sum}`);
  });

  const environment = () => ({ PASSANT_URL: bed.url, HYSTREET_API_TOKEN: token });
});

describe('times as clients write them', () => {
  const hour = { resolution: 'hour', timeZone: berlin, nowMs } as const;
  const day = { ...hour, resolution: 'day' } as const;
  const from = '2026-03-01T23:00:00.000Z';
  const text = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => [
    new Date(fromMs).toISOString(),
    new Date(toMs).toISOString(),
  ];

  test.each([
    ['2026-03-02', '2026-03-02 01:00:00'],
    ['2026-03-02 00:00:00', '2026-03-02T01:59'],
    ['2026-03-01T23:00:00Z', '2026-03-02T00:59:59.123456+00:00'],
    ['2026-03-02T00:00:00+0100', '2026-03-02T01:59:59 0100'],
    ['2026-03-01T18:00:00-05:00', '2026-03-02T01:00:00+01:00'],
  ])('from %s to %s are the first two hours of a day in Berlin', (first, last) => {
    expect(text(hystreetRange({ from: first, to: last }, hour))).toEqual([from, '2026-03-02T01:00:00.000Z']);
  });

  test('December in days has 31 measurements, as the R package documents it', () => {
    const range = hystreetRange({ from: '2018-12-01', to: '2018-12-31' }, day);
    expect(text(range)).toEqual(['2018-11-30T23:00:00.000Z', '2018-12-31T23:00:00.000Z']);
  });

  test('without any it is today; a measurement that began before from is left out', () => {
    expect(text(hystreetRange({}, hour))).toEqual([from, '2026-03-02T23:00:00.000Z']);
    const later = hystreetRange({ from: '2026-03-02T08:30:00', to: '2026-03-02T10:00:00' }, hour);
    expect(text(later)).toEqual(['2026-03-02T08:00:00.000Z', '2026-03-02T10:00:00.000Z']);
  });
});

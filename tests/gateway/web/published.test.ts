import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PublishedCounts } from '../../../gateway/contract/published-api.ts';
import { discreteLaplaceVariance } from '../../../gateway/values/discrete-laplace.ts';
import { admitted, crossing, sampleStart } from '../sample-intervals.ts';
import { sealEverything } from '../sealing/seal-everything.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';
import { bearer, giveKey } from './api-keys.ts';
import { shareLine } from './share-line.ts';

const hourMs = 3_600_000;
const day = 'from=2026-03-01T23:00:00Z&to=2026-03-02T23:00:00Z';
const door = '/v1/lines/shop-door/counts';

describe('published numbers', () => {
  let bed: ApiBed;
  let partner: { authorization: string };
  let trader: { authorization: string };
  beforeEach(async () => {
    bed = await openApiBed();
    partner = bearer(await giveKey(bed, 'partner', 'all'));
    trader = bearer(await giveKey(bed, 'trader', ['shop']));
    await shareLine(bed, 'shop', { line: 'shop-door' });
    await sealEverything(bed.store, bed.clock.nowMs);
  });
  afterEach(() => bed.close());
  const get = async (url: string, headers = partner) => bed.app.inject({ url, headers });
  const published = async (url: string, headers = partner): Promise<PublishedCounts> => {
    const answer = await get(url, headers);
    expect(answer.statusCode).toBe(200);
    return answer.json();
  };

  test('are what partners get, hour by hour and a night in one piece, missing where nothing is sealed', async () => {
    const { value, cells, total, protection } = await published(`${door}?${day}`);
    expect(value).toBe('published');
    expect(protection).toEqual({ epsilon: 1, cellMinutes: 60, quietFrom: '22:00', quietUntil: '06:00' });
    expect(cells.map(({ seconds }) => seconds / 3_600)).toEqual([...Array(16).fill(1), 8]);
    const sealed = cells.filter(({ in: number }) => number !== null);
    expect(sealed.map(({ start }) => start)).toEqual(['2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z']);
    for (const cell of sealed) {
      // 60 in, 120 out.
      expect(Math.abs(cell.in! - 60)).toBeLessThan(40);
      expect(Math.abs(cell.out! - 120)).toBeLessThan(40);
      expect(cell).toMatchObject({ coverage: 1, draws: 1, open: 0 });
    }
    expect(cells[0]).toMatchObject({ in: null, out: null, coverage: 0, draws: 0, open: 1 });
    expect(total.in).toBe(sealed.reduce((sum, cell) => sum + cell.in!, 0));
    expect(total).toMatchObject({ draws: 2, open: 15 });
  });

  test('are the same for everybody: two partners, the public and the owner, in every format and resolution', async () => {
    await shareLine(bed, 'public', { line: 'shop-door', audience: 'public' });
    const callers = [
      partner,
      bearer(await giveKey(bed, 'partner', ['shop', 'cafe'], { name: 'IHK' })),
      bearer(await giveKey(bed, 'public', 'all', { name: 'Uni' })),
    ];
    const hours = await published(`${door}?${day}`);
    for (const caller of callers) expect(await published(`${door}?${day}`, caller)).toEqual(hours);
    expect(await published(`${door}?${day}&value=published`, trader)).toEqual(hours);
    for (const resolution of ['1d', '1w', '1mo']) {
      const range = { '1d': day, '1w': 'from=2026-03-01T23:00:00Z&to=2026-03-08T23:00:00Z' }[resolution];
      const month = 'from=2026-02-28T23:00:00Z&to=2026-03-31T22:00:00Z';
      const { total } = await published(`${door}?${range ?? month}&resolution=${resolution}`);
      expect([total.in, total.out, total.draws]).toEqual([hours.total.in, hours.total.out, 2]);
    }
    const csv = (await get(`${door}.csv?${day}`)).body
      .trim()
      .split('\r\n')
      .map((row) => row.split(','));
    const column = csv[0]!.indexOf('in');
    const written = csv.slice(1).map((row) => (row[column] === '' ? null : Number(row[column])));
    expect(written).toEqual(hours.cells.map((cell) => cell.in));
    expect((await get(`/v1/sites/shop/counts.csv?${day}`)).body).toBe((await get(`${door}.csv?${day}`)).body);
    const { rawPayload } = await get(`${door}.parquet?${day}`);
    const file = rawPayload.buffer.slice(
      rawPayload.byteOffset,
      rawPayload.byteOffset + rawPayload.byteLength,
    );
    const rows = (await parquetReadObjects({ file: file as ArrayBuffer })) as {
      in: number | null;
      value: string;
    }[];
    expect(rows.map((row) => row.in)).toEqual(hours.cells.map((cell) => cell.in));
    expect(new Set(rows.map(({ value }) => value))).toEqual(new Set(['published']));
  });

  test('are the only ones: no other value, nothing finer, nothing live, no device', async () => {
    for (const value of ['observed', 'corrected', 'imputed']) {
      expect((await get(`${door}?${day}&value=${value}`)).statusCode, value).toBe(404);
      expect((await get(`${door}.csv?${day}&value=${value}`)).statusCode, value).toBe(404);
      expect((await get(`/v1/sites/shop/counts.parquet?${day}&value=${value}`)).statusCode, value).toBe(404);
    }
    for (const resolution of ['1m', '5m', '15m']) {
      expect((await get(`${door}?${day}&resolution=${resolution}`)).statusCode, resolution).toBe(404);
    }
    await shareLine(bed, 'quarters', { line: 'shop-door', resolution: '15m' });
    const finer = await get(`${door}?${day}&resolution=15m`);
    expect(finer.json()).toMatchObject({ type: '/problems/finer-than-published' });
    for (const path of [
      '/v1/live',
      '/v1/devices',
      '/v1/devices/shop-1/completeness',
      '/metrics',
      '/v1/calibrations',
    ]) {
      expect((await get(path)).statusCode, path).toBe(404);
    }
    expect((await get(`${door}?${day}`, trader)).json()).toMatchObject({
      value: 'observed',
      total: { in: 120 },
    });
  });

  test('carry an error that holds the noise of every draw and the counting', async () => {
    const { cells, total } = await published(`${door}?${day}`);
    const noise = discreteLaplaceVariance(1);
    const sealed = cells.filter(({ in: number }) => number !== null);
    for (const cell of sealed) expect(cell.standardErrorIn).toBeCloseTo(Math.sqrt(noise + cell.in! / 4), 3);
    expect(total.standardErrorIn).toBeCloseTo(Math.sqrt(2 * noise + total.in! / 4), 3);
  });

  test('say nothing of the sensor: no flags, coverage in tenths, no figure that the owner gets exactly', async () => {
    const odd = Array.from({ length: 60 }, (_, index) =>
      crossing(index + 121, {
        in: 1,
        coverageSeconds: 53.77,
        standardErrorIn: 0.4321,
        flags: ['blocked-view'],
      }),
    );
    await bed.store.commitBatch(admitted(odd, { device: 'shop-1' }));
    await sealEverything(bed.store, bed.clock.nowMs);
    const range = 'from=2026-03-02T10:00:00Z&to=2026-03-02T11:00:00Z';
    const owner = (await get(`${door}?${range}`, trader)).body;
    expect(owner).toMatch(/0\.8962.*blocked-view.*3\.347/);
    const routes = [door, `${door}.csv`, '/v1/sites/shop/counts.csv'];
    for (const route of routes) {
      const { body } = await get(`${route}?${range}`);
      expect(body).not.toMatch(/8962|blocked|3\.347/);
      expect(body).toContain('0.9');
    }
  });

  test('of a cell that ends after what was shared stay out', async () => {
    await bed.store.retire('grant', 'shop', 1);
    // A night that was shared until midnight only is not cut: it is left out.
    for (let hour = 13; hour < 21; hour += 1) {
      const minutes = Array.from({ length: 60 }, (_, minute) => crossing(hour * 60 + minute + 1));
      await bed.store.commitBatch(admitted(minutes, { device: 'shop-1' }));
    }
    await sealEverything(bed.store, sampleStart + 22 * hourMs);
    const night = 'from=2026-03-02T21:00:00Z&to=2026-03-02T23:00:00Z';
    await shareLine(bed, 'midnight', { line: 'shop-door', until: '2026-03-02T23:00:00Z' });
    expect((await published(`${door}?${night}`)).cells).toMatchObject([
      { seconds: 8 * 3600, in: null, open: 1 },
    ]);
    await shareLine(bed, 'morning', { line: 'shop-door', until: '2026-03-03T05:00:00Z' });
    await bed.store.retire('grant', 'midnight', 2);
    expect((await published(`${door}?${night}`)).cells[0]!.in).not.toBeNull();
  });

  test('stay as they were when late data come, and only the owner learns of it', async () => {
    const before = await published(`${door}?${day}`);
    await bed.store.commitBatch(
      admitted([crossing(500, { start: new Date(sampleStart + 30_000).toISOString(), in: 900 })], {
        device: 'shop-1',
        receivedAtMs: bed.clock.nowMs,
      }),
    );
    await sealEverything(bed.store, bed.clock.nowMs);
    expect(await published(`${door}?${day}`)).toEqual(before);
    const { cells, total } = await published(`${door}?${day}&value=published`, trader);
    expect(cells.filter(({ late }) => late).map(({ start }) => start)).toEqual(['2026-03-02T08:00:00Z']);
    expect(total.late).toBe(true);
  });

  test('as of an earlier day leave out what was sealed later', async () => {
    const later = '2026-03-10T00:00:00Z';
    await bed.store.commitBatch(
      admitted(
        Array.from({ length: 60 }, (_, index) => crossing(index + 121)),
        { device: 'shop-1' },
      ),
    );
    await sealEverything(bed.store, Date.parse(later));
    const now = await published(`${door}?${day}`);
    const then = await published(`${door}?${day}&asOf=2026-03-02T12:00:00Z`);
    expect([then.total.draws, now.total.draws]).toEqual([2, 3]);
    expect(then.asOf).toBe('2026-03-02T12:00:00Z');
    expect(then.cells[10]).toEqual(now.cells[10]);
  });

  test('are booked: how much of ε each period has spent, for the owner', async () => {
    const url = `/v1/lines/shop-door/epsilon-ledger?from=2026-02-28T23:00:00Z&to=2026-03-31T22:00:00Z&resolution=1mo`;
    const { periods } = (await get(url, trader)).json();
    expect(periods).toEqual([
      {
        start: '2026-02-28T23:00:00Z',
        seconds: 743 * 3600,
        sealedCells: 2,
        epsilonPerCrossing: 1,
        epsilonSum: 2,
      },
    ]);
    expect((await get(url)).statusCode).toBe(404);
    expect((await get(url.replace('shop', 'cafe'), trader)).statusCode).toBe(404);
  });

  test('reach partners in the formats of others, too', async () => {
    const hours = await published(`${door}?${day}`);
    const q = encodeURIComponent(
      'dateObservedFrom>=2026-03-01T23:00:00Z;dateObservedTo<=2026-03-02T23:00:00Z;line=="shop-door"',
    );
    const entities = (
      await get(`/ngsi-ld/v1/entities?type=CrowdFlowObserved&options=keyValues&limit=100&q=${q}`)
    ).json() as { peopleCountTowards?: number }[];
    expect(entities.map((entity) => entity.peopleCountTowards ?? null)).toEqual(
      hours.cells.map((cell) => cell.in),
    );
    const map = (await get(`/v1/sites.geojson?${day}`)).json();
    const lines = map.features.flatMap((site: { properties: { lines: object[] } }) => site.properties.lines);
    expect(lines).toMatchObject([{ id: 'shop-door', in: hours.total.in, out: hours.total.out }]);
  });
});

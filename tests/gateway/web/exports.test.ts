import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LineEstimates } from '../../../gateway/contract/estimates.ts';
import { tokenHash } from '../../../gateway/web/access/credentials.ts';
import { guarded } from '../../../gateway/web/api/csv-text.ts';
import { problems } from '../../../gateway/web/api/problems.ts';
import { admitted, crossing, minuteOf } from '../sample-intervals.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';

const day = 'from=2026-03-01T23:00:00Z&to=2026-03-02T23:00:00Z';
const door = '/v1/lines/shop-door/counts';
let bed: ApiBed;

beforeAll(async () => {
  bed = await openApiBed();
});
afterAll(() => bed.close());

const get = (url: string, headers: Record<string, string> = {}) => bed.app.inject({ url, headers });
const calibrate = (body: object, atMs = 0) =>
  bed.store.put([{ kind: 'calibration', id: 'door', body: { line: 'shop-door', ...body } }], atMs);

describe('corrected numbers', () => {
  const calibration = { direction: 'in', factor: 1.5, standardError: 0.1, from: '2026-03-02T09:00:00Z' };

  test('follow the calibration that is known, in every resolution, with their interval', async () => {
    await calibrate(calibration);
    const answer = (await get(`${door}?${day}&resolution=1h&value=corrected`)).json();
    expect([...Compile(LineEstimates).Errors(answer)]).toEqual([]);
    const seen = answer.cells.filter((cell: { in: unknown }) => cell.in !== null);
    expect(seen.map((cell: { value: string; in: { value: number } }) => [cell.value, cell.in.value])).toEqual(
      [
        ['observed', 60],
        ['corrected', 90],
      ],
    );
    expect(answer.total.in.value).toBe(150);
    // 120 minutes of 0.3² each, half of them times 1.5², and 60 counts under the calibration.
    expect(answer.total.in.standardError).toBeCloseTo(Math.sqrt(60 * 0.09 * 3.25 + (60 * 0.1) ** 2), 3);
    const daily = (await get(`${door}?${day}&resolution=1d&value=corrected`)).json();
    expect(daily.total).toEqual(answer.total);
    expect(daily.methods).toEqual(['calibration door']);
    const observed = (await get(`${door}?${day}&resolution=1d`)).json();
    expect(observed).toMatchObject({ value: 'observed', total: { in: 120 } });
  });

  test('as of an earlier day are what they were then: counts and calibrations', async () => {
    const days = (number: number) => bed.clock.nowMs + number * 86_400_000;
    await calibrate({ ...calibration, factor: 2 }, days(3));
    await bed.store.commitBatch(
      admitted([crossing(121, { start: minuteOf(61.5), in: 50 })], {
        device: 'shop-1',
        receivedAtMs: days(5),
      }),
    );
    const total = async (asOf?: number) => {
      const at = asOf === undefined ? '' : `&asOf=${new Date(asOf).toISOString()}`;
      return (await get(`${door}?${day}&resolution=1d&value=corrected${at}`)).json().total.in.value;
    };
    expect(await total(days(0))).toBe(60 + 90);
    expect(await total(days(3))).toBe(60 + 120);
    expect(await total(days(5))).toBe(60 + 120 + 100);
    expect(await total()).toBe(60 + 120 + 100);
    const early = (await get(`${door}?${day}&resolution=1d&asOf=2026-03-01T00:00:00Z`)).json();
    expect(early.total).toMatchObject({ in: null, coverage: 0 });
  });

  test.each([
    [`${door}?${day}&resolution=15m&asOf=2026-03-02T00:00:00Z`, 'as-of-too-fine'],
    [`${door}?${day}&value=published&resolution=5m`, 'finer-than-published'],
    [`${door}?${day}&value=guessed`, 'invalid-request'],
    [`${door}?from=1920-01-01T00:00:00Z&to=2026-03-02T23:00:00Z&value=imputed`, 'range-too-long'],
    [`${door}.csv?${day}&dialect=tabs`, 'invalid-request'],
    [`${door}.csv?from=2026-03-02T00:10:00Z&to=2026-03-03T00:00:00Z`, 'range-unaligned'],
    [`/v1/lines?cursor=%00`, 'invalid-request'],
  ] as const)('%s is a problem: %s', async (url, code) => {
    const answer = await get(url);
    expect(answer.json()).toMatchObject({ type: `/problems/${code}`, status: problems[code].status });
  });
});

describe('files', () => {
  test('as CSV hold the cells of the JSON, by suffix and by Accept', async () => {
    const json = (await get(`${door}?${day}`)).json();
    const csv = await get(`${door}.csv?${day}`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [head, ...lines] = csv.body.trimEnd().split('\r\n');
    expect(head).toBe('line,start,seconds,value,coverage,flags,in,out,standardErrorIn,standardErrorOut');
    expect(lines).toHaveLength(24);
    for (const [index, line] of lines.entries()) {
      const cell = json.cells[index];
      const fields = line.split(',');
      expect(fields[1]).toBe(cell.start);
      expect(fields[6]).toBe(cell.in === null ? '' : String(cell.in));
    }
    expect((await get(`${door}?${day}`, { accept: 'text/csv' })).body).toBe(csv.body);
  });

  test('for spreadsheets in German have semicolons, commas, local times and a byte order mark', async () => {
    const { body } = await get(`${door}.csv?${day}&dialect=semicolon&value=corrected`);
    expect(body.startsWith('\uFEFFline;start;seconds;value;coverage;flags;in;standardErrorIn;lowIn')).toBe(
      true,
    );
    const line = body.split('\r\n').find((text) => text.includes('02.03.2026 10:00'));
    expect(line).toMatch(/^shop-door;02\.03\.2026 10:00;3600;corrected;1;overlapping;\d+;\d+,\d+;/);
  });

  test('of a site hold all its lines, for a period that moves with the day', async () => {
    bed.clock.nowMs += 7 * 86_400_000;
    const { body } = await get('/v1/sites/cafe/counts.csv?period=last-week&resolution=1d');
    bed.clock.nowMs -= 7 * 86_400_000;
    const lines = body.trimEnd().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',').slice(0, 2))).toHaveLength(7);
    expect(lines[0]).toMatch(/^cafe-door,2026-03-01T23:00:00Z,86400,observed,0\.0833,,120,/);
    expect(lines[1]).toMatch(/,0,,,,,$/);
  });

  test('as Parquet hold times, numbers and nulls', async () => {
    const answer = await get(`${door}.parquet?${day}`);
    const bytes = answer.rawPayload;
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(24);
    expect(rows[0]).toMatchObject({ line: 'shop-door', value: 'observed', in: null, coverage: 0 });
    expect(rows[9]).toMatchObject({ in: 60, start: new Date('2026-03-02T08:00:00Z') });
  });

  test('never start a field like a formula, whatever somebody calls a thing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const field = guarded(text);
        expect(field.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
        if (/[,;\n]/.test(text)) expect(field.startsWith('"') && field.endsWith('"')).toBe(true);
      }),
    );
  });
});

describe('what people know about a site', () => {
  const put = async (path: string, payload: object) => {
    const body = {
      name: 'x',
      role: 'trader',
      sites: ['shop'],
      tokenSha256: tokenHash('psk_t'),
      expiresMs: 4e12,
    };
    const trader = await openApiBed();
    await trader.store.put([{ kind: 'api-key', id: 't', body }], 0);
    const headers = { authorization: 'Bearer psk_t' };
    const { statusCode } = await trader.app.inject({ method: 'PUT', url: `${path}/one`, payload, headers });
    const answer = await trader.app.inject({ url: path, headers });
    await trader.close();
    return { statusCode, answer: answer.json() };
  };

  test('is its opening hours, on the local clock', async () => {
    const hours = {
      site: 'shop',
      weekdays: { 1: [{ from: '09:00', to: '18:30' }] },
      exceptions: { '2026-12-24': [] },
      closedOnPublicHolidays: true,
    };
    const { statusCode, answer } = await put('/v1/opening-hours', hours);
    expect(statusCode).toBe(204);
    expect(answer.openingHours).toMatchObject([{ id: 'one', ...hours }]);
    expect((await put('/v1/opening-hours', { ...hours, weekdays: { 8: [] } })).statusCode).toBe(400);
    expect((await put('/v1/opening-hours', { ...hours, site: 'cafe' })).statusCode).toBe(404);
  });

  test('is its weather, month by month', async () => {
    const hour = { start: '2026-03-02T08:00:00.000Z', temperatureCelsius: -0.5, condition: 'cloudy' };
    await bed.store.put(
      [{ kind: 'weather-month', id: 'shop-2026-03', body: { site: 'shop', hours: [hour] } }],
      0,
    );
    expect((await get('/v1/sites/shop/weather?month=2026-03')).json().hours).toEqual([hour]);
    expect((await get('/v1/sites/shop/weather?month=2026-04')).json().hours).toEqual([]);
  });
});

describe('answers', () => {
  test('have a validator and are not sent again to whoever has them', async () => {
    const first = await get(`${door}?${day}`);
    const { etag } = first.headers;
    expect(etag).toMatch(/^W\/".+"$/);
    const again = await get(`${door}?${day}`, { 'if-none-match': String(etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await get(`${door}?${day}&resolution=15m`, { 'if-none-match': String(etag) })).statusCode).toBe(
      200,
    );
  });

  test('are compressed for whoever understands it', async () => {
    const url = `${door}?${day}&resolution=5m`;
    const plain = await get(url);
    const gzip = await get(url, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(plain.body);
    const brotli = await get(url, { 'accept-encoding': 'br' });
    expect(brotli.rawPayload.length).toBeLessThan(plain.rawPayload.length / 5);
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(plain.body);
  });

  test('name their request, and pages of lines follow each other', async () => {
    const first = await get('/v1/lines?limit=1');
    expect(first.headers['x-request-id']).toBeTruthy();
    const { lines, next } = first.json();
    expect(lines).toMatchObject([{ id: 'cafe-door', site: 'cafe' }]);
    const second = (await get(`/v1/lines?limit=1&cursor=${next}`)).json();
    expect(second).toMatchObject({ lines: [{ id: 'shop-door' }], next: null });
  });

  test('that retention has made impossible are a problem and not a zero', async () => {
    const keepDays = { minutes: 10, quarters: 20, hours: null, days: null };
    await bed.store.upkeep({ nowMs: bed.clock.nowMs + 15 * 86_400_000, keepDays, compactAfterDays: 40 });
    expect((await get(`${door}?${day}&resolution=1m`)).json()).toMatchObject({
      type: '/problems/no-longer-kept',
    });
    expect((await get(`${door}?${day}&resolution=15m`)).statusCode).toBe(200);
  });

  test('the page of the interface lists every error it can answer', async () => {
    const { body, headers } = await get('/docs');
    expect(headers['content-type']).toMatch(/^text\/html/);
    for (const code of Object.keys(problems)) expect(body).toContain(`<code>${code}</code>`);
    const catalogue = (await get('/v1/problems')).json();
    expect(catalogue.map(({ type }: { type: string }) => type)).toEqual(
      Object.keys(problems).map((code) => `/problems/${code}`),
    );
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type LineFindings,
  type MeasureAnswer,
  type MeasureDefinition,
  measureIds,
} from '../../../gateway/contract/measures.ts';
import { protectionRuleOf } from '../../../gateway/contract/protection.ts';
import { importReceipts } from '../../../gateway/ingest/imports/receipt-series.ts';
import { sealingCells } from '../../../gateway/values/sealing-calendar.ts';
import { newToken, tokenHash } from '../../../gateway/web/access/credentials.ts';
import { receiptsByHour } from '../../../gateway/web/api/measures/site-receipts.ts';
import type { ApiBed } from './api-bed.ts';
import { openMeasureBed, usualEntrances, zone } from './measure-bed.ts';

const week = 'from=2026-03-16T00:00:00%2B01:00&to=2026-03-23T00:00:00%2B01:00';
const saturday = 'from=2026-03-21T00:00:00%2B01:00&to=2026-03-22T00:00:00%2B01:00';
const all = 'from=2026-01-05T00:00:00%2B01:00&to=2026-03-23T00:00:00%2B01:00';

/** Entrances of a usual week: six days of seven hours of 40 and one of 60, and five more per weekday. */
const usualWeek = [1, 2, 3, 4, 5, 6].reduce((sum, weekday) => sum + 7 * 40 + 60 + 8 * 5 * weekday, 0);

let bed: ApiBed;
beforeAll(async () => {
  bed = await openMeasureBed();
});
afterAll(() => bed.close());

async function ask(line: string, query: string): Promise<MeasureAnswer> {
  const answer = await bed.app.inject(`/v1/lines/${line}/measures?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as MeasureAnswer;
}

const problem = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await bed.app.inject({ url: path, headers });
  return { status: answer.statusCode, type: (answer.json() as { type: string }).type };
};

describe('every measure', () => {
  test('is defined in German and English, with formula, unit, roles and what its interval is', async () => {
    const { measures } = (await bed.app.inject('/v1/measures')).json() as { measures: MeasureDefinition[] };
    expect(measures.map(({ id }) => id)).toEqual([...measureIds]);
    for (const { name, definition, interval, formula, roles, resolutions } of measures) {
      for (const words of [name, definition, interval]) {
        expect(words.de.length).toBeGreaterThan(2);
        expect(words.en).not.toBe(words.de);
      }
      expect(formula).not.toBe('');
      expect(roles.length * resolutions.length).toBeGreaterThan(0);
    }
  });

  test.each([
    ['shop-door', 'entrances', week],
    ['street', 'passers-by', week],
    ['shop-door', 'occupancy', saturday],
    ['shop-door', 'capture-rate', week],
    ['shop-door', 'dwell', saturday],
    ['shop-window', 'stopping-rate', week],
    ['shop-door', 'peak-hour', week],
    ['street', 'week-profile', all],
    ['shop-door', 'against-last-week', week],
    ['shop-wifi', 'presence-index', week],
  ] as const)('%s: %s is a number within its 95 %% interval', async (line, measure, range) => {
    const { total, cells } = await ask(line, `measure=${measure}&${range}`);
    const { value, interval95, standardError } = total.estimate!;
    const [low, high] = interval95 as [number, number];
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(high - low).toBeCloseTo(2 * 1.96 * standardError, 1);
    expect(cells.length).toBeGreaterThan(0);
  });
});

describe('what measures say of a known town', () => {
  test('entrances and passers-by add up to the week', async () => {
    expect((await ask('shop-door', `measure=entrances&${week}`)).total.estimate!.value).toBe(usualWeek);
    const passers = await ask('street', `measure=passers-by&resolution=1w&${week}`);
    expect(passers.cells.map(({ estimate }) => estimate?.value)).toEqual([20 * usualWeek]);
  });

  test('occupancy is who came and has not gone, and nobody is left over at night', async () => {
    const { cells, total } = await ask('shop-door', `measure=occupancy&resolution=1h&${saturday}`);
    const noon = Date.parse('2026-03-21T12:00:00+01:00');
    expect(cells.find(({ start }) => Date.parse(start) === noon)!.estimate!.value).toBe(usualEntrances(noon));
    expect(cells.at(-1)!.estimate!.value).toBe(0);
    expect(total).toMatchObject({ samples: 1, estimate: { value: 0 } });
  });

  test('everybody stays an hour', async () => {
    const { total } = await ask('shop-door', `measure=dwell&${saturday}`);
    expect(total.estimate!.value).toBeCloseTo(60);
  });

  test('one in twenty passers-by comes in, by the one street line of the town', async () => {
    const answer = await ask('shop-door', `measure=capture-rate&${week}&lagMinutes=0`);
    expect(answer).toMatchObject({ street: 'street', lag: { minutes: 0, origin: 'given' }, unit: 'percent' });
    expect(answer.total.estimate!.value).toBeCloseTo(5);
    expect(answer.cells[6]!.estimate).toBeNull();
  });

  test('of those who pass the window some stop, objects are nobody', async () => {
    const { total } = await ask('shop-window', `measure=stopping-rate&${week}`);
    expect(total.estimate!.value).toBeCloseTo((100 * 4 * 168) / (2 * usualWeek), 3);
  });

  test('the peak hour is four o’clock, certainly', async () => {
    const { cells } = await ask('shop-door', `measure=peak-hour&resolution=1d&${saturday}`);
    expect(cells).toMatchObject([{ localHour: 16, certain: true, estimate: { value: 90 } }]);
  });

  test('the week’s profile has every hour of the week', async () => {
    const { cells, total } = await ask('shop-door', `measure=week-profile&${all}`);
    expect(cells).toHaveLength(168);
    expect(cells[5 * 24 + 16]).toMatchObject({
      weekday: 6,
      localHour: 16,
      samples: 11,
      estimate: { value: 90 },
    });
    expect(total.estimate!.value).toBeCloseTo(usualWeek);
  });

  test('against last week is 0 % where nothing changed, and null a year ago, where nobody counted', async () => {
    const { total } = await ask('shop-door', `measure=against-last-week&${week}`);
    expect(total).toMatchObject({ samples: 168, estimate: { value: 0 }, base: { value: usualWeek } });
    expect((await ask('shop-door', `measure=against-last-year&${week}`)).total).toMatchObject({
      samples: 0,
      estimate: null,
      base: null,
    });
    expect((await ask('shop-door', `measure=growth&${week}`)).total).toMatchObject({
      estimate: null,
      pValue: null,
    });
  });

  test('presence is half as much again as usual', async () => {
    const answer = await ask('shop-wifi', `measure=presence-index&${week}`);
    expect(answer).toMatchObject({ value: 'observed', unit: 'index', total: { estimate: { value: 150 } } });
  });

  test('a calibration moves entrances and the capture rate, and widens both', async () => {
    const body = {
      line: 'shop-door',
      direction: 'in',
      factor: 1.1,
      standardError: 0.05,
      from: '2026-03-15T23:00:00Z',
    };
    await bed.store.put([{ kind: 'calibration', id: 'door', body }], bed.clock.nowMs);
    const entrances = await ask('shop-door', `measure=entrances&${week}`);
    expect(entrances).toMatchObject({ methods: ['calibration door'], value: 'corrected' });
    expect(entrances.total.estimate!.value).toBeCloseTo(1.1 * usualWeek);
    const rate = (await ask('shop-door', `measure=capture-rate&${week}&lagMinutes=0`)).total.estimate!;
    expect(rate.value).toBeCloseTo(5.5);
    expect(rate.standardError).toBeGreaterThan(0.25 - 0.01);
    await bed.store.retire('calibration', 'door', bed.clock.nowMs + 1);
  });
});

describe('conversion', () => {
  const upload = (payload: string, type = 'text/csv') =>
    bed.app.inject({
      method: 'POST',
      url: '/v1/sites/shop/receipts',
      payload,
      headers: { 'content-type': type },
    });

  test('is receipts per hundred entrances, of the hours about which both are known', async () => {
    const hours = [10, 11, 12].map((hour) => `21.03.2026 ${hour}:00;${hour === 12 ? 0 : 14}`);
    const chunks = async function* () {
      yield Buffer.from(['Stunde;Bons', ...hours].join('\n'));
    };
    await importReceipts(bed.store, {
      site: 'shop',
      timeZone: zone,
      chunks: chunks(),
      atMs: bed.clock.nowMs,
    });
    const { total, cells } = await ask('shop-door', `measure=conversion&${week}`);
    expect(total).toMatchObject({ samples: 3 });
    expect(total.estimate!.value).toBeCloseTo((100 * 28) / (3 * 70), 4);
    expect(cells.filter(({ estimate }) => estimate !== null)).toHaveLength(1);
  });

  test('cannot be uploaded by a guest', async () => {
    expect((await upload('hour,receipts\n2026-03-20 10:00,4')).statusCode).toBe(401);
  });
});

describe('measures as CSV', () => {
  test('have the columns of the manual in both dialects', async () => {
    const path = `/v1/lines/shop-door/measures.csv?measure=peak-hour&${saturday}`;
    const { body, headers } = await bed.app.inject(path);
    expect(headers['content-disposition']).toContain('shop-door-peak-hour.csv');
    expect(body.split('\r\n').slice(0, 2)).toEqual([
      'line,measure,unit,start,seconds,weekday,localHour,coverage,value,estimate,standardError,low,high,base,samples',
      'shop-door,peak-hour,people,2026-03-20T23:00:00Z,86400,,16,1,corrected,90,1,88.04,91.96,,1',
    ]);
    const german = (await bed.app.inject(`${path}&dialect=semicolon`)).body;
    expect(german).toContain('21.03.2026 00:00;86400;;16;1;corrected;90;1;88,04;91,96');
  });
});

describe('a measure that cannot be', () => {
  test.each([
    ['of another role', '/v1/lines/street/measures?measure=entrances', 400, 'measure-not-possible'],
    [
      'of a place that counts no people',
      '/v1/lines/shop-wifi/measures?measure=entrances',
      400,
      'measure-not-possible',
    ],
    [
      'of presence where people are counted',
      '/v1/lines/shop-door/measures?measure=presence-index',
      400,
      'measure-not-possible',
    ],
    [
      'without a street of that name',
      '/v1/lines/shop-door/measures?measure=capture-rate&street=shop-window',
      400,
      'measure-not-possible',
    ],
    [
      'in a resolution it has not',
      '/v1/lines/shop-door/measures?measure=dwell&resolution=1h',
      400,
      'invalid-request',
    ],
    ['of no measure at all', '/v1/lines/shop-door/measures?measure=happiness', 400, 'invalid-request'],
    ['of an unknown line', '/v1/lines/nowhere/measures?measure=entrances', 404, 'not-found'],
  ])('%s is a problem that says why', async (_, path, status, code) => {
    expect(await problem(`${path}&${week}`)).toEqual({ status, type: `/problems/${code}` });
  });

  test('for a range that is not one of days', async () => {
    const path =
      '/v1/lines/shop-door/measures?measure=dwell&from=2026-03-16T08:00:00Z&to=2026-03-17T08:00:00Z';
    expect(await problem(path)).toEqual({ status: 400, type: '/problems/range-unaligned' });
  });
});

/** Last, since the first key closes the gateway to everybody without one. */
describe('for a partner', () => {
  const headers: Record<string, string> = {};
  const asked = async (line: string, query: string) => {
    const answer = await bed.app.inject({ url: `/v1/lines/${line}/measures?${query}`, headers });
    return { status: answer.statusCode, body: answer.json() as MeasureAnswer & { type: string } };
  };

  /** Seals that say another number than was counted, so that nothing else can be mistaken for them. */
  const sealedPeople = 1_000;
  async function seal(line: string): Promise<void> {
    const range = {
      fromMs: Date.parse('2026-03-09T00:00:00+01:00'),
      toMs: Date.parse('2026-03-23T00:00:00+01:00'),
    };
    const cells = sealingCells(range, protectionRuleOf(undefined), zone);
    const seals = cells.map((cell) => ({
      ...cell,
      line,
      in: sealedPeople,
      out: sealedPeople,
      coverageTenths: 10,
      epsilon: 1,
      late: false,
      sealedMs: bed.clock.nowMs,
    }));
    await bed.store.commitSeals({ seals, settled: [], late: [] }, () => {});
  }

  beforeAll(async () => {
    const token = newToken('psk');
    headers['authorization'] = `Bearer ${token}`;
    const key = {
      name: 'Stadtmarketing',
      role: 'partner',
      sites: 'all',
      tokenSha256: tokenHash(token),
      expiresMs: Date.parse('2030-01-01'),
    };
    await bed.store.put([{ kind: 'api-key', id: 'k', body: key }], bed.clock.nowMs);
    for (const line of ['shop-door', 'street']) {
      const grant = { line, audience: 'partner', resolution: '1h', from: '2026-01-01T00:00:00Z' };
      await bed.store.put([{ kind: 'grant', id: `grant-${line}`, body: grant }], bed.clock.nowMs);
    }
  });

  test('nothing is known before it is sealed', async () => {
    const { body } = await asked('shop-door', `measure=entrances&${week}`);
    expect(body).toMatchObject({ value: 'published', total: { estimate: null, coverage: 0 } });
  });

  test('every measure is computed from sealed cells, the street of a capture rate too', async () => {
    await seal('shop-door');
    await seal('street');
    const cells = sealingCells(
      { fromMs: Date.parse('2026-03-16T00:00:00+01:00'), toMs: Date.parse('2026-03-23T00:00:00+01:00') },
      protectionRuleOf(undefined),
      zone,
    );
    const { body: entrances } = await asked('shop-door', `measure=entrances&${week}`);
    expect(entrances.total.estimate!.value).toBe(sealedPeople * cells.length);
    const { body: days } = await asked('shop-door', `measure=entrances&resolution=1d&${week}`);
    expect(days.total.estimate!.value).toBe(sealedPeople * cells.length);
    const { body: rate } = await asked('shop-door', `measure=capture-rate&${week}`);
    expect(rate).toMatchObject({ value: 'published', lag: { minutes: 0, origin: 'none' } });
    expect(rate.total.estimate!.value).toBeCloseTo(50);
    const { body: change } = await asked('shop-door', `measure=against-last-week&${week}`);
    expect(change.total.estimate!.value).toBe(0);
    // A night is one cell: its sum is no hour and so no peak.
    const { body: peak } = await asked('shop-door', `measure=peak-hour&resolution=1d&${saturday}`);
    expect(peak.cells[0]).toMatchObject({ certain: false, estimate: { value: sealedPeople } });
    const { body: profile } = await asked('shop-door', `measure=week-profile&${all}`);
    expect(profile.cells.every(({ estimate }) => estimate === null)).toBe(true);
  });

  test('findings come from sealed cells', async () => {
    const answer = await bed.app.inject({ url: `/v1/lines/shop-door/findings?${week}`, headers });
    expect(answer.statusCode, answer.body).toBe(200);
    const { value, findings } = answer.json() as LineFindings;
    expect(value).toBe('published');
    for (const { text } of findings) expect(text.de).not.toMatch(/\b90\b/);
  });

  test('what is never sealed is refused, and what was not shared is not there', async () => {
    const window = {
      line: 'shop-window',
      audience: 'partner',
      resolution: '1h',
      from: '2026-01-01T00:00:00Z',
    };
    await bed.store.put([{ kind: 'grant', id: 'w', body: window }], bed.clock.nowMs);
    expect(await asked('shop-window', `measure=stopping-rate&${week}`)).toMatchObject({
      status: 409,
      body: { type: '/problems/not-published' },
    });
    await bed.store.retire('grant', 'grant-street', bed.clock.nowMs + 1);
    expect((await asked('street', `measure=passers-by&${week}`)).status).toBe(404);
    const hidden = await asked('shop-door', `measure=capture-rate&street=street&${week}`);
    expect(hidden).toMatchObject({ status: 400, body: { type: '/problems/measure-not-possible' } });
    expect(JSON.stringify(hidden.body)).toContain('is no street line');
  });

  test('hours before a grant began are hours not looked at', async () => {
    await bed.store.put(
      [
        {
          kind: 'grant',
          id: 'grant-shop-door',
          body: { line: 'shop-door', audience: 'partner', resolution: '1h', from: '2026-03-17T23:00:00Z' },
        },
      ],
      bed.clock.nowMs + 2,
    );
    const { body } = await asked('shop-door', `measure=entrances&resolution=1d&${week}`);
    expect(body.cells.map(({ estimate }) => estimate !== null)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
  });
});

describe('for a trader', () => {
  test('an upload is taken whole, or refused by its line', async () => {
    const token = newToken('psk');
    const key = {
      name: 'Shop',
      role: 'trader',
      sites: ['shop'],
      tokenSha256: tokenHash(token),
      expiresMs: Date.parse('2030-01-01'),
    };
    await bed.store.put([{ kind: 'api-key', id: 'u', body: key }], bed.clock.nowMs + 3);
    const upload = (site: string, payload: string, type = 'text/csv') =>
      bed.app.inject({
        method: 'POST',
        url: `/v1/sites/${site}/receipts`,
        payload,
        headers: { 'content-type': type, authorization: `Bearer ${token}` },
      });
    const taken = await upload('shop', 'hour,receipts\n2026-03-20 10:00,4\n2026-03-20 11:00,5\n');
    expect(taken.json()).toEqual({ receipts: 9, hours: 2 });
    const refused = await upload('shop', 'hour,receipts\n2026-03-20 12:00,4\n2026-03-20 13:00,many\n');
    expect(refused.statusCode).toBe(422);
    expect(refused.json()).toMatchObject({
      type: '/problems/file-refused',
      detail: 'line 3: not a number of receipts',
    });
    expect((await upload('town', 'hour,receipts\n2026-03-20 10:00,4\n')).statusCode).toBe(404);
    expect((await upload('shop', '{}', 'application/json')).statusCode).toBe(400);
    const hours = await receiptsByHour(bed.store, {
      site: 'shop',
      range: { fromMs: Date.parse('2026-03-20T00:00:00Z'), toMs: Date.parse('2026-03-20T23:00:00Z') },
    });
    expect([...hours.values()]).toEqual([4, 5]);
  });

  test('the street of the town is there as it was published, and a neighbour’s door not at all', async () => {
    const token = newToken('psk');
    const key = {
      name: 'Shop',
      role: 'trader',
      sites: ['shop'],
      tokenSha256: tokenHash(token),
      expiresMs: Date.parse('2030-01-01'),
    };
    await bed.store.put([{ kind: 'api-key', id: 't', body: key }], bed.clock.nowMs + 3);
    const ask = async (query: string) =>
      bed.app.inject({
        url: `/v1/lines/shop-door/measures?${query}&${week}`,
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await ask('measure=capture-rate')).statusCode).toBe(400);
    const grant = { line: 'street', audience: 'public', resolution: '1h', from: '2026-01-01T00:00:00Z' };
    await bed.store.put([{ kind: 'grant', id: 'grant-street', body: grant }], bed.clock.nowMs + 3);
    const rate = (await ask('measure=capture-rate&lagMinutes=0')).json() as MeasureAnswer;
    // Own entrances as counted, the town's street as sealed.
    expect(rate).toMatchObject({ value: 'corrected', methods: ['sealed cells of street'] });
    const cells = rate.cells.find(({ start }) => start === '2026-03-20T23:00:00Z')!;
    expect(cells.estimate!.value).toBeLessThan(5);
  });
});

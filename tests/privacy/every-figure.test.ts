import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeAudiences } from '../../gateway/web/access/route-audiences.ts';
import { admitted, crossing, sampleStart } from '../gateway/sample-intervals.ts';
import { sealEverything } from '../gateway/sealing/seal-everything.ts';
import { type ApiBed, openApiBed } from '../gateway/web/api-bed.ts';
import { bearer, giveKey } from '../gateway/web/api-keys.ts';
import { shareLine } from '../gateway/web/share-line.ts';

const [from, to] = ['2026-03-01T23:00:00Z', '2026-03-02T23:00:00Z'];
const day = `from=${from}&to=${to}`;
const observed = `dateObservedFrom>=${from};dateObservedTo<=${to}`;
const hours = [2, 3, 4, 5];
/** People in a minute: hours of thousands, which no noise and no other number hits by chance. */
const peopleIn = (hour: number, minute: number) => 61 + hour * 7 + (minute % 3);

/** Every query that makes a reading route say numbers, by its path; several of one are tried all. */
const queries: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\/counts|ledger$/, [`?${day}`, `?${day}&resolution=1d`]],
  [/\/findings$/, [`?${day}`]],
  [
    /:id\/measures/,
    ['entrances', 'passers-by', 'occupancy', 'profile'].map((name) => `?${day}&measure=${name}`),
  ],
  [/\/calendar$|\/profile(\.html)?$/, ['?year=2026']],
  [/\/report\.(html|pdf)$/, ['?month=2026-03']],
  [/\/weather$/, ['?month=2026-03']],
  [/geojson$/, [`?${day}`]],
  [/^\/ngsi-ld/, [`?type=CrowdFlowObserved&limit=1000&q=${encodeURIComponent(observed)}`]],
  [
    /locations\/:id$/,
    ['?from=2026-03-02&to=2026-03-02T23:00', '?from=2026-03-02&to=2026-03-02&resolution=day'],
  ],
  [/sensorthings.*\*$/, ['?$expand=Datastreams($expand=Observations($top=1000))']],
];

describe('whatever a partner or the public ask', () => {
  let bed: ApiBed;
  const keys = new Map<string, { authorization: string }>();
  const exact: string[] = [];

  beforeAll(async () => {
    bed = await openApiBed();
    for (const hour of hours) {
      const minutes = Array.from({ length: 60 }, (_, minute) =>
        crossing(hour * 60 + minute + 1, {
          in: peopleIn(hour, minute),
          out: peopleIn(hour, minute) + 1,
          coverageSeconds: 53.77,
        }),
      );
      await bed.store.commitBatch(admitted(minutes, { device: 'shop-1' }));
    }
    bed.clock.nowMs = sampleStart + 80 * 3_600_000;
    // Draws that come again (Park and Miller 1988): a noise of 0 would leave an exact number exact by right.
    let state = 4;
    const draw = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    await sealEverything(bed.store, bed.clock.nowMs, draw);
    await shareLine(bed, 'partner', { line: 'shop-door' });
    await shareLine(bed, 'public', { line: 'shop-door', audience: 'public' });
    for (const role of ['operator', 'partner', 'public'] as const) {
      keys.set(role, bearer(await giveKey(bed, role, 'all')));
    }
    const sums = hours.map((hour) =>
      Array.from({ length: 60 }, (_, minute) => peopleIn(hour, minute)).reduce((sum, one) => sum + one),
    );
    const seals = await bed.store.readSeals('shop-door', { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER });
    // What is exactly so of an hour, in, out and both; only where its noise is not 0.
    for (const [index, sum] of sums.entries()) {
      const seal = seals.find(({ fromMs }) => fromMs === sampleStart + hours[index]! * 3_600_000)!;
      if (seal.in !== sum) exact.push(String(sum));
      if (seal.out !== sum + 60) exact.push(String(sum + 60));
      if (seal.in! + seal.out! !== 2 * sum + 60) exact.push(String(2 * sum + 60));
    }
    // The bed itself has sixty people in each of two hours before them.
    const whole = sums.reduce((sum, one) => sum + one) + 120;
    if (seals.reduce((sum, seal) => sum + seal.in!, 0) !== whole) exact.push(String(whole));
    // The coverage of the hours, exactly.
    exact.push('8962');
  });
  afterAll(() => bed.close());

  const reading = Object.entries(routeAudiences)
    .filter(
      ([route, rule]) => route.startsWith('GET ') && rule.roles !== 'everyone' && !route.includes('live'),
    )
    .map(([route]) => route.slice(4));

  /** The exact figures that an answer holds, however its digits are grouped. */
  const figuresIn = (body: string) => {
    const digits = body.replace(/(\d)[.,\u202f\u00a0 ](?=\d{3}\b)/g, '$1');
    return exact.filter((figure) => new RegExp(`(^|\\D)${figure}(\\D|$)`).test(digits));
  };
  async function figures(path: string, role: string): Promise<string[]> {
    const id = /\/lines\/|\/locations\//.test(path)
      ? 'shop-door'
      : path.includes('/towns/')
        ? 'Iserlohn'
        : 'shop';
    const found: string[] = [];
    for (const query of queries.find(([pattern]) => pattern.test(path))?.[1] ?? ['']) {
      bed.clock.nowMs += 1_000;
      const url = `${path.replace(':id', id).replace('*', 'Things')}${query}`;
      const { body } = await bed.app.inject({ url, headers: keys.get(role)! });
      found.push(...figuresIn(body));
    }
    return found;
  }

  test('there are exact figures to look for, and the owner’s answers hold them', async () => {
    expect(exact.length).toBeGreaterThan(6);
    for (const path of [
      '/v1/lines/:id/counts',
      '/v1/sites/:id/counts.csv',
      '/hystreet/locations/:id',
      '/sensorthings/v1.1/*',
    ]) {
      expect((await figures(path, 'operator')).length, path).toBeGreaterThan(2);
    }
  });

  test.each(reading)('GET %s tells them no figure as it was observed', async (path) => {
    expect(await figures(path, 'partner')).toEqual([]);
    expect(await figures(path, 'public')).toEqual([]);
  });
});

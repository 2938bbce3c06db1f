import { defaultParser } from '@odata/parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentedPrograms } from '../../../doubles/documented-program.ts';
import { admitted, crossing } from '../../sample-intervals.ts';
import { sealEverything } from '../../sealing/seal-everything.ts';
import { type ApiBed, openApiBed } from '../api-bed.ts';
import { bearer, giveKey } from '../api-keys.ts';
import { shareLine } from '../share-line.ts';
import { judgeOf } from './odata-judge.ts';

type Entity = Record<string, unknown> & { '@iot.id': string; '@iot.selfLink': string };
interface Page {
  readonly '@iot.count'?: number;
  readonly '@iot.nextLink'?: string;
  readonly value: Entity[];
}

const root = '/sensorthings/v1.1';
const hourly = "Datastreams('shop-door~in~1h')/Observations";
const day = 'from=2026-03-01T23:00:00Z&to=2026-03-02T23:00:00Z';

describe('SensorThings 1.1', () => {
  let bed: ApiBed;
  let url: string;
  let owner: { authorization: string };
  let partner: { authorization: string };
  const read = async <T = Page>(path: string, headers = owner): Promise<T> => {
    const address = path.startsWith('http') ? path : `${url}${root}/${path}`;
    const answer = await fetch(address, { headers });
    expect(answer.status, `${path}: ${answer.status === 200 ? '' : await answer.clone().text()}`).toBe(200);
    return answer.json() as Promise<T>;
  };
  const cells = async (resolution: string, headers = owner) => {
    const path = `/v1/lines/shop-door/counts?${day}&resolution=${resolution}`;
    return (await bed.app.inject({ url: path, headers })).json();
  };
  const encoded = (filter: string) => `$filter=${encodeURIComponent(filter)}`;

  beforeAll(async () => {
    bed = await openApiBed();
    // Two hours of people and, after them, one of nobody; the rest of the day nobody looks.
    const nobody = Array.from({ length: 60 }, (_, index) => crossing(index + 121, { in: 0, out: 0 }));
    await bed.store.commitBatch(admitted(nobody, { device: 'shop-1' }));
    const { sites, lines, assignments } = await bed.store.readDirectory();
    const details = { place: { latitude: 51.3757, longitude: 7.702 } };
    const placed = sites.map((site) => (site.id === 'shop' ? { ...site, details } : site));
    await bed.store.applySetup({ sites: placed, lines, assignments });
    url = await bed.app.listen({ host: '127.0.0.1', port: 0 });
    owner = bearer(await giveKey(bed, 'operator', 'all'));
    partner = bearer(await giveKey(bed, 'partner', 'all'));
    await shareLine(bed, 'shop', { line: 'shop-door' });
    await sealEverything(bed.store, bed.clock.nowMs);
  });
  afterAll(() => bed.close());

  test('lists its sets, and every set answers', async () => {
    const { value } = await read<{ value: { name: string; url: string }[] }>('');
    const names = value.map(({ name }) => name);
    const sets = ['Things', 'Locations', 'Sensors', 'ObservedProperties', 'Datastreams', 'Observations'];
    expect(names).toEqual([...sets, 'FeaturesOfInterest']);
    for (const one of value) expect((await read(one.url)).value.length, one.name).toBeGreaterThan(0);
  });

  test.each(['5m', '15m', '1h', '1d'])(
    'says the same as the API in %s, with 0 as 0 and missing as null',
    async (resolution) => {
      const { cells: told, total } = await cells(resolution);
      for (const direction of ['in', 'out']) {
        const path = `Datastreams('shop-door~${direction}~${resolution}')/Observations?$top=1000&$count=true`;
        const page = await read(path);
        expect(page['@iot.count']).toBe(told.length);
        const results = page.value.map(({ result }) => result as number | null);
        expect(results).toEqual(told.map((cell: Record<string, unknown>) => cell[direction]));
        expect(results.reduce((sum: number, result) => sum + (result ?? 0), 0)).toBe(total[direction]);
        expect(page.value.map(({ phenomenonTime }) => String(phenomenonTime).split('/')[0])).toEqual(
          told.map(({ start }: { start: string }) => start),
        );
        if (resolution === '1h') expect([results.includes(0), results.includes(null)]).toEqual([true, true]);
      }
    },
  );

  test('gives an observation its interval, error, coverage and relations', async () => {
    const { value } = await read(
      `${hourly}?$skip=9&$top=1&$expand=FeatureOfInterest,Datastream/Thing/Locations`,
    );
    expect(value).toMatchObject([
      {
        '@iot.id': 'shop-door~in~1h~20260302T080000Z',
        phenomenonTime: '2026-03-02T08:00:00Z/2026-03-02T09:00:00Z',
        result: 60,
        resultQuality: { nameOfMeasure: 'standard error' },
        parameters: { coverage: 1, value: 'observed', flags: [] },
        FeatureOfInterest: {
          '@iot.id': 'shop-door',
          feature: { geometry: { coordinates: [7.702, 51.3757] } },
        },
        Datastream: { Thing: { name: 'shop', Locations: [{ location: { type: 'Point' } }] } },
      },
    ]);
    const self = await read<Entity>(value[0]!['@iot.selfLink']);
    expect(self['result']).toBe(60);
    expect((await read<Entity>(String(self['Datastream@iot.navigationLink'])))['@iot.id']).toBe(
      'shop-door~in~1h',
    );
  });

  const filters = [
    'phenomenonTime ge 2026-03-02T08:00:00Z and phenomenonTime lt 2026-03-02T10:00:00Z',
    'phenomenonTime gt 2026-03-02T08:00:00Z and result ge 0',
    'result eq null',
    'result ne null and result lt 60',
    '(result eq 0 or result gt 59) and phenomenonTime le 2026-03-02T11:00:00Z',
    '(not (result eq 0)) and phenomenonTime ge 2026-03-02T09:00:00+01:00',
    'result gt 10000',
  ];

  test.each(filters)('filters as somebody else’s OData parser understands %s', async (filter) => {
    const all = (await read(`${hourly}?$top=1000`)).value;
    const judge = judgeOf(filter);
    const expected = all.filter(judge).map((entity) => entity['@iot.id']);
    const found = await read(`${hourly}?$top=1000&$count=true&${encoded(filter)}`);
    expect(found.value.map((entity) => entity['@iot.id'])).toEqual(expected);
    expect(found['@iot.count']).toBe(expected.length);
    // The same over all series at once, where each is looked through.
    const everywhere = await read(
      `Observations?$top=1000&${encoded(`Datastream/@iot.id eq 'shop-door~in~1h' and (${filter})`)}`,
    );
    expect(everywhere.value.map((entity) => entity['@iot.id'])).toEqual(expected);
  });

  test.each([
    `${hourly}?$top=5&$count=true`,
    `${hourly}?$top=7&$orderby=phenomenonTime%20desc`,
    `${hourly}?$top=4&$orderby=result%20desc,phenomenonTime&${encoded('result ne null or phenomenonTime lt 2026-03-02T06:00:00Z')}`,
    'Datastreams?$top=3&$select=name',
  ])('pages %s without loss or doubling, by links whose options the other parser reads', async (first) => {
    const whole = (await read(first.replace(/\$top=\d+/, '$top=1000'))).value;
    const paged: Entity[] = [];
    let path: string | undefined = first;
    let pages = 0;
    while (path !== undefined) {
      const page: Page = await read(path);
      paged.push(...page.value);
      pages += 1;
      path = page['@iot.nextLink'];
      if (path === undefined) break;
      expect(() => defaultParser.query(decodeURIComponent(new URL(path!).search.slice(1)))).not.toThrow();
      expect(Number(new URL(path).searchParams.get('$skip'))).toBe(paged.length);
    }
    expect(pages).toBeGreaterThan(1);
    expect(paged).toEqual(whole);
  });

  test('orders by time and by result, either way', async () => {
    const newest = (await read(`${hourly}?$orderby=phenomenonTime%20desc&$top=1000`)).value;
    const oldest = (await read(`${hourly}?$top=1000`)).value;
    expect(newest).toEqual([...oldest].reverse());
    const results = (await read(`${hourly}?$orderby=result%20desc&$top=4&$select=result`)).value;
    expect(results).toEqual([{ result: 60 }, { result: 60 }, { result: 0 }, { result: null }]);
  });

  test('expands with options of its own, in any depth, with count and link', async () => {
    const inner =
      "$filter=properties/direction eq 'in' and properties/resolution eq '1h';$expand=Observations($top=2;$count=true;$orderby=phenomenonTime desc),ObservedProperty($select=name)";
    const { value } = await read(
      `Things?${encoded("name eq 'shop'")}&$expand=${encodeURIComponent(`Datastreams(${inner}),Locations`)}`,
    );
    expect(value).toHaveLength(1);
    const [thing] = value as [Entity & { Datastreams: (Entity & { Observations: Entity[] })[] }];
    expect(thing.Datastreams).toHaveLength(1);
    const [stream] = thing.Datastreams as [Entity & { Observations: Entity[] }];
    expect(stream).toMatchObject({ ObservedProperty: { name: 'people in' }, 'Observations@iot.count': 24 });
    const rest = await read(String(stream['Observations@iot.nextLink']));
    const all = (await read(`${hourly}?$orderby=phenomenonTime%20desc&$top=4`)).value;
    expect([...stream.Observations, ...rest.value]).toEqual(all);
  });

  test('answers every request of the manual as it stands there', async () => {
    const [block] = documentedPrograms('interop.md', 'http');
    const requests = block!
      .trim()
      .split('\n')
      .map((line) => line.replace('GET ', ''));
    expect(requests).toHaveLength(5);
    for (const request of requests) {
      const { value } = await read(`${url}${request}`);
      expect(value.length, request).toBeGreaterThan(0);
    }
  });

  test('gives partners sealed cells of what is shared, and no trace of the rest', async () => {
    const { cells: told } = await cells('1h', partner);
    const page = await read(`${hourly}?$top=1000`, partner);
    const sealed = told.filter(({ in: number }: { in: number | null }) => number !== null);
    const found = page.value.filter(({ result }) => result !== null);
    expect(found.map(({ result }) => result)).toEqual(sealed.map((cell: { in: number }) => cell.in));
    expect(found[0]).toMatchObject({ parameters: { value: 'published', draws: 1, open: 0 } });
    const streams = (await read('Datastreams?$top=1000', partner)).value.map((entity) => entity['@iot.id']);
    expect(streams).toEqual(
      ['1h', '1d', '1w'].flatMap((one) => [`shop-door~in~${one}`, `shop-door~out~${one}`]),
    );
    for (const hidden of ["Things('cafe')", "Datastreams('shop-door~in~5m')", "Sensors('cafe-door')"]) {
      expect((await fetch(`${url}${root}/${hidden}`, { headers: partner })).status, hidden).toBe(404);
    }
    expect(JSON.stringify(await read('Things?$expand=Datastreams', partner))).not.toContain('cafe');
    expect((await fetch(`${url}${root}/Things`)).status).toBe(401);
  });

  test.each([
    [`${hourly}?$filter=result%20like%205`, 'invalid-request'],
    [`${hourly}?${encoded("result eq 'a")}`, 'invalid-request'],
    [`${hourly}?${encoded('nothing eq 5')}`, 'invalid-request'],
    [`${hourly}?${encoded(`${'('.repeat(200)}result eq 5${')'.repeat(200)}`)}`, 'invalid-request'],
    [`${hourly}?$top=many`, 'invalid-request'],
    [`${hourly}?$search=x`, 'invalid-request'],
    ['Things?$expand=Tasks', 'invalid-request'],
    ['Things?$expand=Datastreams(', 'invalid-request'],
    ['Things?$select=secret', 'invalid-request'],
    ['Things?$orderby=name%20sideways', 'invalid-request'],
    ['Tasks', 'not-found'],
    ["Things('nobody')", 'not-found'],
    ["Things('shop')/Observations", 'not-found'],
    ["Datastreams('shop-door~in~1h')/Observations('shop-door~in~1h~never')", 'not-found'],
  ])('answers %s with %s', async (path, code) => {
    const answer = await fetch(`${url}${root}/${path}`, { headers: owner });
    expect(await answer.json()).toMatchObject({ type: `/problems/${code}` });
  });
});

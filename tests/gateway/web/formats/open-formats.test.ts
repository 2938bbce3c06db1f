import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '@placemarkio/check-geojson';
import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet';
import jsonld from 'jsonld';
import { DataFactory, Parser, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { programPath, requirePrograms } from '../../../require-programs.ts';
import { day, type FormatsBed, openFormatsBed } from './formats-bed.ts';

const shapesFile = join(import.meta.dirname, '../../../standards/dcat-ap-de/shapes.ttl');
let bed: FormatsBed;
beforeAll(async () => {
  bed = await openFormatsBed();
});
afterAll(() => bed.close());

describe('GeoJSON of sites', () => {
  const map = async (query: string) => (await fetch(`${bed.url}/v1/sites.geojson${query}`)).text();

  test('is valid, with the place where there is one', async () => {
    const { features } = check(await map('')) as { features: { id?: unknown; geometry: unknown }[] };
    expect(features.map(({ id, geometry }) => [id, geometry])).toEqual([
      ['shop', { type: 'Point', coordinates: [7.702, 51.3757] }],
      ['cafe', null],
    ]);
    expect(() => check('{"type":"FeatureCollection","features":[{"type":"Feature"}]}')).toThrow();
  });

  test('says what was counted on days that are asked for, as the API does', async () => {
    const { features } = JSON.parse(await map(`?${new URLSearchParams(day)}`)) as {
      features: { properties: { lines: { id: string; in: number; out: number }[] } }[];
    };
    for (const { id, in: entered, out } of features.flatMap(({ properties }) => properties.lines)) {
      const { total } = await bed.cells(id);
      expect([entered, out]).toEqual([total.in, total.out]);
    }
    const before = await map('?from=2026-02-27T23:00:00Z&to=2026-02-28T23:00:00Z');
    expect(JSON.parse(before).features[0].properties.lines[0]).toMatchObject({
      in: null,
      out: null,
      coverage: 0,
    });
  });
});

describe('the catalogue of open data', () => {
  const share = (id: string, line: string, changes = {}) =>
    bed.store.put(
      [
        {
          kind: 'grant',
          id,
          body: { line, audience: 'public', resolution: '1h', from: day.from, ...changes },
        },
      ],
      0,
    );
  const graph = async () => {
    const document = (await (await fetch(`${bed.url}/catalog`)).json()) as never;
    const quads = (await jsonld.toRDF(document, { format: 'application/n-quads' })) as unknown as string;
    return new Store(new Parser({ format: 'N-Quads' }).parse(quads));
  };
  const validate = async (data: Store) => {
    const shapes = new Store(new Parser().parse(readFileSync(shapesFile, 'utf8')));
    return new SHACLValidator(shapes as never).validate(data as never);
  };
  const dcat = (name: string) => DataFactory.namedNode(`http://www.w3.org/ns/dcat#${name}`);
  const licence = DataFactory.namedNode('http://purl.org/dc/terms/license');

  beforeEach(async () => {
    for (const id of ['one', 'two', 'three']) await bed.store.retire('grant', id, 0);
  });

  test('keeps to DCAT-AP.de and lists a shared line once, under its licence', async () => {
    await share('one', 'shop-door', { resolution: '1d' });
    await share('two', 'shop-door');
    await share('three', 'cafe-door');
    const data = await graph();
    const report = await validate(data);
    expect(report.results.map(({ path, message }) => [path?.value, message])).toEqual([]);
    expect(report.conforms).toBe(true);
    const sets = data.getObjects(null, dcat('dataset'), null);
    // The café has said no licence.
    expect(sets.map(({ value }) => value)).toEqual(['https://counts.example.org/catalog#shop-door']);
    const resolution = data.getObjects(null, dcat('temporalResolution'), null);
    expect(resolution.map(({ value }) => value)).toEqual(['PT1H']);
    expect(data.getObjects(null, licence, null).map(({ value }) => value)).toEqual([
      'http://dcat-ap.de/def/licenses/cc-by/4.0',
    ]);
  });

  test('the shapes do refuse a data set without its licence', async () => {
    await share('one', 'shop-door');
    const data = await graph();
    data.removeQuads(data.getQuads(null, licence, null, null));
    const { conforms, results } = await validate(data);
    expect(conforms).toBe(false);
    expect(results.length).toBeGreaterThan(0);
  });

  test('names addresses that answer', async () => {
    await share('one', 'shop-door');
    for (const { value } of (await graph()).getObjects(null, dcat('accessURL'), null)) {
      const path = value.replace('https://counts.example.org', bed.url);
      expect((await fetch(`${path}?${new URLSearchParams(day)}`)).status, value).toBe(200);
    }
  });

  test('does not list what is shared with partners only, or no longer', async () => {
    await share('one', 'shop-door', { audience: 'partner' });
    await share('two', 'shop-door', { until: day.from });
    expect((await graph()).getObjects(null, dcat('dataset'), null)).toEqual([]);
  });
});

describe('readers of others, through HTTP', () => {
  test('hyparquet finds in Parquet what the API says, zero and missing included', async () => {
    const file = await asyncBufferFromUrl({
      url: `${bed.url}/v1/lines/shop-door/counts.parquet?${new URLSearchParams(day)}`,
    });
    const rows = await parquetReadObjects({ file });
    const { cells, total } = await bed.cells('shop-door');
    expect(rows.map((row) => [row['in'], row['out']])).toEqual(cells.map((cell) => [cell.in, cell.out]));
    expect(rows.reduce((sum, row) => sum + ((row['in'] as number | null) ?? 0), 0)).toBe(total.in);
    expect(rows.filter((row) => row['in'] === 0)).toHaveLength(1);
    expect(rows.filter((row) => row['in'] === null)).toHaveLength(21);
  });

  test('promtool has nothing to say against the metrics', async (context) => {
    requirePrograms(context, 'promtool');
    const text = await (await fetch(`${bed.url}/metrics`)).text();
    const lint = (input: string) =>
      spawnSync(programPath('promtool')!, ['check', 'metrics'], { input, encoding: 'utf8' });
    const { status, stdout, stderr } = lint(text);
    expect([status, stdout, stderr]).toEqual([0, '', '']);
    expect(text).toMatch(/^passant_batches_total \d+$/m);
    expect(lint(`${text}# TYPE nonsense gauge\nnonsense{ 1\n`).status).not.toBe(0);
  });
});

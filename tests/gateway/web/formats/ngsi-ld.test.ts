import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import jsonld from 'jsonld';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { day, type FormatsBed, openFormatsBed } from './formats-bed.ts';

const standards = join(import.meta.dirname, '../../../standards/fiware');
const json = (file: string) => JSON.parse(readFileSync(join(standards, file), 'utf8')) as object;
const models = 'https://smartdatamodels.org/dataModel.Transportation/';
const q = `dateObservedFrom>=${day.from};dateObservedTo<=${day.to};line=="shop-door"`;

let bed: FormatsBed;
beforeAll(async () => {
  bed = await openFormatsBed();
});
afterAll(() => bed.close());

type Entity = Record<string, unknown>;
const ask = async (parameters: Record<string, string>) =>
  fetch(`${bed.url}/ngsi-ld/v1/entities?${new URLSearchParams({ limit: '1000', ...parameters })}`);
const entities = async (parameters: Record<string, string>) =>
  (await (await ask(parameters)).json()) as Entity[];

function validatorOf(type: string) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(json('common-schema.excerpt.json'));
  return ajv.compile(json(`${type}.schema.json`));
}

describe('NGSI-LD entities', () => {
  test.each(['CrowdFlowObserved', 'ItemFlowObserved'])('of %s keep to the data model', async (type) => {
    const valid = validatorOf(type);
    const simple = await entities({ type, q, options: 'keyValues' });
    for (const entity of simple) expect([valid(entity), valid.errors]).toEqual([true, null]);
    expect(simple).toHaveLength(type === 'CrowdFlowObserved' ? 24 : 48);
    // The validator is not one that takes anything.
    expect(valid({ ...simple[0], dateObservedTo: 'yesterday' })).toBe(false);
    expect(valid({ ...simple[0], type: 'Crowd' })).toBe(false);
  });

  test('of the crowd add up to what the API says, zero and missing included', async () => {
    const { cells, total } = await bed.cells('shop-door');
    const seen = await entities({ type: 'CrowdFlowObserved', q, options: 'keyValues' });
    for (const [index, cell] of cells.entries()) {
      const { peopleCountTowards, peopleCountAway, peopleCount, dateObservedFrom, location } = seen[index]!;
      expect(dateObservedFrom).toBe(cell.start);
      expect([peopleCountTowards, peopleCountAway]).toEqual([cell.in ?? undefined, cell.out ?? undefined]);
      expect(peopleCount).toBe(cell.in === null ? undefined : cell.in + cell.out!);
      expect(location).toEqual({ type: 'Point', coordinates: [7.702, 51.3757] });
    }
    const sum = seen.reduce((all, entity) => all + ((entity['peopleCountTowards'] as number) ?? 0), 0);
    expect(sum).toBe(total.in);
    expect(seen.filter((entity) => entity['peopleCount'] === 0)).toHaveLength(1);
    expect(seen.filter((entity) => !('peopleCount' in entity))).toHaveLength(21);
  });

  test('of flows add up likewise, one for each direction', async () => {
    const { total } = await bed.cells('shop-door');
    const seen = await entities({ type: 'ItemFlowObserved', q, options: 'keyValues' });
    const sumOf = (direction: string) =>
      seen
        .filter((entity) => entity['laneDirection'] === direction)
        .reduce((all, entity) => all + ((entity['intensity'] as number) ?? 0), 0);
    expect([sumOf('inbound'), sumOf('outbound')]).toEqual([total.in, total.out]);
    expect(seen.filter((entity) => entity['intensity'] === 0)).toHaveLength(2);
    const { id, itemType } = seen[0]!;
    expect([id, itemType]).toEqual([
      'urn:ngsi-ld:ItemFlowObserved:shop-door:20260301T230000Z:inbound',
      'people',
    ]);
    expect(new Set(seen.map((entity) => entity['id'])).size).toBe(48);
  });

  test('a JSON-LD processor reads them as the vocabulary means them', async () => {
    const answer = await ask({ type: 'CrowdFlowObserved', q });
    expect(answer.headers.get('content-type')).toContain('application/ld+json');
    const [, , , , , , , , , busy] = (await answer.json()) as Entity[];
    // The core context is ETSI's and not at hand offline: the terms it would add are spelt out here.
    const core = {
      Property: 'https://uri.etsi.org/ngsi-ld/Property',
      DateTime: 'https://uri.etsi.org/ngsi-ld/DateTime',
      GeoProperty: 'https://uri.etsi.org/ngsi-ld/GeoProperty',
      value: 'https://uri.etsi.org/ngsi-ld/hasValue',
      type: '@type',
      id: '@id',
    };
    const documents: Record<string, object> = {
      'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld': { '@context': core },
      'https://raw.githubusercontent.com/smart-data-models/dataModel.Transportation/master/context.jsonld':
        json('context.jsonld'),
    };
    const documentLoader = async (url: string) => {
      if (documents[url] === undefined) throw new Error(`nobody may be asked: ${url}`);
      return { document: documents[url], documentUrl: url, contextUrl: null as never };
    };
    const [expanded] = (await jsonld.expand(busy as never, {
      documentLoader: documentLoader as never,
    })) as unknown as Entity[];
    expect(expanded!['@type']).toEqual([`${models}CrowdFlowObserved`]);
    const towards = (expanded![`${models}peopleCountTowards`] as Entity[])[0]!;
    const { cells } = await bed.cells('shop-door');
    expect(towards['https://uri.etsi.org/ngsi-ld/hasValue']).toEqual([{ '@value': cells[9]!.in }]);
  });

  test('come page by page, with their number where it is asked for', async () => {
    const first = await ask({ type: 'CrowdFlowObserved', q, limit: '10', count: 'true' });
    expect(first.headers.get('ngsild-results-count')).toBe('24');
    const pages = await Promise.all(
      ['0', '10', '20'].map((offset) => entities({ type: 'CrowdFlowObserved', q, limit: '10', offset })),
    );
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 4]);
    expect(new Set(pages.flat().map((entity) => entity['id'])).size).toBe(24);
  });

  test('of a flow need a place, of the crowd do not', async () => {
    const cafe = q.replace('shop-door', 'cafe-door');
    expect(await entities({ type: 'ItemFlowObserved', q: cafe })).toEqual([]);
    const crowd = await entities({ type: 'CrowdFlowObserved', q: cafe });
    expect(crowd).toHaveLength(24);
    expect(crowd[0]).not.toHaveProperty('location');
  });

  test.each(['', 'line=="shop-door"', 'dateObservedFrom>=today;dateObservedTo<=tomorrow', `${q};x==1`])(
    'answer a question that cannot be read with a problem: %j',
    async (bad) => {
      const answer = await ask({ type: 'CrowdFlowObserved', q: bad });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ type: '/problems/invalid-request' });
    },
  );
});

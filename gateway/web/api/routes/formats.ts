import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { resolutions } from '../../../contract/http-api.ts';
import type { GrantBody } from '../../../contract/records-api.ts';
import type { SitePlan } from '../../../values/site-plan.ts';
import type { Sight } from '../../access/sight.ts';
import type { AccessParts } from '../app.ts';
import { audienceCounts } from '../audience-counts.ts';
import { dcatCatalogue, type OpenLine } from '../formats/dcat-catalogue.ts';
import {
  entitiesPerCell,
  type NgsiLine,
  type NgsiType,
  ngsiEntities,
  ngsiTypes,
  normalized,
  simplified,
} from '../formats/ngsi-ld-entities.ts';
import { readNgsiQuery } from '../formats/ngsi-ld-query.ts';
import { type MapLine, type MapSite, sitesGeojson } from '../formats/sites-geojson.ts';
import { cellsMax, type PlannedLine } from '../line-source.ts';
import { Problem } from '../problems.ts';
import { momentOf } from '../request-range.ts';

const closed = { additionalProperties: false } as const;
const linkedData = 'application/ld+json';

const NgsiQueryString = Type.Object(
  {
    type: Type.Enum([...ngsiTypes]),
    q: Type.String({
      maxLength: 300,
      description: 'Which time and line, in the query language of NGSI-LD.',
      examples: ['dateObservedFrom>=2026-03-01T23:00:00Z;dateObservedTo<=2026-03-02T23:00:00Z;line=="door"'],
    }),
    resolution: Type.Enum([...resolutions], { default: '1h', description: 'Length of the observations.' }),
    options: Type.Enum(['normalized', 'keyValues'], { default: 'normalized' }),
    limit: Type.String({ pattern: '^[1-9][0-9]{0,3}$', default: '20', description: 'At most 1,000.' }),
    offset: Type.String({ pattern: '^[0-9]{1,6}$', default: '0' }),
    count: Type.Enum(['true', 'false'], { default: 'false', description: 'Adds NGSILD-Results-Count.' }),
  },
  closed,
);
const ngsiLimitMax = 1_000;

const MapQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ description: 'With to: adds what was counted on whole local days.' })),
    to: Type.Optional(Type.String()),
  },
  closed,
);

/** What programs of others read: NGSI-LD, GeoJSON and the catalogue of open data. */
export function addFormatRoutes(app: FastifyInstance, parts: AccessParts): void {
  addNgsiRoute(app, parts);
  addMapRoute(app, parts);
  addCatalogueRoute(app, parts);
}

function addNgsiRoute(app: FastifyInstance, parts: AccessParts): void {
  app.get<{ Querystring: Static<typeof NgsiQueryString> }>(
    '/ngsi-ld/v1/entities',
    {
      schema: {
        tags: ['counts'],
        summary: 'Counts as NGSI-LD entities CrowdFlowObserved and ItemFlowObserved',
        description: 'An observation in which nobody looked has no count; one of nobody has the count 0.',
        querystring: NgsiQueryString,
      },
    },
    async (request, reply) => {
      const { type, q, resolution, options, limit, offset, count } = request.query;
      const { range, line } = readNgsiQuery(q);
      const written = options === 'keyValues' ? simplified : normalized;
      const sight = parts.access.sightOf(request);
      const entities: object[] = [];
      for (const one of await ngsiLines(request, parts, { type, line })) {
        // Of all lines those are answered that are shared in this way; of one line it is said that it is not.
        if (line === null && sight.sharedSpan(one.id, range, resolution) === null) continue;
        const answer = await audienceCounts({ ...parts, sight }, one.id, { range, resolution });
        if (entities.length + answer.cells.length * entitiesPerCell[type] > cellsMax) {
          throw new Problem(
            'range-too-long',
            `At most ${cellsMax} entities; ask for one line or a shorter time.`,
          );
        }
        for (const cell of answer.cells) entities.push(...ngsiEntities(type, one, cell).map(written));
      }
      const first = Number(offset);
      const page = entities.slice(first, first + Math.min(ngsiLimitMax, Number(limit)));
      if (count === 'true') reply.header('NGSILD-Results-Count', entities.length);
      return reply.type(linkedData).send(JSON.stringify(page));
    },
  );
}

/** Lines that count people; of a flow the data model demands a place (its schema: `required`). */
async function ngsiLines(
  request: FastifyRequest,
  { reader, access }: AccessParts,
  asked: { type: NgsiType; line: string | null },
): Promise<NgsiLine[]> {
  const sight = access.sightOf(request);
  const { plan } = await reader.directory();
  const mine = plan.lines.filter(
    ({ id, site, kind }) =>
      kind === 'crossing' && sight.seesLine(id, site) && (asked.line === null || asked.line === id),
  );
  if (asked.line !== null && mine.length === 0)
    throw new Problem('not-found', `There is no line "${asked.line}".`);
  const placed = mine.map(({ id, name, site }) => ({ id, name, place: placeOf(plan, site) }));
  return asked.type === 'CrowdFlowObserved' ? placed : placed.filter(({ place }) => place !== null);
}

function placeOf(plan: SitePlan, site: string): NgsiLine['place'] {
  return plan.sites.find(({ id }) => id === site)?.details?.place ?? null;
}

function addMapRoute(app: FastifyInstance, parts: AccessParts): void {
  const { reader, access } = parts;
  app.get<{ Querystring: Static<typeof MapQuery> }>(
    '/v1/sites.geojson',
    { schema: { tags: ['counts'], summary: 'Sites on a map (GeoJSON)', querystring: MapQuery } },
    async (request, reply) => {
      const sight = access.sightOf(request);
      const { plan } = await reader.directory();
      const sites = plan.sites.filter(({ id }) => sight.seesSite(id));
      const features = sites.map(async ({ id, name, organisation, town, timeZone }): Promise<MapSite> => {
        const lines = plan.lines.filter(({ id: line, site }) => site === id && sight.seesLine(line, id));
        const shown = await Promise.all(
          lines.map((line) => mapLine(line, request.query, { ...parts, sight })),
        );
        return { id, name, organisation, town, timeZone, place: placeOf(plan, id), lines: shown };
      });
      const body = sitesGeojson(await Promise.all(features));
      return reply.type('application/geo+json').send(JSON.stringify(body));
    },
  );
}

async function mapLine(
  { id, name, role, kind }: PlannedLine,
  { from, to }: Static<typeof MapQuery>,
  parts: AccessParts & { readonly sight: Sight },
): Promise<MapLine> {
  const line = { id, name, role };
  if ((from === undefined && to === undefined) || kind !== 'crossing') return line;
  const range = { fromMs: momentOf('from', from), toMs: momentOf('to', to) };
  if (parts.sight.sharedSpan(id, range, '1d') === null) return line;
  const { total } = await audienceCounts(parts, id, { range, resolution: '1d' });
  return { ...line, in: total.in, out: total.out, coverage: total.coverage };
}

function addCatalogueRoute(app: FastifyInstance, { reader, store, settings, now }: AccessParts): void {
  app.get(
    '/catalog',
    { schema: { tags: ['gateway'], summary: 'Catalogue of open data (DCAT-AP.de 3.0, JSON-LD)' } },
    async (_request, reply) => {
      const { catalogue, publicUrl } = settings;
      if (catalogue === undefined || publicUrl === undefined) {
        throw new Problem('not-found', 'This gateway has no catalogue: its configuration names none.');
      }
      const grants = (await store.readRecords('grant')).map(({ body }) => body as GrantBody);
      const open = grants.filter((grant) => grant.audience === 'public' && isInForce(grant, now()));
      const { plan } = await reader.directory();
      const lines = finestOfEach(open.flatMap((grant) => openLine(grant, plan)));
      const body = dcatCatalogue(lines, { catalogue, publicUrl });
      return reply.type(linkedData).send(JSON.stringify(body));
    },
  );
}

function isInForce({ from, until }: GrantBody, nowMs: number): boolean {
  return Date.parse(from) <= nowMs && (until === undefined || Date.parse(until) > nowMs);
}

/** A line that is shared twice is one data set. */
function finestOfEach(lines: readonly OpenLine[]): OpenLine[] {
  const byLine = new Map<string, OpenLine>();
  for (const line of lines) {
    const known = byLine.get(line.id);
    const finer = !known || resolutions.indexOf(line.resolution) < resolutions.indexOf(known.resolution);
    if (finer) byLine.set(line.id, line);
  }
  return [...byLine.values()];
}

/** A line is listed once somebody has said under which licence. */
function openLine(grant: GrantBody, plan: SitePlan): OpenLine[] {
  const line = plan.lines.find(({ id, kind }) => id === grant.line && kind === 'crossing');
  const site = plan.sites.find(({ id }) => id === line?.site);
  const licence = site?.details?.openDataLicence;
  if (!line || !site || licence === undefined) return [];
  const { name: siteName, organisation, town, details } = site;
  return [
    {
      id: line.id,
      name: line.name,
      siteName,
      organisation,
      town,
      licence,
      municipalityKey: details?.municipalityKey ?? null,
      resolution: grant.resolution,
      from: grant.from,
    },
  ];
}

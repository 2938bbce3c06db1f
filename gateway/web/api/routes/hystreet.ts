import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { EventBody } from '../../../contract/records-api.ts';
import { localDay, type Span } from '../../../values/local-time.ts';
import type { Sight } from '../../access/sight.ts';
import type { AccessParts } from '../app.ts';
import { audienceCounts } from '../audience-counts.ts';
import type { Known } from '../counts-reader.ts';
import { both, type HystreetLine, hystreetHead, hystreetLocation } from '../formats/hystreet-location.ts';
import {
  type HystreetResolution,
  hystreetRange,
  hystreetResolutions,
  isLocation,
} from '../formats/hystreet-query.ts';
import { measuredSpan } from '../measured-span.ts';
import { Problem } from '../problems.ts';

const closed = { additionalProperties: false } as const;
const names = Object.keys(hystreetResolutions) as HystreetResolution[];

const LocationQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ maxLength: 40, description: 'First timestamp; today if absent.' })),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'Last timestamp, included.' })),
    resolution: Type.Enum([...names], { default: 'hour' }),
  },
  closed,
);
type LocationQuery = Static<typeof LocationQuery>;

/** Either the number of the list or the name of the line. */
const LocationParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 127 }) }, closed);

/** The read interface of hystreet.com, for its clients in R and Python: lines that count people as locations. */
export function addHystreetRoutes(app: FastifyInstance, parts: AccessParts): void {
  app.get(
    '/hystreet/locations',
    { schema: { tags: ['counts'], summary: 'Lines as hystreet’s locations, with today’s count' } },
    async (request) => {
      const caller = await callerOf(request, parts);
      return Promise.all(
        caller.lines.map(async (line) => hystreetHead(line, await todayOf(line, caller, parts))),
      );
    },
  );
  app.get<{ Params: { id: string }; Querystring: LocationQuery }>(
    '/hystreet/locations/:id',
    {
      schema: {
        tags: ['counts'],
        summary: 'Counts of a line as hystreet’s measurements',
        description: 'With the key as X-API-Token. Timestamps are local with offset; missing is null.',
        params: LocationParams,
        querystring: LocationQuery,
      },
    },
    async (request) => {
      const { id } = request.params;
      const caller = await callerOf(request, parts);
      const line = caller.lines.find((one) => isLocation(one.id, id));
      if (line === undefined) throw new Problem('not-found', 'There is no such location, or not for you.');
      return locationOf(line, { query: request.query, caller, parts });
    },
  );
}

interface Caller {
  readonly sight: Sight;
  readonly known: Known;
  readonly lines: readonly (HystreetLine & { readonly site: string })[];
}

async function callerOf(request: FastifyRequest, { access, reader }: AccessParts): Promise<Caller> {
  const sight = access.sightOf(request);
  const known = await reader.directory();
  const lines = known.plan.lines
    .filter(({ id, site, kind }) => kind === 'crossing' && sight.seesLine(id, site))
    .map(({ id, name, site }) => {
      const { name: siteName, town, timeZone } = known.plan.sites.find((one) => one.id === site)!;
      return { id, name, site, siteName, town, timeZone };
    });
  return { sight, known, lines };
}

/** What both answers say of a line: today's count and since when there are measurements. */
async function todayOf(line: Caller['lines'][number], caller: Caller, parts: AccessParts) {
  const range = localDay(parts.now(), line.timeZone);
  const todayCount = await countOf(line.id, { range, caller, parts });
  const span = await measuredSpan(parts, line.id, caller);
  return {
    range,
    rangeCount: todayCount,
    todayCount,
    earliestMs: span?.fromMs ?? null,
    latestMs: span?.toMs ?? null,
  };
}

/** The sum of a local day; null where it has not been shared in days, too. */
async function countOf(
  line: string,
  { range, caller, parts }: { range: Span; caller: Caller; parts: AccessParts },
): Promise<number | null> {
  const { sight, known } = caller;
  if (sight.sharedSpan(line, range, '1d') === null) return null;
  const counts = await audienceCounts({ ...parts, sight }, line, { range, resolution: '1d', known });
  return both(counts.total);
}

async function locationOf(
  line: Caller['lines'][number],
  of: { query: LocationQuery; caller: Caller; parts: AccessParts },
) {
  const { query, caller, parts } = of;
  const resolution = query.resolution as HystreetResolution;
  const range = hystreetRange(query, { resolution, timeZone: line.timeZone, nowMs: parts.now() });
  const asked = { range, resolution: hystreetResolutions[resolution], known: caller.known };
  const { cells, total } = await audienceCounts({ ...parts, sight: caller.sight }, line.id, asked);
  const events = (await parts.store.readRecords('event')).map(({ body }) => body as EventBody);
  const incidents = events.filter(
    ({ site, kind, from, until }) =>
      site === line.site &&
      kind === 'incident' &&
      Date.parse(from) < range.toMs &&
      Date.parse(until) > range.fromMs,
  );
  const head = await todayOf(line, caller, parts);
  return hystreetLocation(line, { ...head, range, cells, rangeCount: both(total), incidents });
}

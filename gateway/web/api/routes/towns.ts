import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { LineId } from '../../../contract/http-api.ts';
import {
  IndexQuery,
  LineIndex,
  ProfilePageQuery,
  TownCalendar,
  TownName,
  TownProfile,
  YearQuery,
} from '../../../contract/towns.ts';
import type { AccessParts } from '../app.ts';
import { IndexReader } from '../towns/index-reader.ts';
import { profilePage } from '../towns/profile-page.ts';
import { TownReader } from '../towns/town-reader.ts';
import { peopleFor } from './measures.ts';

const closed = { additionalProperties: false } as const;
const TownParams = Type.Object({ id: TownName }, closed);
const LineParams = Type.Object({ id: LineId }, closed);
type TownParams = Static<typeof TownParams>;

/** Calendar and yearly profile of a town, and the index of a line against its town. */
export function addTownRoutes(app: FastifyInstance, parts: AccessParts): void {
  const towns = new TownReader(parts.store, parts.reader);
  const tags = ['measures'];
  app.get<{ Params: TownParams; Querystring: Static<typeof YearQuery> }>(
    '/v1/towns/:id/calendar',
    {
      schema: {
        tags,
        summary: 'Holidays and the events that sites share with the town',
        params: TownParams,
        querystring: YearQuery,
        response: { 200: TownCalendar },
      },
    },
    ({ params, query }) => towns.calendar(params.id, Number(query.year)),
  );
  app.get<{ Params: TownParams; Querystring: Static<typeof YearQuery> }>(
    '/v1/towns/:id/profile',
    {
      schema: {
        tags,
        summary: 'How attractive a town was in a year',
        params: TownParams,
        querystring: YearQuery,
        response: { 200: TownProfile },
      },
    },
    (request) => towns.profile(request.params.id, Number(request.query.year), peopleFor(request, parts)),
  );
  app.get<{ Params: TownParams; Querystring: Static<typeof ProfilePageQuery> }>(
    '/v1/towns/:id/profile.html',
    {
      schema: {
        tags,
        summary: 'The same as a page for printing',
        params: TownParams,
        querystring: ProfilePageQuery,
      },
    },
    async (request, reply) => {
      const { year, language } = request.query;
      const profile = await towns.profile(request.params.id, Number(year), peopleFor(request, parts));
      return reply.type('text/html; charset=utf-8').send(profilePage(profile, language as 'de' | 'en'));
    },
  );
  addIndexRoute(app, parts);
}

function addIndexRoute(app: FastifyInstance, parts: AccessParts): void {
  const { store, reader, published, now, access } = parts;
  const indexes = new IndexReader({ store, reader, published, now });
  app.get<{ Params: { id: string }; Querystring: IndexQuery }>(
    '/v1/lines/:id/index',
    {
      schema: {
        tags: ['measures'],
        summary: 'A line against its town or peer group, telling about no member',
        params: LineParams,
        querystring: IndexQuery,
        response: { 200: LineIndex },
      },
    },
    (request) =>
      indexes.index(request.params.id, request.query, {
        source: peopleFor(request, parts),
        sight: access.sightOf(request),
      }),
  );
}

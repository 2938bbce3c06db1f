import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PageQuery } from '../../../contract/pages-api.ts';
import {
  type ApiKeyInfo,
  ApiKeyList,
  AuditPage,
  SiteCalendar,
  SiteWeather,
} from '../../../contract/records-api.ts';
import type { WeatherHour } from '../../../ingest/imports/weather-series.ts';
import { publicHolidays } from '../../../values/holidays.ts';
import type { SchoolHoliday } from '../../../values/school-calendar.ts';
import type { ApiKeyBody } from '../../access/principal.ts';
import { isWithin } from '../../access/scope.ts';
import { isoTime } from '../iso-time.ts';
import { pageOf } from '../pages.ts';
import { Problem, problems } from '../problems.ts';
import type { RecordRouteParts } from './records.ts';

const auditPageMax = 200;
const IdParams = Type.Object({ id: Type.String({ maxLength: 63 }) }, { additionalProperties: false });
const AuditQuery = Type.Object(
  { cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', examples: ['4711'] })) },
  { additionalProperties: false },
);
const MonthQuery = Type.Object(
  { month: Type.String({ pattern: '^20[2-9][0-9]-[01][0-9]$', examples: ['2026-03'] }) },
  { additionalProperties: false },
);
const YearQuery = Type.Object(
  { year: Type.String({ pattern: '^20[2-9][0-9]$', examples: ['2026'] }) },
  { additionalProperties: false },
);

/** Keys, audit log, calendars and the catalogue of problems. */
export function addAdministrationRoutes(app: FastifyInstance, parts: RecordRouteParts): void {
  addKeyRoutes(app, parts);
  addAuditRoute(app, parts);
  addCalendarRoute(app, parts);
  addWeatherRoute(app, parts);
  app.get(
    '/v1/problems',
    { schema: { tags: ['gateway'], summary: 'Every error this interface answers' } },
    () => Object.entries(problems).map(([code, problem]) => ({ type: `/problems/${code}`, ...problem })),
  );
}

function addKeyRoutes(app: FastifyInstance, { store, access, now }: RecordRouteParts): void {
  app.get<{ Querystring: PageQuery }>(
    '/v1/keys',
    {
      schema: {
        tags: ['access'],
        summary: 'API keys, without their tokens',
        querystring: PageQuery,
        response: { 200: ApiKeyList },
      },
    },
    async (request) => {
      const uses = new Map((await store.readRecords('api-key-use')).map(({ id, body }) => [id, body]));
      const keys = await keysWithin(request, { store, access });
      const { entries, next } = pageOf(keys, request.query, ({ id }) => id);
      return {
        next,
        keys: entries.map(({ id, body }): ApiKeyInfo => {
          const { name, role, sites, organisations = [], towns = [], expiresMs } = body;
          const lastUsedOn = (uses.get(id) as { on: string } | undefined)?.on ?? null;
          const expiresAt = isoTime(expiresMs);
          return { id, name, role, sites, organisations, towns, expiresAt, lastUsedOn };
        }),
      };
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/v1/keys/:id',
    { schema: { tags: ['access'], summary: 'Revoke a key at once', params: IdParams } },
    async (request, reply) => {
      const { id } = request.params;
      const mine = await keysWithin(request, { store, access });
      if (!mine.some((key) => key.id === id) || !(await store.retire('api-key', id, now()))) {
        throw new Problem('not-found', `There is no key "${id}".`);
      }
      const { actor } = access.sightOf(request).principal;
      await store.appendAudit({ atMs: now(), actor, action: 'key-revoked', subject: id });
      return reply.status(204).send();
    },
  );
}

/** Keys whose sites are all the caller's: an operator of one town learns nothing of another. */
async function keysWithin(
  request: FastifyRequest,
  { store, access }: Pick<RecordRouteParts, 'store' | 'access'>,
): Promise<{ id: string; body: ApiKeyBody }[]> {
  const { principal } = access.sightOf(request);
  const keys: { id: string; body: ApiKeyBody }[] = [];
  for (const record of await store.readRecords('api-key')) {
    const body = record.body as ApiKeyBody;
    if (isWithin(await access.sitesOf(body), principal.sites)) keys.push({ id: record.id, body });
  }
  return keys;
}

function addAuditRoute(app: FastifyInstance, { store }: RecordRouteParts): void {
  app.get<{ Querystring: { cursor?: string } }>(
    '/v1/audit',
    {
      schema: {
        tags: ['access'],
        summary: 'Who changed what, newest first',
        querystring: AuditQuery,
        response: { 200: AuditPage },
      },
    },
    async ({ query }) => {
      const before = query.cursor === undefined ? {} : { before: Number(query.cursor) };
      const entries = await store.readAudit({ ...before, limit: auditPageMax });
      return {
        entries: entries.map(({ atMs, actor, action, subject }) => ({
          at: isoTime(atMs),
          actor,
          action,
          subject,
        })),
        next: entries.length === auditPageMax ? String(entries.at(-1)!.entry) : null,
      };
    },
  );
}

function addCalendarRoute(app: FastifyInstance, { store }: RecordRouteParts): void {
  app.get<{ Params: { id: string }; Querystring: { year: string } }>(
    '/v1/sites/:id/calendar',
    {
      schema: {
        tags: ['counts'],
        summary: 'Public holidays (North Rhine-Westphalia) and imported school holidays of a year',
        params: IdParams,
        querystring: YearQuery,
        response: { 200: SiteCalendar },
      },
    },
    async ({ params, query }) => {
      const year = Number(query.year);
      const calendars = await store.readRecords('school-holidays');
      const holidays = calendars.flatMap(({ body }) => (body as { holidays: SchoolHoliday[] }).holidays);
      return {
        site: params.id,
        year,
        publicHolidays: publicHolidays(year, 'NW'),
        schoolHolidays: holidays.filter(
          ({ from, to }) => from.startsWith(query.year) || to.startsWith(query.year),
        ),
      };
    },
  );
}

function addWeatherRoute(app: FastifyInstance, { store }: RecordRouteParts): void {
  app.get<{ Params: { id: string }; Querystring: { month: string } }>(
    '/v1/sites/:id/weather',
    {
      schema: {
        tags: ['counts'],
        summary: 'Imported weather of a UTC month, hour by hour',
        params: IdParams,
        querystring: MonthQuery,
        response: { 200: SiteWeather },
      },
    },
    async ({ params, query }) => {
      const record = (await store.readRecords('weather-month')).find(
        ({ id }) => id === `${params.id}-${query.month}`,
      );
      const hours = (record?.body as { hours: WeatherHour[] } | undefined)?.hours ?? [];
      return { site: params.id, month: query.month, hours };
    },
  );
}

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
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
import { isoTime } from '../iso-time.ts';
import { Problem, problems } from '../problems.ts';
import type { RecordRouteParts } from './records.ts';

const auditPageMax = 200;
const IdParams = Type.Object({ id: Type.String({ maxLength: 63 }) }, { additionalProperties: false });
const AuditQuery = Type.Object(
  { cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })) },
  { additionalProperties: false },
);
const MonthQuery = Type.Object(
  { month: Type.String({ pattern: '^20[2-9][0-9]-[01][0-9]$', examples: ['2026-03'] }) },
  { additionalProperties: false },
);
const YearQuery = Type.Object(
  { year: Type.String({ pattern: '^20[2-9][0-9]$' }) },
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
  app.get(
    '/v1/keys',
    {
      schema: { tags: ['access'], summary: 'API keys, without their tokens', response: { 200: ApiKeyList } },
    },
    async () => {
      const uses = new Map((await store.readRecords('api-key-use')).map(({ id, body }) => [id, body]));
      const keys = await store.readRecords('api-key');
      return {
        keys: keys.map(({ id, body }): ApiKeyInfo => {
          const { name, role, sites, expiresMs } = body as ApiKeyBody;
          const lastUsedOn = (uses.get(id) as { on: string } | undefined)?.on ?? null;
          return {
            id,
            name,
            role,
            sites: sites === 'all' ? sites : [...sites],
            expiresAt: isoTime(expiresMs),
            lastUsedOn,
          };
        }),
      };
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/v1/keys/:id',
    { schema: { tags: ['access'], summary: 'Revoke a key at once', params: IdParams } },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await store.retire('api-key', id, now())))
        throw new Problem('not-found', `There is no key "${id}".`);
      const { actor } = access.sightOf(request).principal;
      await store.appendAudit({ atMs: now(), actor, action: 'key-revoked', subject: id });
      return reply.status(204).send();
    },
  );
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

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { Calibration, CalibrationList, RecordId } from '../../../contract/calibration.ts';
import { PageQuery } from '../../../contract/pages-api.ts';
import {
  EventBody,
  EventList,
  GrantBody,
  GrantList,
  OpeningHoursBody,
  OpeningHoursList,
} from '../../../contract/records-api.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import type { RecordKind } from '../../../store/record-store.ts';
import type { Access } from '../../access/access.ts';
import type { Sight } from '../../access/sight.ts';
import type { CountsReader } from '../counts-reader.ts';
import { isoTime } from '../iso-time.ts';
import { pageOf } from '../pages.ts';
import { Problem } from '../problems.ts';

export interface RecordRouteParts {
  readonly store: GatewayStore;
  readonly reader: CountsReader;
  readonly access: Access;
  readonly now: () => number;
}

/** One kind of record over HTTP. */
interface RecordRoute {
  readonly path: string;
  readonly kind: RecordKind;
  readonly summary: string;
  readonly body: TSchema;
  readonly list: TSchema;
  /** The name of the list in the answer. */
  readonly name: string;
}

const recordRoutes: readonly RecordRoute[] = [
  {
    path: '/v1/calibrations',
    kind: 'calibration',
    summary: 'Calibrations',
    body: Calibration,
    list: CalibrationList,
    name: 'calibrations',
  },
  { path: '/v1/events', kind: 'event', summary: 'Events', body: EventBody, list: EventList, name: 'events' },
  {
    path: '/v1/opening-hours',
    kind: 'opening-hours',
    summary: 'Opening hours',
    body: OpeningHoursBody,
    list: OpeningHoursList,
    name: 'openingHours',
  },
  { path: '/v1/grants', kind: 'grant', summary: 'Grants', body: GrantBody, list: GrantList, name: 'grants' },
];

const RecordParams = Type.Object({ id: RecordId }, { additionalProperties: false });

/** `GET`, `PUT` and `DELETE` of calibrations, events and grants; every change is in the audit log. */
export function addRecordRoutes(app: FastifyInstance, parts: RecordRouteParts): void {
  for (const route of recordRoutes) {
    addList(app, route, parts);
    addPut(app, route, parts);
    addDelete(app, route, parts);
  }
}

function addList(
  app: FastifyInstance,
  route: RecordRoute,
  { store, reader, access }: RecordRouteParts,
): void {
  const { path, kind, name, list, summary } = route;
  const schema = { tags: ['records'], summary, querystring: PageQuery, response: { 200: list } };
  app.get<{ Querystring: PageQuery }>(path, { schema }, async (request) => {
    const sight = access.sightOf(request);
    const records = await store.readRecords(kind);
    const visible = await Promise.all(
      records.map(
        async ({ body }) =>
          (kind !== 'grant' || sight.seesGrant(body as GrantBody)) &&
          (await concerns(body, { sight, reader })),
      ),
    );
    const mine = records.filter((_, index) => visible[index]);
    const { entries, next } = pageOf(mine, request.query, ({ id }) => id);
    const answers = entries.map(({ id, recordedMs, body }) => ({
      id,
      recordedAt: isoTime(recordedMs),
      ...(body as object),
    }));
    return { [name]: answers, next };
  });
}

function addPut(app: FastifyInstance, route: RecordRoute, parts: RecordRouteParts): void {
  const { path, kind, summary, body } = route;
  app.put<{ Params: { id: string } }>(
    `${path}/:id`,
    { schema: { tags: ['records'], summary: `${summary}: write one`, params: RecordParams, body } },
    async (request, reply) => {
      await mustConcern(request.body, request, parts);
      checkSpan(request.body as { from?: string; until?: string });
      const { id } = request.params;
      const known = (await parts.store.readRecords(kind)).find((record) => record.id === id);
      if (known) await mustConcern(known.body, request, parts);
      await parts.store.put([{ kind, id, body: request.body }], parts.now());
      await audit(request, `${kind}-written`, parts);
      return reply.status(204).send();
    },
  );
}

function addDelete(app: FastifyInstance, route: RecordRoute, parts: RecordRouteParts): void {
  const { path, kind, summary } = route;
  app.delete<{ Params: { id: string } }>(
    `${path}/:id`,
    { schema: { tags: ['records'], summary: `${summary}: end one`, params: RecordParams } },
    async (request, reply) => {
      const { id } = request.params;
      const known = (await parts.store.readRecords(kind)).find((record) => record.id === id);
      if (!known) throw new Problem('not-found', `There is no "${id}".`);
      await mustConcern(known.body, request, parts);
      await parts.store.retire(kind, id, parts.now());
      await audit(request, `${kind}-ended`, parts);
      return reply.status(204).send();
    },
  );
}

async function audit(request: FastifyRequest, action: string, parts: RecordRouteParts): Promise<void> {
  const { actor } = parts.access.sightOf(request).principal;
  const subject = (request.params as { id: string }).id;
  await parts.store.appendAudit({ atMs: parts.now(), actor, action, subject });
}

/** Whether a record is about a line or site that the caller sees. */
async function concerns(
  body: unknown,
  { sight, reader }: { sight: Sight; reader: CountsReader },
): Promise<boolean> {
  const { line, site } = body as { line?: string; site?: string };
  if (site !== undefined) return sight.seesSite(site);
  const { plan } = await reader.directory();
  const found = plan.lines.find(({ id }) => id === line);
  return found !== undefined && sight.seesLine(found.id, found.site);
}

async function mustConcern(body: unknown, request: FastifyRequest, parts: RecordRouteParts): Promise<void> {
  const sight = parts.access.sightOf(request);
  if (!(await concerns(body, { sight, reader: parts.reader }))) {
    throw new Problem('not-found', 'There is no such line or site, or not for you.');
  }
}

function checkSpan({ from, until }: { from?: string; until?: string }): void {
  if (from !== undefined && until !== undefined && Date.parse(until) <= Date.parse(from)) {
    throw new Problem('range-reversed', 'until must be later than from.');
  }
}

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { CountsQuery, LineCounts, LineId, SiteList } from '../../../contract/http-api.ts';
import type { AppParts } from '../app.ts';
import { Problem } from '../problems.ts';

const LineParams = Type.Object({ id: LineId }, { additionalProperties: false });

/** RFC 3339 with a zone: a time without one would mean another moment on every machine. */
const momentPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** `GET /v1/sites` and `GET /v1/lines/{id}/counts`. */
export function addCountRoutes(app: FastifyInstance, { reader }: AppParts): void {
  app.get(
    '/v1/sites',
    {
      schema: {
        tags: ['counts'],
        summary: 'Sites with their lines',
        description: 'Sensors that no line has yet appear under the site `unassigned`.',
        response: { 200: SiteList },
      },
    },
    async () => ({ sites: await reader.sites() }),
  );
  app.get<{ Params: { id: string }; Querystring: CountsQuery }>(
    '/v1/lines/:id/counts',
    {
      schema: {
        tags: ['counts'],
        summary: 'What was counted at a line',
        params: LineParams,
        querystring: CountsQuery,
        response: { 200: LineCounts },
      },
    },
    async ({ params, query }) => {
      const range = { fromMs: momentOf('from', query.from), toMs: momentOf('to', query.to) };
      return reader.counts(params.id, range, query.resolution);
    },
  );
}

function momentOf(name: string, text: string): number {
  const moment = momentPattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw new Problem(
      'invalid-request',
      `${name} is not an RFC 3339 time with zone, as 2026-03-02T00:00:00Z.`,
    );
  }
  return moment;
}

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Line, SiteId } from '../../../contract/http-api.ts';
import { nextPage, PageQuery } from '../../../contract/pages-api.ts';
import type { AccessParts } from '../app.ts';
import { pageOf } from '../pages.ts';

const closed = { additionalProperties: false } as const;
const LinePage = Type.Object(
  {
    lines: Type.Array(Type.Object({ site: SiteId, ...Line.properties }, closed)),
    ...nextPage,
  },
  closed,
);

/** `GET /v1/lines`: lines of all sites by name, page by page. */
export function addLineRoute(app: FastifyInstance, { reader, access }: AccessParts): void {
  app.get<{ Querystring: PageQuery }>(
    '/v1/lines',
    {
      schema: {
        tags: ['counts'],
        summary: 'Lines, page by page',
        querystring: PageQuery,
        response: { 200: LinePage },
      },
    },
    async (request) => {
      const sight = access.sightOf(request);
      const { plan } = await reader.directory();
      const lines = plan.lines
        .filter(({ id, site }) => sight.seesLine(id, site))
        .sort((left, right) => (left.id < right.id ? -1 : 1));
      const { entries, next } = pageOf(lines, request.query, ({ id }) => id);
      return { lines: entries, next };
    },
  );
}

import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Line, LineId, SiteId } from '../../../contract/http-api.ts';
import type { AccessParts } from '../app.ts';
import { Problem } from '../problems.ts';

const closed = { additionalProperties: false } as const;
const pageMax = 500;
const validLine = Compile(LineId);

const LinesQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 200, description: 'The `next` of the page before.' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$', description: `At most ${pageMax}.` })),
  },
  closed,
);

const LinePage = Type.Object(
  {
    lines: Type.Array(Type.Object({ site: SiteId, ...Line.properties }, closed)),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page.' }),
  },
  closed,
);

/** `GET /v1/lines`: lines of all sites by name, page by page. */
export function addLineRoute(app: FastifyInstance, { reader, access }: AccessParts): void {
  app.get<{ Querystring: Static<typeof LinesQuery> }>(
    '/v1/lines',
    {
      schema: {
        tags: ['counts'],
        summary: 'Lines, page by page',
        querystring: LinesQuery,
        response: { 200: LinePage },
      },
    },
    async (request) => {
      const sight = access.sightOf(request);
      const after = request.query.cursor === undefined ? '' : lineOfCursor(request.query.cursor);
      const limit = Math.min(pageMax, Number(request.query.limit ?? pageMax));
      const { plan } = await reader.directory();
      const lines = plan.lines
        .filter(({ id, site }) => id > after && sight.seesLine(id, site))
        .sort((left, right) => (left.id < right.id ? -1 : 1));
      const page = lines.slice(0, limit);
      const next = lines.length > limit ? cursorOf(page.at(-1)!.id) : null;
      return { lines: page, next };
    },
  );
}

/** A cursor names the last line of a page, so that lines that come or go between pages do no harm. */
function cursorOf(line: string): string {
  return Buffer.from(line).toString('base64url');
}

function lineOfCursor(cursor: string): string {
  const line = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!validLine.Check(line)) {
    throw new Problem('invalid-request', 'cursor is not one that a page has given.');
  }
  return line;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { LineId } from '../contract/http-api.ts';
import type { AccessParts } from './api/app.ts';
import { typicalHours } from './api/typical-hours.ts';
import { withoutTypes } from './dashboard-files.ts';

const closed = { additionalProperties: false } as const;
const Levels = Type.Array(Type.Array(Type.Union([Type.Integer({ minimum: 0, maximum: 100 }), Type.Null()])));
const Answer = Type.Object(
  { line: LineId, name: Type.String(), timeZone: Type.String(), enough: Type.Boolean(), levels: Levels },
  closed,
);
const FrameQuery = Type.Object(
  { line: LineId, language: Type.Enum(['de', 'en'], { default: 'de' }) },
  closed,
);
const LineParams = Type.Object({ id: LineId }, closed);

/** Anybody may embed it: it says what is public already. Typical hours change once a day. */
const open = {
  'access-control-allow-origin': '*',
  'cache-control': 'public, max-age=3600',
  'x-content-type-options': 'nosniff',
};
const framePolicy = "default-src 'self'; style-src 'unsafe-inline'; frame-ancestors *";

/** The embeddable widget: its script, a page for frames, and its numbers. */
export function addWidget(app: FastifyInstance, parts: AccessParts): void {
  const script = withoutTypes(readFileSync(join(import.meta.dirname, 'widget', 'widget.ts'), 'utf8'));
  app.get('/widget.js', { schema: { hide: true } }, (_request, reply) =>
    reply.headers(open).type('text/javascript; charset=utf-8').send(script),
  );
  app.get<{ Querystring: Static<typeof FrameQuery> }>(
    '/widget.html',
    { schema: { hide: true, querystring: FrameQuery } },
    ({ query: { line, language } }, reply) =>
      reply
        .headers({ ...open, 'content-security-policy': framePolicy })
        .type('text/html; charset=utf-8')
        // Both are held to patterns without any character that means something in HTML.
        .send(
          `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>Passant</title><body>` +
            `<script src="/widget.js" data-line="${line}" data-language="${language}"></script></body></html>`,
        ),
  );
  app.get<{ Params: { id: string } }>(
    '/v1/widget/:id',
    {
      schema: {
        tags: ['measures'],
        summary: 'Typical hours of a line that is shared with the public, from sealed cells',
        params: LineParams,
        response: { 200: Answer },
      },
    },
    async ({ params }, reply) => reply.headers(open).send(await typicalHours(params.id, parts)),
  );
}

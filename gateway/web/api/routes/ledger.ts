import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { CountsQuery, LineId } from '../../../contract/http-api.ts';
import { EpsilonLedger } from '../../../contract/published-api.ts';
import type { AccessParts } from '../app.ts';
import { momentOf } from '../request-range.ts';

const closed = { additionalProperties: false } as const;

const LedgerQuery = Type.Object(
  {
    from: CountsQuery.properties.from,
    to: CountsQuery.properties.to,
    resolution: Type.Enum(['1d', '1w', '1mo'], { default: '1d' }),
  },
  closed,
);

/** `GET /v1/lines/ID/epsilon-ledger`: what sealing has spent of a line, period by period. */
export function addLedgerRoute(app: FastifyInstance, { published }: AccessParts): void {
  app.get<{ Params: { id: string }; Querystring: Static<typeof LedgerQuery> }>(
    '/v1/lines/:id/epsilon-ledger',
    {
      schema: {
        tags: ['counts'],
        summary: 'Privacy budget that sealing has spent',
        params: Type.Object({ id: LineId }, closed),
        querystring: LedgerQuery,
        response: { 200: EpsilonLedger },
      },
    },
    async (request) => {
      const { from, to, resolution } = request.query;
      const range = { fromMs: momentOf('from', from), toMs: momentOf('to', to) };
      return published.ledger(request.params.id, { range, resolution });
    },
  );
}

import type { FastifyInstance } from 'fastify';
import type { LiveEvent } from '../../../contract/http-api.ts';
import type { AccessParts } from '../app.ts';
import { Problem } from '../problems.ts';

/** Proxies close a silent stream after a minute or less. */
const heartbeatMs = 15_000;

/** `GET /v1/live`: server-sent events `totals` with today's numbers of every line, at once and on change. */
export function addLiveRoute(app: FastifyInstance, { board, access }: AccessParts): void {
  const endings = new Set<() => void>();
  app.addHook('preClose', (done) => {
    for (const end of endings) end();
    done();
  });
  app.get(
    '/v1/live',
    { schema: { tags: ['counts'], summary: 'Today’s totals as server-sent events `totals` (LiveEvent)' } },
    async (request, reply) => {
      const first = await board.event();
      const { raw } = reply;
      const sight = access.sightOf(request);
      const send = (event: LiveEvent) => {
        const mine = { ...event, lines: event.lines.filter(({ line, site }) => sight.seesLine(line, site)) };
        raw.write(`event: totals\ndata: ${JSON.stringify(mine)}\n\n`);
      };
      const stop = board.watch(send);
      if (stop === null) throw new Problem('too-many-listeners', 'Try again later.');
      reply.hijack();
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      send(first);
      const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
      const end = () => {
        clearInterval(heartbeat);
        stop();
        endings.delete(end);
        raw.end();
      };
      endings.add(end);
      request.raw.once('close', end);
    },
  );
}

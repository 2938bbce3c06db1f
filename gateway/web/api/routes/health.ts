import type { FastifyInstance } from 'fastify';
import { Health } from '../../../contract/http-api.ts';
import type { AppParts } from '../app.ts';
import { isoTime } from '../iso-time.ts';
import { metricsText } from '../metrics-text.ts';

/** `GET /v1/health` (200 also under alarm: the process lives) and `GET /metrics`. */
export function addHealthRoutes(app: FastifyInstance, parts: AppParts): void {
  const { store, intake, link, software } = parts;
  app.get(
    '/v1/health',
    { schema: { tags: ['gateway'], summary: 'Whether counts are taken', response: { 200: Health } } },
    async (): Promise<Health> => {
      const { state } = intake;
      const healthy = state.state === 'flowing' && link.connected;
      return {
        status: healthy ? 'ok' : 'alarm',
        store: store.id,
        software,
        intake: {
          state: state.state,
          since: isoTime(state.sinceMs),
          cause: state.state === 'paused' ? state.cause : null,
        },
        broker: { kind: link.kind, connected: link.connected },
      };
    },
  );
  app.get(
    '/metrics',
    { schema: { tags: ['gateway'], summary: 'Prometheus text' } },
    async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(metricsText(parts)),
  );
}

import swagger from '@fastify/swagger';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Intake } from '../../ingest/intake.ts';
import type { IntakeCounters } from '../../ingest/intake-counters.ts';
import type { MessageLink } from '../../ingest/message-link.ts';
import { type CountStore, StoreError } from '../../store/count-store.ts';
import { addDashboard } from '../dashboard-files.ts';
import type { LiveBoard } from '../live-board.ts';
import type { CountsReader } from './counts-reader.ts';
import { Problem, type ProblemCode, problemBody, problems } from './problems.ts';
import { addCountRoutes } from './routes/counts.ts';
import { addDeviceRoutes } from './routes/devices.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addLiveRoute } from './routes/live.ts';

export interface AppParts {
  readonly store: CountStore;
  readonly reader: CountsReader;
  readonly intake: Intake;
  readonly counters: IntakeCounters;
  readonly link: MessageLink;
  readonly board: LiveBoard;
  readonly software: string;
  readonly logger: FastifyBaseLogger;
}

/** The name of an automatic line has 127 characters at most. */
const paramLengthMax = 127;

/** Builds the HTTP side without listening, so that tests can inject requests. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: parts.logger,
    // A line in the log for each request of a page that is always open says nothing.
    logController: new LogController({ disableRequestLogging: true }),
    // Faults of the address itself, which never reach a route.
    frameworkErrors: answerProblem,
    routerOptions: { maxParamLength: paramLengthMax },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(() => {
    throw new Problem('not-found', 'There is nothing here.');
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Passant gateway',
        version: '1',
        description:
          'Counts of people at lines, with coverage and standard error. Coverage 0 is null, never 0.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'counts', description: 'Sites, lines and what was counted there' },
        { name: 'devices', description: 'Counters and whether all they closed has arrived' },
        { name: 'gateway', description: 'How the gateway itself is' },
      ],
    },
  });
  addCountRoutes(app, parts);
  addDeviceRoutes(app, parts);
  addHealthRoutes(app, parts);
  addLiveRoute(app, parts);
  await addDashboard(app);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  return app;
}

function answerProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { code, detail } = problemOf(error);
  if (problems[code].status >= 500) request.log.error({ err: error }, 'a request failed');
  reply.status(problems[code].status).type('application/problem+json').send(problemBody(code, detail));
}

function problemOf(error: FastifyError | Problem | StoreError): { code: ProblemCode; detail: string } {
  if (error instanceof Problem) return { code: error.code, detail: error.message };
  if (error instanceof StoreError) return { code: 'storage-unavailable', detail: 'Try again in a moment.' };
  const { statusCode, validation } = error as FastifyError;
  if (validation !== undefined) return { code: 'invalid-request', detail: error.message };
  if (statusCode !== undefined && statusCode < 500) return { code: 'invalid-request', detail: error.message };
  return { code: 'internal-error', detail: 'The request could not be answered.' };
}

import swagger from '@fastify/swagger';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { GatewayConfig } from '../../config.ts';
import type { Intake } from '../../ingest/intake.ts';
import type { IntakeCounters } from '../../ingest/intake-counters.ts';
import type { MessageLink } from '../../ingest/message-link.ts';
import { SettingsPushes } from '../../ingest/settings-pushes.ts';
import { StoreError } from '../../store/count-store.ts';
import type { GatewayStore } from '../../store/gateway-store.ts';
import { Access, type AccessPolicy, type DevicePasswords } from '../access/access.ts';
import { addAccessGuard } from '../access/access-guard.ts';
import { addDashboard } from '../dashboard-files.ts';
import type { LiveBoard } from '../live-board.ts';
import { addWidget } from '../widget-files.ts';
import { apiDocsPage } from './api-docs-page.ts';
import { addCaching } from './caching.ts';
import type { CountsReader } from './counts-reader.ts';
import { EstimatesReader } from './estimates-reader.ts';
import { completeOpenApi, type OpenApi } from './openapi-document.ts';
import { Problem, type ProblemCode, problemBody, problems } from './problems.ts';
import { PublishedReader } from './published-reader.ts';
import { addAdministrationRoutes } from './routes/administration.ts';
import { addCountRoutes } from './routes/counts.ts';
import { addDeviceSettingsRoutes } from './routes/device-settings.ts';
import { addDeviceRoutes } from './routes/devices.ts';
import { addEnrolmentRoutes, type EnrolmentRouteParts } from './routes/enrolments.ts';
import { addFormatRoutes } from './routes/formats.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addHystreetRoutes } from './routes/hystreet.ts';
import { addLedgerRoute } from './routes/ledger.ts';
import { addLineRoute } from './routes/lines.ts';
import { addLiveRoute } from './routes/live.ts';
import { addMeasureRoutes } from './routes/measures.ts';
import { addPaperRoutes } from './routes/papers.ts';
import { addReceiptRoute } from './routes/receipts.ts';
import { addRecordRoutes } from './routes/records.ts';
import { addReportRoutes } from './routes/reports.ts';
import { addSensorThingsRoutes } from './routes/sensorthings.ts';
import { addSessionRoutes } from './routes/session.ts';
import { addTownRoutes } from './routes/towns.ts';

/** What of the configuration answers tell of. */
export type AppSettings = Pick<
  GatewayConfig,
  'retention' | 'publicUrl' | 'catalogue' | 'access' | 'timeZone'
>;

export interface AppParts {
  readonly store: GatewayStore;
  readonly reader: CountsReader;
  readonly intake: Intake;
  readonly counters: IntakeCounters;
  readonly link: MessageLink;
  readonly board: LiveBoard;
  readonly software: string;
  readonly settings: AppSettings;
  readonly logger: FastifyBaseLogger;
  /** `auto` unless configured otherwise. */
  readonly accessPolicy?: AccessPolicy;
  /** The machine's clock unless a test has its own. */
  readonly now?: () => number;
  /** Without it nobody can be enrolled here. */
  readonly enrolment?: EnrolmentRouteParts & { readonly credentials: DevicePasswords };
  /** Key and certificate: with them the interface speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** What routes take besides: who asks, and what people have found out about numbers. */
export interface AccessParts extends AppParts {
  readonly access: Access;
  readonly pushes: SettingsPushes;
  readonly estimates: EstimatesReader;
  readonly published: PublishedReader;
  readonly now: () => number;
}

/** The name of an automatic line has 127 characters at most. */
const paramLengthMax = 127;

/** Builds the HTTP side without listening, so that tests can inject requests. */
export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const https = parts.tls === undefined ? {} : { https: { ...parts.tls, minVersion: 'TLSv1.2' as const } };
  const app: FastifyInstance = fastify({
    ...https,
    loggerInstance: parts.logger,
    // A line in the log for each request of a page that is always open says nothing.
    logController: new LogController({ disableRequestLogging: true }),
    // Faults of the address itself, which never reach a route.
    frameworkErrors: answerProblem,
    routerOptions: { maxParamLength: paramLengthMax },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  const { store, reader, now = Date.now } = parts;
  const devices = parts.enrolment?.credentials ?? null;
  const policy = parts.accessPolicy ?? 'auto';
  const places = async () => (await reader.directory()).plan.sites;
  const access = new Access({ records: store, places, policy, now, devices });
  const estimates = new EstimatesReader(store, reader);
  const published = new PublishedReader(store, reader);
  const failed = (device: string, cause: unknown) =>
    parts.logger.warn({ device, err: cause }, 'settings could not be sent to a device');
  const pushes = new SettingsPushes({ records: store, link: parts.link, now, failed });
  const withAccess = { ...parts, now, access, pushes, estimates, published };
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(() => {
    throw new Problem('not-found', 'There is nothing here.');
  });
  addAccessGuard(app, withAccess);
  await addCaching(app);
  await app.register(swagger, {
    transformObject: (made) =>
      completeOpenApi((made as { openapiObject: unknown }).openapiObject as OpenApi) as never,
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
        { name: 'measures', description: 'What counts mean: ratios, profiles, comparisons, findings' },
        { name: 'devices', description: 'Counters and whether all they closed has arrived' },
        { name: 'records', description: 'What people decide: calibrations, events, grants' },
        { name: 'access', description: 'Sessions, keys, audit log' },
        { name: 'papers', description: 'Privacy papers, made of what runs' },
        { name: 'gateway', description: 'How the gateway itself is' },
      ],
    },
  });
  addCountRoutes(app, withAccess);
  addLineRoute(app, withAccess);
  addFormatRoutes(app, withAccess);
  addHystreetRoutes(app, withAccess);
  addSensorThingsRoutes(app, withAccess);
  addMeasureRoutes(app, withAccess);
  addReceiptRoute(app, withAccess);
  addTownRoutes(app, withAccess);
  addLedgerRoute(app, withAccess);
  addDeviceRoutes(app, withAccess);
  if (parts.enrolment) addEnrolmentRoutes(app, { ...parts.enrolment, access, now });
  addDeviceSettingsRoutes(app, withAccess);
  addRecordRoutes(app, withAccess);
  addPaperRoutes(app, withAccess);
  addReportRoutes(app, withAccess);
  addSessionRoutes(app, access);
  addAdministrationRoutes(app, withAccess);
  addHealthRoutes(app, parts);
  addLiveRoute(app, withAccess);
  await addDashboard(app);
  addWidget(app, withAccess);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/docs', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(apiDocsPage(app.swagger() as OpenApi)),
  );
  return app;
}

function answerProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { code, detail } = problemOf(error);
  if (problems[code].status >= 500) request.log.error({ err: error }, 'a request failed');
  if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  if (code === 'too-many-requests') reply.header('retry-after', '5');
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

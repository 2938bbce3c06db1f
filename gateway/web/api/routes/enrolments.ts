import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  buildEnrolmentText,
  CodeList,
  Enrolment,
  EnrolmentAnswer,
  EnrolmentClaim,
  EnrolmentCodeRequest,
  EnrolmentList,
  IssuedCode,
  SwapRequest,
} from '../../../contract/enrolment.ts';
import { DeviceName } from '../../../contract/names.ts';
import { PageQuery } from '../../../contract/pages-api.ts';
import type { EnrolmentCode, EnrolmentCodes } from '../../../enrolment/enrolment-codes.ts';
import { EnrolmentRefusal } from '../../../enrolment/enrolment-refusal.ts';
import type { Enrolments } from '../../../enrolment/enrolments.ts';
import type { GatewayAddress } from '../../../enrolment/gateway-address.ts';
import type { Access } from '../../access/access.ts';
import { isSecure } from '../../access/secure-request.ts';
import type { EnrolmentReader } from '../enrolment-reader.ts';
import { isoTime } from '../iso-time.ts';
import { pageOf } from '../pages.ts';
import { Problem } from '../problems.ts';

/** What the routes of enrolling need. */
export interface EnrolmentRouteParts {
  readonly enrolments: Enrolments;
  readonly codes: EnrolmentCodes;
  readonly enrolmentReader: EnrolmentReader;
  readonly address: () => GatewayAddress;
}

type Parts = EnrolmentRouteParts & { readonly access: Access; readonly now: () => number };

const tags = ['devices'];
const closed = { additionalProperties: false } as const;
const DeviceParams = Type.Object({ id: DeviceName }, closed);
const CodeParams = Type.Object(
  { id: Type.String({ pattern: '^[0-9a-f]{8}$', examples: ['3f2a9c01'] }) },
  closed,
);

/** Codes, claims, and what became of them. */
export function addEnrolmentRoutes(app: FastifyInstance, parts: Parts): void {
  addClaimRoute(app, parts);
  addCodeRoutes(app, parts);
  addDeviceRoutes(app, parts);
}

function addClaimRoute(app: FastifyInstance, { enrolments, enrolmentReader }: Parts): void {
  app.post<{ Body: EnrolmentClaim }>(
    '/v1/enrolments',
    {
      schema: {
        tags,
        summary: 'A counter claims its place with a one-time code; sent again it is answered again',
        body: EnrolmentClaim,
        response: { 200: EnrolmentAnswer },
      },
    },
    async (request) => {
      if (!isSecure(request)) throw new Problem('https-needed', 'Codes travel over HTTPS only.');
      const taken = await orProblem(enrolments.claim(request.body));
      request.log.info({ device: taken.device, replaced: taken.replaced }, 'a device is enrolled');
      return enrolmentReader.answer(taken);
    },
  );
}

function addCodeRoutes(app: FastifyInstance, { codes, access, address, now }: Parts): void {
  app.post<{ Body: EnrolmentCodeRequest }>(
    '/v1/enrolment-codes',
    {
      schema: {
        tags,
        summary: 'A one-time code for one counter at one line, shown this once',
        body: EnrolmentCodeRequest,
        response: { 200: IssuedCode },
      },
    },
    async (request, reply) => {
      const sight = access.sightOf(request);
      if (!sight.seesSite(request.body.site))
        throw new Problem('not-found', 'There is no such site, or not for you.');
      const made = await orProblem(codes.create(request.body, sight.principal.actor));
      const { url, pin } = address();
      const { site, line, device, expiresMs } = made.body;
      reply.header('cache-control', 'no-store');
      const text = buildEnrolmentText({ url, code: made.code, pin });
      return {
        id: made.id,
        site,
        line,
        device,
        expiresAt: isoTime(expiresMs),
        code: made.code,
        text,
        url,
        pin,
      };
    },
  );
  app.get<{ Querystring: PageQuery }>(
    '/v1/enrolment-codes',
    {
      schema: {
        tags,
        summary: 'Codes of the last days, without the codes',
        querystring: PageQuery,
        response: { 200: CodeList },
      },
    },
    async (request) => {
      const sight = access.sightOf(request);
      const mine = (await codes.all()).filter(({ body }) => sight.seesSite(body.site));
      const { entries, next } = pageOf(mine, request.query, ({ id }) => id);
      return { codes: entries.map((code) => codeInfo(code, now())), next };
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/v1/enrolment-codes/:id',
    { schema: { tags, summary: 'End a code at once', params: CodeParams } },
    async (request, reply) => {
      const sight = access.sightOf(request);
      const { id } = request.params;
      const code = (await codes.all()).find((candidate) => candidate.id === id);
      if (!code || !sight.seesSite(code.body.site))
        throw new Problem('not-found', `There is no code "${id}".`);
      await orProblem(codes.revoke(id, sight.principal.actor));
      return reply.status(204).send();
    },
  );
}

function addDeviceRoutes(app: FastifyInstance, { enrolments, enrolmentReader, access }: Parts): void {
  const actorOf = (request: FastifyRequest) => access.sightOf(request).principal.actor;
  /** Who only sees a site where it once counted must not touch it. */
  const mayChange = async (request: FastifyRequest, device: string) => {
    const sight = access.sightOf(request);
    if (sight.principal.role === 'device' || sight.seesEverything) return;
    const sites = await enrolmentReader.sitesOf(device);
    if (sites.length > 0 && sites.every((site) => sight.seesSite(site))) return;
    throw new Problem('not-found', `There is no device "${device}", or not for you.`);
  };
  const found = async (device: string) => {
    const enrolment = await enrolmentReader.of(device);
    if (enrolment === null) throw new Problem('not-found', `"${device}" is not enrolled.`);
    return enrolment;
  };
  app.get<{ Querystring: PageQuery }>(
    '/v1/enrolments',
    {
      schema: {
        tags,
        summary: 'Who is enrolled where, and what is in conflict',
        querystring: PageQuery,
        response: { 200: EnrolmentList },
      },
    },
    async (request) => {
      const sight = access.sightOf(request);
      const all = await enrolmentReader.all((site) => sight.seesEverything || sight.seesSite(site));
      const { entries, next } = pageOf(all.enrolments, request.query, ({ device }) => device);
      return { ...all, enrolments: entries, next };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/v1/enrolments/:id',
    {
      schema: {
        tags,
        summary: 'What the gateway knows of a device',
        params: DeviceParams,
        response: { 200: Enrolment },
      },
    },
    ({ params }) => found(params.id),
  );
  app.post<{ Params: { id: string }; Body: SwapRequest }>(
    '/v1/enrolments/:id/swap-direction',
    {
      schema: {
        tags,
        summary: 'Exchange in and out, from a time on; what was observed stays as it is',
        params: DeviceParams,
        body: SwapRequest,
        response: { 200: Enrolment },
      },
    },
    async (request) => {
      await mayChange(request, request.params.id);
      await orProblem(enrolments.swapDirection(request.params.id, request.body, actorOf(request)));
      return found(request.params.id);
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/v1/enrolments/:id',
    {
      schema: {
        tags,
        summary: 'Retire a device: its password dies at once, its counts stay',
        params: DeviceParams,
      },
    },
    async (request, reply) => {
      await mayChange(request, request.params.id);
      await orProblem(enrolments.retire(request.params.id, actorOf(request)));
      return reply.status(204).send();
    },
  );
}

function codeInfo({ id, body }: EnrolmentCode, nowMs: number) {
  const { site, line, device, createdBy, expiresMs, claim } = body;
  const state =
    claim !== null ? ('used' as const) : expiresMs <= nowMs ? ('expired' as const) : ('open' as const);
  return {
    id,
    site,
    line,
    device,
    createdBy,
    expiresAt: isoTime(expiresMs),
    state,
    usedBy: claim?.device ?? null,
  };
}

async function orProblem<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof EnrolmentRefusal) throw new Problem(cause.code, cause.message, { cause });
    throw cause;
  }
}

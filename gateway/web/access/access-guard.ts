import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CountsReader } from '../api/counts-reader.ts';
import { isLocation } from '../api/formats/hystreet-query.ts';
import { Problem } from '../api/problems.ts';
import { type Access, sameText } from './access.ts';
import { RateLimit } from './rate-limit.ts';
import { type RouteRule, ruleOf } from './route-audiences.ts';
import type { Sight } from './sight.ts';

export interface GuardParts {
  readonly access: Access;
  readonly reader: CountsReader;
  readonly now: () => number;
}

const changes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Stands before every route: who asks, whether the route is for them, and whether the line, site or
 * device is theirs. What is not theirs does not exist for them: 404. Adding a route without an
 * audience is an error at start.
 */
export function addAccessGuard(app: FastifyInstance, parts: GuardParts): void {
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      if (one !== 'HEAD' && ruleOf(`${one} ${url}`) === null) {
        throw new Error(`${one} ${url} has no audience: enter it in route-audiences.ts`);
      }
    }
  });
  const limit = new RateLimit(parts.now);
  app.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    // No route: the not-found handler answers.
    if (url === undefined) return;
    const rule = ruleOf(`${request.method === 'HEAD' ? 'GET' : request.method} ${url}`)!;
    await guard(request, rule, { ...parts, limit });
  });
}

async function guard(
  request: FastifyRequest,
  rule: RouteRule,
  { access, reader, limit }: GuardParts & { limit: RateLimit },
): Promise<void> {
  const changing = changes.has(request.method);
  if (rule.roles === 'everyone') {
    // Passwords are guessed here, so this is the one open route that is counted.
    if (changing && !limit.takes(`guest:${request.ip}`)) throw tooMany();
    return;
  }
  const sight = await access.admit(request);
  const actor = sight?.principal.actor ?? `guest:${request.ip}`;
  // An open gateway serves its own machine and whoever it was shown to; there is nobody to tell apart.
  if (actor !== 'anyone' && !limit.takes(actor)) throw tooMany();
  if (sight === null || (changing && actor === 'anyone')) {
    throw new Problem('unauthenticated', 'Send a key as "Authorization: Bearer …", or log in.');
  }
  const { principal } = sight;
  if (principal.role === 'device') {
    // It speaks for itself, and about nobody else.
    const { id } = request.params as { id?: string };
    if (rule.device !== true || id !== principal.name) throw notThere();
    return;
  }
  if (!rule.roles.includes(principal.role)) throw notThere();
  if (changing && principal.csrf !== null) {
    const token = request.headers['x-csrf-token'];
    if (typeof token !== 'string' || !sameText(token, principal.csrf)) {
      throw new Problem('csrf-refused', 'Send the token of GET /v1/session as x-csrf-token.');
    }
  }
  if (!(await isInScope(request, rule, { sight, reader }))) throw notThere();
}

async function isInScope(
  request: FastifyRequest,
  rule: RouteRule,
  { sight, reader }: { sight: Sight; reader: CountsReader },
): Promise<boolean> {
  if (rule.scope === 'everything') return sight.principal.sites === 'all';
  const { id } = request.params as { id?: string };
  if (id === undefined || rule.scope === 'none') return true;
  // Whoever sees everything learns from the route itself what is wrong with a name.
  if (sight.seesEverything) return true;
  if (rule.scope === 'site') return sight.seesSite(id);
  const { plan } = await reader.directory();
  if (rule.scope === 'town')
    return plan.sites.some(({ id: site, town }) => town === id && sight.seesSite(site));
  if (rule.scope === 'line' || rule.scope === 'location') {
    const line = plan.lines.find((candidate) =>
      rule.scope === 'line' ? candidate.id === id : isLocation(candidate.id, id),
    );
    return line !== undefined && sight.seesLine(line.id, line.site);
  }
  const lines = plan.assignments.filter(({ device }) => device === id).map(({ line }) => line);
  const sites = plan.lines.filter((line) => lines.includes(line.id)).map(({ site }) => site);
  return sites.some((site) => sight.seesSite(site));
}

function notThere(): Problem {
  return new Problem('not-found', 'There is no such thing, or not for you.');
}

function tooMany(): Problem {
  return new Problem('too-many-requests', 'Wait a moment.');
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { SiteId } from '../../../contract/http-api.ts';
import { gatherFacts } from '../../../papers/gather-facts.ts';
import { paperLanguages } from '../../../papers/paper.ts';
import { type PaperFacts, unverifiedDevices } from '../../../papers/paper-facts.ts';
import { paperAsHtml, paperAsPdf, paperNames } from '../../../papers/paper-files.ts';
import type { AccessParts } from '../app.ts';
import { Problem } from '../problems.ts';

const closed = { additionalProperties: false } as const;
const SiteParams = Type.Object({ id: SiteId }, closed);
const PaperQuery = Type.Object({ language: Type.Enum([...paperLanguages], { default: 'de' }) }, closed);
type PaperRequest = { Params: { id: string }; Querystring: Static<typeof PaperQuery> };

const PaperList = Type.Object(
  {
    site: SiteId,
    papers: Type.Array(Type.String({ examples: ['notice.html'] })),
    languages: Type.Array(Type.String()),
    unverified: Type.Array(Type.String(), {
      description: 'Devices that have been silent for 24 hours or have never reported what they run.',
    }),
    missing: Type.Array(Type.String(), {
      description: 'What only the operator can say and has not said yet.',
    }),
  },
  closed,
);

/** Privacy papers of a site, made when they are asked for of what runs then. */
export function addPaperRoutes(app: FastifyInstance, parts: AccessParts): void {
  app.get<PaperRequest>(
    '/v1/sites/:id/papers',
    {
      schema: {
        tags: ['papers'],
        summary: 'Which papers there are, and what they lack',
        params: SiteParams,
        response: { 200: PaperList },
      },
    },
    async (request) => {
      const facts = await factsOf(request, parts);
      return {
        site: facts.site.id,
        papers: paperNames.flatMap((name) => [`${name}.html`, `${name}.pdf`]),
        languages: [...paperLanguages],
        unverified: unverifiedDevices(facts).map(({ device }) => device),
        missing: missingOf(facts),
      };
    },
  );
  for (const name of paperNames) {
    const schema = {
      tags: ['papers'],
      summary: `Privacy paper: ${name}`,
      params: SiteParams,
      querystring: PaperQuery,
    };
    app.get<PaperRequest>(`/v1/sites/:id/papers/${name}.html`, { schema }, async (request, reply) => {
      const facts = await factsOf(request, parts);
      return reply.type('text/html; charset=utf-8').send(paperAsHtml(name, facts, request.query.language));
    });
    app.get<PaperRequest>(`/v1/sites/:id/papers/${name}.pdf`, { schema }, async (request, reply) => {
      const { language } = request.query;
      const file = await paperAsPdf(name, await factsOf(request, parts), language);
      reply.header('content-disposition', `inline; filename="${request.params.id}-${name}-${language}.pdf"`);
      return reply.type('application/pdf').send(file);
    });
  }
}

async function factsOf(request: FastifyRequest, parts: AccessParts): Promise<PaperFacts> {
  const { store, software, now, settings } = parts;
  const { id } = request.params as { id: string };
  const facts = await gatherFacts(id, { store, settings, software, nowMs: now() });
  if (facts === null) throw new Problem('not-found', `There is no site "${id}".`);
  return facts;
}

/** Names of settings that would fill a gap. */
function missingOf({ privacy, noticeUrl }: PaperFacts): string[] {
  const names = [
    'controller',
    'address',
    'contact',
    'dataProtectionOfficer',
    'supervisoryAuthority',
  ] as const;
  const gaps = names.filter((name) => privacy[name] === undefined).map((name) => `details.privacy.${name}`);
  return noticeUrl === null ? [...gaps, 'publicUrl'] : gaps;
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessParts } from '../app.ts';
import { Problem } from '../problems.ts';
import {
  type AnswerContext,
  answerCollection,
  answerEntity,
  nextPage,
} from '../sensorthings/answer-entities.ts';
import { CountEntities } from '../sensorthings/count-entities.ts';
import { type Entity, type EntitySource, entityTypes } from '../sensorthings/entity.ts';
import { readOptions } from '../sensorthings/query-options.ts';

/** The version that is answered, and where: another one would be another root beside it. */
const version = {
  root: '/sensorthings/v1.1',
  conformance: 'http://www.opengis.net/spec/iot_sensing/1.1/req',
};

/** What of the standard is kept (18-088, 9.2.1 asks for the list). */
const conformance = [
  ...['datamodel', 'resource-path/resource-path-to-entities', 'request-data'],
  ...['request-data/filter', 'request-data/orderby', 'request-data/expand', 'request-data/select'],
  ...['request-data/count', 'request-data/skip', 'request-data/top', 'request-data/pagination'],
].map((requirement) => `${version.conformance}/${requirement}`);

/** Steps of a path, as `Datastreams('x')/Thing/Datastreams`. */
const stepsMax = 8;

/** OGC SensorThings 1.1 (18-088), to be read only. */
export function addSensorThingsRoutes(app: FastifyInstance, parts: AccessParts): void {
  const tags = ['counts'];
  app.get(
    version.root,
    { schema: { tags, summary: 'Counts as OGC SensorThings 1.1: the sets there are' } },
    (request) => setsOf(rootOf(request, parts)),
  );
  app.get<{ Params: { '*': string } }>(
    `${version.root}/*`,
    {
      schema: {
        tags,
        summary: 'Entities of SensorThings: Things, Datastreams, Observations …',
        description: '$filter, $expand, $select, $orderby, $top, $skip and $count as the standard says.',
      },
    },
    async (request) => {
      if (request.params['*'] === '') return setsOf(rootOf(request, parts));
      const entities = new CountEntities({
        parts,
        sight: parts.access.sightOf(request),
        known: await parts.reader.directory(),
      });
      const options = readOptions(request.query as Record<string, unknown>);
      const found = await walk(entities, request.params['*']);
      const context: AnswerContext = { root: rootOf(request, parts), scanned: 0 };
      if (!isSource(found)) return answerEntity(found, options, context);
      const link = `${context.root}/${request.params['*']}`;
      const nextLink = (skip: number) => nextPage(link, request.query as Record<string, string>, skip);
      return answerCollection(found, options, { context, nextLink });
    },
  );
}

function setsOf(root: string) {
  const value = [...entityTypes.keys()].map((name) => ({ name, url: `${root}/${name}` }));
  return { value, serverSettings: { conformance } };
}

function rootOf(request: FastifyRequest, { settings }: AccessParts): string {
  return `${settings.publicUrl ?? `${request.protocol}://${request.host}`}${version.root}`;
}

function isSource(found: Entity | EntitySource): found is EntitySource {
  return 'read' in found;
}

/** Follows a path from a set. Throws a `Problem` where a step leads nowhere, or is not for the caller. */
async function walk(entities: CountEntities, path: string): Promise<Entity | EntitySource> {
  const steps = path.split('/').filter((step) => step !== '');
  if (steps.length > stepsMax) throw new Problem('invalid-request', `A path has at most ${stepsMax} steps.`);
  let at: Entity | EntitySource | null = null;
  for (const step of steps) {
    const { name, id } = stepOf(step);
    const set: Entity | EntitySource | null =
      at === null ? entities.set(name) : isSource(at) ? null : await related(at, name);
    if (set === null) throw nothing(step);
    if (id === null) at = set;
    else if (isSource(set)) at = await set.find(id);
    else at = null;
    if (at === null) throw nothing(step);
  }
  if (at === null) throw nothing(path);
  return at;
}

async function related(entity: Entity, name: string): Promise<Entity | EntitySource | null> {
  const [single, several] = [entity.one[name], entity.many[name]];
  return several?.() ?? (await single?.()) ?? null;
}

/** `Things('shop')`: names in quotes, since ours are texts. */
function stepOf(step: string): { name: string; id: string | null } {
  const [, name, id] = /^([A-Za-z]+)(?:\('([^']{1,300})'\))?$/.exec(step) ?? [];
  if (name === undefined) throw nothing(step);
  return { name, id: id ?? null };
}

function nothing(step: string): Problem {
  return new Problem('not-found', `"${step}" leads to nothing, or to nothing for you.`);
}

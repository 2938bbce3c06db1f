import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { EffectQuery, EventEffectAnswer } from '../../../contract/effects.ts';
import { LineId } from '../../../contract/http-api.ts';
import {
  FindingsQuery,
  LineFindings,
  MeasureAnswer,
  MeasureDefinitionList,
  MeasureQuery,
} from '../../../contract/measures.ts';
import { measureDefinitions } from '../../../values/measures/measure-definitions.ts';
import type { AccessParts } from '../app.ts';
import { csvDialects, csvHead, csvLine } from '../csv-text.ts';
import { AudiencePeople } from '../measures/audience-people.ts';
import { EffectReader } from '../measures/effect-reader.ts';
import { FindingsReader } from '../measures/findings-reader.ts';
import { measureColumns, rowsOfMeasure } from '../measures/measure-rows.ts';
import { MeasuresReader } from '../measures/measures-reader.ts';
import type { PeopleSource } from '../measures/people-source.ts';

const closed = { additionalProperties: false } as const;
const LineParams = Type.Object({ id: LineId }, closed);
const FileQuery = Type.Object(
  { ...MeasureQuery.properties, dialect: Type.Enum([...csvDialects], { default: 'comma' }) },
  closed,
);

/** What measures mean, measures of a line as JSON and CSV, and what there is to say about it. */
export function addMeasureRoutes(app: FastifyInstance, parts: AccessParts): void {
  app.get(
    '/v1/measures',
    {
      schema: {
        tags: ['measures'],
        summary: 'Definition, formula and unit of every measure',
        response: { 200: MeasureDefinitionList },
      },
    },
    () => ({ measures: measureDefinitions }),
  );
  addMeasureRoute(app, parts);
  addMeasureFileRoute(app, parts);
  addFindingsRoute(app, parts);
  addEffectRoute(app, parts);
}

function addMeasureRoute(app: FastifyInstance, parts: AccessParts): void {
  const measures = new MeasuresReader(parts.store, parts.reader);
  app.get<{ Params: { id: string }; Querystring: MeasureQuery }>(
    '/v1/lines/:id/measures',
    {
      schema: {
        tags: ['measures'],
        summary: 'A measure of a line, with its 95 % interval',
        description: 'What each measure means is answered by `/v1/measures`.',
        params: LineParams,
        querystring: MeasureQuery,
        response: { 200: MeasureAnswer },
      },
    },
    (request) => measures.measure(request.params.id, request.query, peopleFor(request, parts)),
  );
}

function addMeasureFileRoute(app: FastifyInstance, parts: AccessParts): void {
  const measures = new MeasuresReader(parts.store, parts.reader);
  app.get<{ Params: { id: string }; Querystring: Static<typeof FileQuery> }>(
    '/v1/lines/:id/measures.csv',
    {
      schema: {
        tags: ['measures'],
        summary: 'A measure of a line as CSV',
        params: LineParams,
        querystring: FileQuery,
      },
    },
    async (request, reply) => {
      const { dialect, ...query } = request.query;
      const answer = await measures.measure(request.params.id, query, peopleFor(request, parts));
      const shape = { columns: measureColumns, dialect, timeZone: answer.timeZone };
      const lines = rowsOfMeasure(answer).map((row) => csvLine(row, shape));
      reply.header('content-disposition', `attachment; filename="${answer.line}-${answer.measure}.csv"`);
      return reply.type('text/csv; charset=utf-8').send([csvHead(shape), ...lines].join(''));
    },
  );
}

function addFindingsRoute(app: FastifyInstance, parts: AccessParts): void {
  const findings = new FindingsReader(parts.store, parts.reader);
  app.get<{ Params: { id: string }; Querystring: FindingsQuery }>(
    '/v1/lines/:id/findings',
    {
      schema: {
        tags: ['measures'],
        summary: 'What the numbers of a line say, in plain German and English',
        params: LineParams,
        querystring: FindingsQuery,
        response: { 200: LineFindings },
      },
    },
    (request) => findings.findings(request.params.id, request.query, peopleFor(request, parts)),
  );
}

function addEffectRoute(app: FastifyInstance, parts: AccessParts): void {
  const effects = new EffectReader(parts.store, parts.reader);
  app.get<{ Params: { id: string }; Querystring: EffectQuery }>(
    '/v1/lines/:id/effect',
    {
      schema: {
        tags: ['measures'],
        summary: 'What an event did to a line, with its 95 % interval and a placebo check',
        params: LineParams,
        querystring: EffectQuery,
        response: { 200: EventEffectAnswer },
      },
    },
    (request) => effects.effect(request.params.id, request.query, peopleFor(request, parts)),
  );
}

/** The numbers a caller may compute with: their own as corrected, those of others as sealed. */
export function peopleFor(request: FastifyRequest, parts: AccessParts): PeopleSource {
  const { reader, estimates, published } = parts;
  return new AudiencePeople({ sight: parts.access.sightOf(request), reader, estimates, published });
}

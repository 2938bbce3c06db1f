import { ruleOf } from '../access/route-audiences.ts';
import { problemBody } from './problems.ts';
import { type ExampleSchema, schemaExample } from './schema-example.ts';

interface Content {
  schema?: ExampleSchema;
  example?: unknown;
}

interface Answer {
  description?: string;
  content?: Record<string, Content>;
}

export interface Operation {
  readonly summary?: string;
  description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: ExampleSchema;
    example?: unknown;
  }[];
  readonly requestBody?: { readonly content: Record<string, Content> };
  responses?: Record<string, Answer>;
  security?: readonly object[];
}

export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths?: Readonly<Record<string, Record<string, Operation>>>;
  components?: object;
}

/** What routes answer that have no schema: texts and files. */
const files: readonly { readonly path: RegExp; readonly type: string; readonly example: unknown }[] = [
  {
    path: /\.csv$/,
    type: 'text/csv',
    example:
      'line,start,seconds,value,coverage,flags,in,out\r\nshop-door,2026-03-02T08:00:00Z,3600,observed,1,,42,39\r\n',
  },
  { path: /\.html$/, type: 'text/html', example: '<!doctype html>' },
  { path: /\.pdf$/, type: 'application/pdf', example: '%PDF-1.7' },
  {
    path: /\.xlsx$/,
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    example: 'PK…',
  },
  { path: /^\/sensorthings/, type: 'application/json', example: { value: [{ name: 'Things' }] } },
  { path: /^\/hystreet/, type: 'application/json', example: { id: 1, name: 'Wermingser Straße' } },
  { path: /\.parquet$/, type: 'application/vnd.apache.parquet', example: 'PAR1…PAR1' },
  {
    path: /\.geojson$/,
    type: 'application/geo+json',
    example: { type: 'FeatureCollection', features: [] },
  },
  { path: /^\/ngsi-ld|^\/catalog/, type: 'application/ld+json', example: [] },
  { path: /^\/metrics/, type: 'text/plain', example: 'passant_broker_connected 1\n' },
  {
    path: /\/live$/,
    type: 'text/event-stream',
    example: 'event: totals\ndata: {"at":"2026-03-02T08:00:00Z","lines":[]}\n\n',
  },
  {
    path: /\/problems$/,
    type: 'application/json',
    example: [{ type: '/problems/not-found', status: 404, title: 'There is no such thing, or not for you.' }],
  },
];

const securitySchemes = {
  key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'passant_session',
    description: 'Opened by POST /v1/session.',
  },
};

/**
 * Completes the document that Fastify makes of the routes: who each is for, what it answers that no
 * schema tells, its errors, and an example of everything.
 */
export function completeOpenApi(document: OpenApi): OpenApi {
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods)) complete(path, method, operation);
  }
  document.components = { ...document.components, securitySchemes };
  return document;
}

function complete(path: string, method: string, operation: Operation): void {
  const rule = ruleOf(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
  const open = rule === null || rule.roles === 'everyone';
  const audience = open ? 'For everyone.' : `For ${(rule.roles as readonly string[]).join(', ')}.`;
  operation.description = [operation.description, audience].filter(Boolean).join(' ');
  operation.security = open ? [] : [{ key: [] }, { session: [] }];
  operation.responses = {
    ...answersOf(path, method, operation.responses ?? {}),
    default: problemAnswer,
  };
  for (const parameter of operation.parameters ?? []) {
    parameter.example ??= schemaExample(parameter.schema ?? {});
  }
  const contents = [
    operation.requestBody?.content ?? {},
    ...Object.values(operation.responses).map(({ content = {} }) => content),
  ];
  for (const content of contents) {
    for (const body of Object.values(content)) if (body.schema) body.example ??= schemaExample(body.schema);
  }
}

/** A change without an answer is 204; a text or file has its type. */
function answersOf(path: string, method: string, answers: Record<string, Answer>): Record<string, Answer> {
  const { 200: ok, ...others } = answers;
  if (ok === undefined || ok.content !== undefined) return answers;
  if (method !== 'get') return { ...others, 204: { description: 'Done.' } };
  const file = files.find((known) => known.path.test(path));
  if (file === undefined) return answers;
  return {
    ...others,
    200: { description: 'The answer.', content: { [file.type]: { example: file.example } } },
  };
}

const problemAnswer: Answer = {
  description: 'An error: `type` is one of the catalogue at /v1/problems.',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
        },
      },
      example: problemBody('not-found', 'There is no line "nowhere".'),
    },
  },
};

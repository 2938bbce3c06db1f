import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { LineEstimates } from '../../../contract/estimates.ts';
import { CountsQuery, LineCounts, LineId, SiteId, SiteList } from '../../../contract/http-api.ts';
import { PageQuery } from '../../../contract/pages-api.ts';
import { PublishedCounts } from '../../../contract/published-api.ts';
import type { AccessParts } from '../app.ts';
import { publishedResolution } from '../audience-counts.ts';
import {
  type CountRow,
  columnsOf,
  type RowShape,
  rowsOfCounts,
  rowsOfEstimates,
  rowsOfPublished,
} from '../count-rows.ts';
import type { Known } from '../counts-reader.ts';
import { type CsvDialect, csvDialects, csvHead, csvLine } from '../csv-text.ts';
import { countsWorkbook, workbookCellsMax, workbookType } from '../formats/counts-workbook.ts';
import { lineOfPlan } from '../line-source.ts';
import { pageOf } from '../pages.ts';
import { parquetFile } from '../parquet-file.ts';
import { Problem } from '../problems.ts';
import { momentOf, type Period, periodRange, periods, startOf } from '../request-range.ts';

const closed = { additionalProperties: false } as const;
const LineParams = Type.Object({ id: LineId }, closed);
const SiteParams = Type.Object({ id: SiteId }, closed);

/** A file's range is either given or a period that moves with the day, for lines in scripts. */
const FileQuery = Type.Object(
  {
    ...CountsQuery.properties,
    from: Type.Optional(CountsQuery.properties.from),
    to: Type.Optional(CountsQuery.properties.to),
    period: Type.Optional(Type.Enum([...periods], { description: 'Instead of from and to.' })),
    dialect: Type.Enum([...csvDialects], {
      default: 'comma',
      description: 'comma: RFC 4180, UTC, decimal points; semicolon: for spreadsheets in German.',
    }),
  },
  closed,
);
type FileQuery = Static<typeof FileQuery>;

const parquetType = 'application/vnd.apache.parquet';
const fileFormats = ['csv', 'parquet', 'xlsx'] as const;
type FileFormat = (typeof fileFormats)[number];
/** Cells of all lines of one Parquet file, which is built in memory: some 50 MB. */
const parquetCellsMax = 200_000;

/** Sites, counts of a line as JSON, and of a line or a whole site as CSV, Parquet and XLSX. */
export function addCountRoutes(app: FastifyInstance, parts: AccessParts): void {
  addSiteRoute(app, parts);
  addJsonRoute(app, parts);
  // Not named `of`: Node strips the types itself and cannot read `const of of`.
  for (const what of ['lines', 'sites'] as const) {
    for (const format of fileFormats) addFileRoute(app, parts, { of: what, format });
  }
}

function addSiteRoute(app: FastifyInstance, { reader, access }: AccessParts): void {
  app.get<{ Querystring: PageQuery }>(
    '/v1/sites',
    {
      schema: {
        tags: ['counts'],
        summary: 'Sites with their lines',
        description: 'Sensors that no line has yet appear under the site `unassigned`.',
        querystring: PageQuery,
        response: { 200: SiteList },
      },
    },
    async (request) => {
      const sight = access.sightOf(request);
      const sites = (await reader.sites()).filter(({ id }) => sight.seesSite(id));
      const { entries, next } = pageOf(sites, request.query, ({ id }) => id);
      return {
        sites: entries.map((site) => ({
          ...site,
          lines: site.lines.filter(({ id }) => sight.seesLine(id, site.id)),
        })),
        next,
      };
    },
  );
}

function addJsonRoute(app: FastifyInstance, parts: AccessParts): void {
  app.get<{ Params: { id: string }; Querystring: CountsQuery }>(
    '/v1/lines/:id/counts',
    {
      schema: {
        tags: ['counts'],
        summary: 'What was counted at a line',
        description: 'CSV and Parquet by `Accept`, or by the suffixes `.csv` and `.parquet`.',
        params: LineParams,
        querystring: CountsQuery,
        response: { 200: Type.Union([LineCounts, LineEstimates, PublishedCounts]) },
        // The answer is as the contract says already; another pass over it would cost more than the query.
      },
      serializerCompiler: () => (answer) => JSON.stringify(answer),
    },
    async (request, reply) => {
      const { id } = request.params;
      const accept = request.headers.accept ?? '';
      const query = { ...request.query, dialect: 'comma' as const };
      reply.header('vary', 'accept');
      if (accept.includes('text/csv'))
        return sendCsv(reply, await tablesOf(request, [id], { parts, query }), query);
      if (accept.includes(parquetType))
        return sendParquet(reply, await tablesOf(request, [id], { parts, query }));
      const known = await parts.reader.directory();
      return (await answerOf(request, id, { parts, query, known })).answer;
    },
  );
}

function addFileRoute(
  app: FastifyInstance,
  parts: AccessParts,
  { of, format }: { of: 'lines' | 'sites'; format: FileFormat },
): void {
  app.get<{ Params: { id: string }; Querystring: FileQuery }>(
    `/v1/${of}/:id/counts.${format}`,
    {
      schema: {
        tags: ['counts'],
        summary: `Counts of a ${of === 'lines' ? 'line' : 'site’s lines that count people'} as ${format}`,
        params: of === 'lines' ? LineParams : SiteParams,
        querystring: FileQuery,
      },
    },
    async (request, reply) => {
      const { query } = request;
      const lines = of === 'lines' ? [request.params.id] : await linesOfSite(request, parts);
      const tables = await tablesOf(request, lines, { parts, query });
      reply.header('content-disposition', `attachment; filename="${request.params.id}.${format}"`);
      if (format === 'csv') return sendCsv(reply, tables, query);
      return format === 'xlsx' ? sendWorkbook(reply, tables) : sendParquet(reply, tables);
    },
  );
}

async function linesOfSite(request: FastifyRequest, { reader, access }: AccessParts): Promise<string[]> {
  const { id } = request.params as { id: string };
  const { plan } = await reader.directory();
  const sight = access.sightOf(request);
  const lines = plan.lines.filter(
    (line) => line.site === id && line.kind === 'crossing' && sight.seesLine(line.id, id),
  );
  if (lines.length === 0) throw new Problem('not-found', `There is no line that counts people at "${id}".`);
  return lines.map((line) => line.id);
}

interface Asked {
  readonly parts: AccessParts;
  readonly query: Partial<FileQuery> & { resolution: CountsQuery['resolution'] };
}

interface AskedOfKnown extends Asked {
  readonly known: Known;
}

/** The answer for one line, once the caller may have it. */
async function answerOf(request: FastifyRequest, line: string, { parts, query, known }: AskedOfKnown) {
  const { reader, estimates, published, access, now } = parts;
  const { timeZone } = lineOfPlan(known.plan, line).site;
  const sight = access.sightOf(request);
  const range =
    query.period === undefined
      ? { fromMs: startOf('from', query.from, timeZone), toMs: startOf('to', query.to, timeZone) }
      : periodRange(query.period as Period, now(), timeZone);
  const { resolution } = query;
  const within = sight.sharedSpan(line, range, resolution);
  if (within === null) {
    throw new Problem('not-found', 'This range or resolution has not been shared with you.');
  }
  const asOfMs = query.asOf === undefined ? undefined : momentOf('asOf', query.asOf);
  const value = query.value ?? (sight.seesObserved ? 'observed' : 'published');
  if (value === 'published') {
    const asked = { range, resolution: publishedResolution(resolution), within, asOfMs };
    const answer = await published.counts(line, { ...asked, forOwner: sight.seesObserved }, known);
    return { answer, shape: 'published' as const, timeZone, rows: () => rowsOfPublished(answer) };
  }
  if (!sight.seesObserved)
    throw new Problem('not-found', 'Only published numbers have been shared with you.');
  if (value === 'observed') {
    const answer = await reader.counts(line, { range, resolution, asOfMs }, known);
    return { answer, shape: answer.kind as RowShape, timeZone, rows: () => rowsOfCounts(answer) };
  }
  const answer = await estimates.estimates(line, { range, resolution, value, asOfMs }, known);
  return { answer, shape: 'estimate' as const, timeZone, rows: () => rowsOfEstimates(answer) };
}

interface Tables {
  readonly shape: RowShape;
  readonly timeZone: string;
  /** One line after the other, so that only one lies in memory. */
  readonly rows: AsyncGenerator<CountRow[]>;
}

/** The first line is read at once: a range that cannot be answered is a problem and not half a file. */
async function tablesOf(request: FastifyRequest, lines: readonly string[], asked: Asked): Promise<Tables> {
  const known = await asked.parts.reader.directory();
  const first = await answerOf(request, lines[0]!, { ...asked, known });
  async function* rows() {
    yield first.rows();
    for (const line of lines.slice(1)) yield (await answerOf(request, line, { ...asked, known })).rows();
  }
  return { shape: first.shape, timeZone: first.timeZone, rows: rows() };
}

function sendCsv(reply: FastifyReply, tables: Tables, query: { dialect?: CsvDialect }): FastifyReply {
  const shape = {
    columns: columnsOf[tables.shape],
    dialect: query.dialect ?? 'comma',
    timeZone: tables.timeZone,
  };
  async function* text() {
    yield csvHead(shape);
    for await (const rows of tables.rows) yield rows.map((row) => csvLine(row, shape)).join('');
  }
  return reply.type('text/csv; charset=utf-8').send(Readable.from(text()));
}

async function sendParquet(reply: FastifyReply, tables: Tables): Promise<FastifyReply> {
  const rows = await allRows(tables, parquetCellsMax);
  const file = parquetFile(rows, columnsOf[tables.shape]);
  return reply.type(parquetType).send(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
}

async function sendWorkbook(reply: FastifyReply, tables: Tables): Promise<FastifyReply> {
  const rows = await allRows(tables, workbookCellsMax);
  const { shape, timeZone } = tables;
  return reply.type(workbookType).send(await countsWorkbook(rows, { columns: columnsOf[shape], timeZone }));
}

async function allRows(tables: Tables, rowsMax: number): Promise<CountRow[]> {
  const rows: CountRow[] = [];
  for await (const part of tables.rows) {
    for (const row of part) rows.push(row);
    if (rows.length > rowsMax) throw new Problem('range-too-long', `At most ${rowsMax} cells in one file.`);
  }
  return rows;
}

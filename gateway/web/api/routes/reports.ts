import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { LineId } from '../../../contract/http-api.ts';
import { paperLanguages } from '../../../papers/paper.ts';
import { pdfFile } from '../../../papers/pdf-file.ts';
import type { MonthReport } from '../../../reports/month-report.ts';
import { reportHtml } from '../../../reports/report-html.ts';
import { reportPdf } from '../../../reports/report-pdf.ts';
import type { AccessParts } from '../app.ts';
import { lineOfPlan } from '../line-source.ts';
import { Problem } from '../problems.ts';
import { ReportReader } from '../report-reader.ts';
import { peopleFor } from './measures.ts';

const closed = { additionalProperties: false } as const;
const common = {
  month: Type.String({ pattern: '^20[2-9][0-9]-(0[1-9]|1[0-2])$', examples: ['2026-03'] }),
  language: Type.Enum([...paperLanguages], { default: 'de' }),
};
const LineParams = Type.Object({ id: LineId }, closed);
const LineQuery = Type.Object(common, closed);
const TownQuery = Type.Object({ ...common, town: Type.String({ minLength: 1, maxLength: 120 }) }, closed);

/** Two pages each; a longer report nobody reads, and a PDF is built in memory. */
const townLinesMax = 40;

/** The report of a month for a line and for a town, as HTML and PDF. */
export function addReportRoutes(app: FastifyInstance, parts: AccessParts): void {
  const reports = new ReportReader(parts.store, parts.reader);
  for (const format of ['html', 'pdf'] as const) {
    addLineReport(app, parts, { reports, format });
    addTownReport(app, parts, { reports, format });
  }
}

interface Made {
  readonly reports: ReportReader;
  readonly format: 'html' | 'pdf';
}

function addLineReport(app: FastifyInstance, parts: AccessParts, { reports, format }: Made): void {
  app.get<{ Params: { id: string }; Querystring: Static<typeof LineQuery> }>(
    `/v1/lines/:id/report.${format}`,
    {
      schema: {
        tags: ['measures'],
        summary: `A month of a line as ${format}, with findings`,
        description: 'Partners need hours to be shared; their report is made of sealed cells.',
        params: LineParams,
        querystring: LineQuery,
      },
    },
    async (request, reply) => {
      const { month, language } = request.query;
      const { id } = request.params;
      const { plan } = await parts.reader.directory();
      const { timeZone } = lineOfPlan(plan, id).site;
      const line = await reports.line(id, month, peopleFor(request, parts));
      const report = {
        ...frame(parts),
        language,
        title: `${line.siteName}: ${line.name}`,
        month,
        timeZone,
        lines: [line],
      };
      return send(reply, report, { format, name: id });
    },
  );
}

function addTownReport(app: FastifyInstance, parts: AccessParts, { reports, format }: Made): void {
  app.get<{ Querystring: Static<typeof TownQuery> }>(
    `/v1/town-report.${format}`,
    {
      schema: {
        tags: ['measures'],
        summary: `A month of the lines of a town that are the caller’s or shared with them, as ${format}`,
        querystring: TownQuery,
      },
    },
    async (request, reply) => {
      const { month, language, town } = request.query;
      const { ids, timeZone } = await linesOfTown(request, parts, town);
      const source = peopleFor(request, parts);
      const lines = [];
      for (const id of ids) lines.push(await reports.line(id, month, source));
      const report = { ...frame(parts), language, title: town, month, timeZone, lines };
      return send(reply, report, { format, name: 'town' });
    },
  );
}

async function linesOfTown(request: FastifyRequest, { reader, access }: AccessParts, town: string) {
  const sight = access.sightOf(request);
  const { plan } = await reader.directory();
  const sites = plan.sites.filter((site) => site.town === town);
  const ids = plan.lines
    .filter(
      ({ id, site, kind }) =>
        kind === 'crossing' && sites.some((one) => one.id === site) && sight.seesLine(id, site),
    )
    .map(({ id }) => id);
  if (ids.length === 0) throw new Problem('not-found', 'There is no such town, or nothing of it for you.');
  if (ids.length > townLinesMax)
    throw new Problem('range-too-long', `A report has at most ${townLinesMax} lines.`);
  return { ids, timeZone: sites[0]!.timeZone };
}

function frame({ now, software }: AccessParts): Pick<MonthReport, 'generatedMs' | 'software'> {
  return { generatedMs: now(), software };
}

async function send(
  reply: FastifyReply,
  report: MonthReport,
  { format, name }: { format: 'html' | 'pdf'; name: string },
) {
  if (format === 'html') return reply.type('text/html; charset=utf-8').send(reportHtml(report));
  reply.header('content-disposition', `inline; filename="${name}-${report.month}-${report.language}.pdf"`);
  return reply.type('application/pdf').send(await pdfFile(reportPdf(report)));
}

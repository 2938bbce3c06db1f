import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { localMoment } from '../papers/fact-sentences.ts';
import type { LineReport, MonthReport } from './month-report.ts';
import { dayChart, weekChart } from './report-charts.ts';
import { dayRows, foremostFindings, overviewRows } from './report-html.ts';
import { keyFigures, monthText, reportTables } from './report-texts.ts';

const colours = {
  ink: '#1b1d22',
  soft: '#5b606b',
  rule: '#e2e0d9',
  accent: '#1d4ed8',
  flag: '#fdecd2',
  flagInk: '#7a3e00',
};
/** A4 without its margins, in points. */
const contentWidth = 595.28 - 2 * 42;

/** A month's report as a PDF document: an overview where there are several lines, then two pages a line. */
export function reportPdf(report: MonthReport): TDocumentDefinitions {
  const { language, title, lines, generatedMs, timeZone, software } = report;
  const table = reportTables[language];
  const foot = table.footer(localMoment(generatedMs, timeZone, language), software);
  return {
    info: { title: `${table.title}: ${title}, ${monthText(report)}`, creator: 'Passant' },
    language: language === 'de' ? 'de-DE' : 'en-GB',
    pageSize: 'A4',
    pageMargins: [42, 44, 42, 48],
    content: [
      { text: title, fontSize: 24, bold: true, lineHeight: 1.1 },
      {
        text: `${table.title} ${monthText(report)}`,
        fontSize: 13,
        color: colours.soft,
        margin: [0, 2, 0, 10],
      },
      ...(lines.length > 1 ? overview(report) : []),
      ...lines.flatMap((line) => section(line, report, lines.length > 1)),
      { text: table.about, fontSize: 8, color: colours.soft, margin: [0, 10, 0, 0] },
    ],
    footer: (page, pages) => ({
      columns: [{ text: foot }, { text: table.page(page, pages), alignment: 'right' }],
      fontSize: 7.5,
      color: colours.soft,
      margin: [42, 14, 42, 0],
    }),
  };
}

function overview({ lines, language }: MonthReport): Content[] {
  const { overview: title, overviewHead, findings, noFindings } = reportTables[language];
  const found = foremostFindings(lines, language);
  return [
    heading(title),
    ruled(overviewHead, overviewRows(lines, language), ['*', '*', 52, 88, 56, 56]),
    heading(findings),
    found.length === 0 ? { text: noFindings } : { ul: found },
  ];
}

function section(line: LineReport, { language }: MonthReport, onNewPage: boolean): Content[] {
  const table = reportTables[language];
  const title = {
    text: `${line.siteName}: ${line.name}`,
    fontSize: 16,
    bold: true,
    margin: [0, 4, 0, 6] as [number, number, number, number],
  };
  return [
    ...(onNewPage ? [{ ...title, pageBreak: 'before' as const }] : []),
    ...flags(line, language),
    figures(line, language),
    heading(table.findings),
    line.findings.length === 0
      ? { text: table.noFindings }
      : { ul: line.findings.map((finding) => finding[language]) },
    heading(table.days),
    { svg: dayChart(line, language), width: contentWidth },
    note(table.daysNote),
    heading(table.week),
    { svg: weekChart(line, language), width: contentWidth },
    note(table.weekNote),
    { ...heading(table.table), pageBreak: 'before' },
    ruled(table.tableHead, dayRows(line, language), ['*', 80, 130, 80]),
  ];
}

function figures(line: LineReport, language: MonthReport['language']): Content {
  const columns = keyFigures(line, language).map(({ value, label, note: below }) => ({
    width: '*',
    stack: [
      { canvas: [{ type: 'rect' as const, x: 0, y: 0, w: 92, h: 2.4, color: colours.accent }] },
      { text: value, fontSize: 17, bold: true, margin: [0, 5, 0, 0] as [number, number, number, number] },
      { text: label, fontSize: 9 },
      { text: below, fontSize: 8, color: colours.soft },
    ],
  }));
  return { columns, columnGap: 10, margin: [0, 4, 0, 6] };
}

function heading(text: string) {
  return { text, fontSize: 11.5, bold: true, margin: [0, 10, 0, 3] as [number, number, number, number] };
}

function note(text: string): Content {
  return { text, fontSize: 8, color: colours.soft };
}

function flags(line: LineReport, language: MonthReport['language']): Content[] {
  const { simulated, published } = reportTables[language];
  const told = [...(line.simulated ? [simulated] : []), ...(line.value === 'published' ? [published] : [])];
  return told.map((text) => ({
    table: {
      widths: ['*'],
      body: [[{ text, fillColor: colours.flag, color: colours.flagInk, margin: [4, 2, 4, 2] }]],
    },
    layout: 'noBorders',
    margin: [0, 0, 0, 4],
  }));
}

/** Names to the left, numbers to the right. */
function ruled(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: (string | number)[],
): Content {
  const isName = (column: number) => widths[column] === '*';
  const cell = (text: string, column: number, bold: boolean): TableCell => ({
    text,
    bold,
    alignment: isName(column) ? 'left' : 'right',
  });
  return {
    table: {
      headerRows: 1,
      widths,
      body: [head, ...rows].map((row, index) => row.map((text, column) => cell(text, column, index === 0))),
    },
    layout: {
      hLineWidth: () => 0.5,
      hLineColor: () => colours.rule,
      vLineWidth: () => 0,
      paddingTop: () => 2.6,
      paddingBottom: () => 2.6,
      paddingLeft: () => 0,
      paddingRight: () => 6,
    },
    fontSize: 9,
  };
}

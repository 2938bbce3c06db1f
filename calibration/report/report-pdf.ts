import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { ReportBlock, ReportDocument } from './report-block.ts';

const blue = '#0b57d0';
const grey = '#4a4f58';
const pale = '#eef3fc';
/** A4 less margins, points. */
const widthPt = 495;

const packageFolder = dirname(createRequire(import.meta.url).resolve('pdfmake/package.json'));
const face = (name: string) => join(packageFolder, 'fonts', 'Roboto', `Roboto-${name}.ttf`);

/** The report as a PDF, laid out without a browser: a Pi has none. */
export async function reportPdf(document: ReportDocument): Promise<Buffer> {
  // Loaded here: twenty megabytes that no other verb needs.
  const { default: pdfmake } = await import('pdfmake');
  const [regular, medium, italic, mediumItalic] = ['Regular', 'Medium', 'Italic', 'MediumItalic'].map(face);
  pdfmake.setFonts({
    Roboto: { normal: regular!, bold: medium!, italics: italic!, bolditalics: mediumItalic! },
  });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(packageFolder));
  return pdfmake.createPdf(definition(document)).getBuffer();
}

function definition(document: ReportDocument): TDocumentDefinitions {
  const { title, subtitle, footer, page, sections } = document;
  return {
    info: { title: `${title} – ${subtitle}`, creator: 'Passant', producer: 'Passant' },
    language: document.language,
    pageSize: 'A4',
    pageMargins: [50, 50, 50, 60],
    defaultStyle: { font: 'Roboto', fontSize: 10, lineHeight: 1.2, color: '#16181d' },
    footer: (current, count) => ({
      margin: [50, 16, 50, 0],
      columns: [
        { text: footer, fontSize: 8, color: grey },
        { text: page(current, count), fontSize: 8, color: grey, alignment: 'right', width: 90 },
      ],
    }),
    content: [
      { text: title, fontSize: 22, bold: true },
      { text: subtitle, fontSize: 11, color: grey, margin: [0, 0, 0, 6] },
      rule(blue, 2),
      ...sections.flatMap((blocks) => sectionPdf(blocks)),
    ],
  };
}

/** A heading and the block below it stay on one page; what follows may break. */
function sectionPdf(blocks: readonly ReportBlock[]): Content[] {
  const [first, second, ...rest] = blocks;
  if (first?.kind !== 'heading' || second === undefined || second.kind === 'table')
    return blocks.map(blockPdf);
  return [{ unbreakable: true, stack: [blockPdf(first), blockPdf(second)] }, ...rest.map(blockPdf)];
}

function blockPdf(block: ReportBlock): Content {
  switch (block.kind) {
    case 'heading':
      return {
        text: block.text,
        fontSize: 13,
        bold: true,
        color: '#0b3d91',
        margin: [0, 16, 0, 5],
      };
    case 'text':
      return { text: block.text, margin: [0, 2, 0, 4] };
    case 'mono':
      return { text: block.text, fontSize: 8.5, color: grey, margin: [0, 2, 0, 4] };
    case 'notice':
      return noticePdf(block);
    case 'figures':
      return figuresPdf(block.figures);
    case 'fields':
      return {
        margin: [0, 2, 0, 4],
        layout: {
          defaultBorder: false,
          paddingLeft: () => 0,
          paddingTop: () => 1.5,
          paddingBottom: () => 1.5,
        },
        table: {
          widths: [140, '*'],
          body: block.fields.map(([name, value]) => [{ text: name, color: grey }, value]),
        },
      };
    case 'table':
      return tablePdf(block.head, block.rows);
    case 'drawing':
      return figurePdf({ svg: block.svg, fit: [330, 300] }, block.caption);
    case 'photo':
      return figurePdf({ image: block.dataUrl, fit: [widthPt, 300] }, block.caption);
    case 'signatures':
      return {
        margin: [0, 44, 0, 6],
        columnGap: 40,
        columns: block.names.map((name) => ({
          stack: [
            rule('#16181d', 0.7, 227),
            { text: name, fontSize: 8.5, color: grey, margin: [0, 3, 0, 0] },
          ],
        })),
      };
  }
  return block satisfies never;
}

function rule(color: string, lineWidth: number, length = widthPt): Content {
  return { canvas: [{ type: 'line', x1: 0, y1: 0, x2: length, y2: 0, lineWidth, lineColor: color }] };
}

/** Picture and caption stay on one page. */
function figurePdf(picture: Content & object, caption: string): Content {
  return {
    unbreakable: true,
    stack: [{ ...picture, margin: [0, 6, 0, 2] } as Content, { text: caption, fontSize: 8.5, color: grey }],
  };
}

function noticePdf({ tone, text }: Extract<ReportBlock, { kind: 'notice' }>): Content {
  const [line, fill] = tone === 'good' ? ['#1b7f3b', '#eef8f1'] : ['#b45309', '#fff6e8'];
  return {
    unbreakable: true,
    margin: [0, 5, 0, 5],
    table: {
      widths: ['*'],
      body: [[{ text, fillColor: fill, margin: [6, 4, 6, 4], border: [true, false, false, false] }]],
    },
    layout: { vLineWidth: (at) => (at === 0 ? 3 : 0), vLineColor: () => line!, hLineWidth: () => 0 },
  };
}

function figuresPdf(figures: readonly { readonly value: string; readonly label: string }[]): Content {
  const cell = ({ value, label }: { value: string; label: string }): TableCell => ({
    fillColor: pale,
    margin: [6, 6, 6, 6],
    stack: [
      { text: value, fontSize: 17, bold: true },
      { text: label, fontSize: 8.5, color: grey },
    ],
  });
  return {
    margin: [0, 8, 0, 6],
    table: { widths: figures.map(() => '*'), body: [figures.map(cell)] },
    layout: { hLineWidth: () => 0, vLineWidth: () => 4, vLineColor: () => '#fff' },
  };
}

function tablePdf(head: readonly string[], rows: readonly (readonly string[])[]): Content {
  const aligned = (text: string, at: number): TableCell => ({
    text,
    alignment: at === 0 ? 'left' : 'right',
    noWrap: at > 0,
  });
  return {
    margin: [0, 4, 0, 6],
    fontSize: 9,
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths: head.map((_, at) => (at === 0 ? '*' : 'auto')),
      body: [
        head.map(
          (text, at) =>
            ({ text, alignment: at === 0 ? 'left' : 'right', bold: true, fillColor: pale }) as TableCell,
        ),
        ...rows.map((row) => row.map(aligned)),
      ],
    },
    layout: {
      hLineWidth: (at) => (at === 0 ? 0 : 0.5),
      vLineWidth: () => 0,
      hLineColor: () => '#d8dce2',
      paddingTop: () => 3.5,
      paddingBottom: () => 3.5,
    },
  };
}

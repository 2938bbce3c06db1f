import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Paper, PaperBlock, PaperField, PaperLanguage } from './paper.ts';

const colours = {
  ink: '#1b1d22',
  soft: '#5b606b',
  rule: '#e2e0d9',
  gap: '#fff3b0',
  gapInk: '#5c4900',
  warning: '#b42318',
};
const toFillIn = { de: 'Bitte ausfüllen: ', en: 'Please fill in: ' } as const;
const pageOf = {
  de: (page: number, pages: number) => `Seite ${page} von ${pages}`,
  en: (page: number, pages: number) => `Page ${page} of ${pages}`,
};

/** A paper as a PDF document, A4. */
export function paperPdf(paper: Paper): TDocumentDefinitions {
  const { language, title, subtitle, blocks, footer } = paper;
  return {
    info: { title: `${title}: ${subtitle}`, creator: 'Passant' },
    language: language === 'de' ? 'de-DE' : 'en-GB',
    pageSize: 'A4',
    pageMargins: [54, 56, 54, 64],
    content: [
      { text: title, fontSize: 18, bold: true, lineHeight: 1.15 },
      { text: subtitle, fontSize: 11, color: colours.soft, margin: [0, 3, 0, 12] },
      ...blocks.map((block) => contentOf(block, language)),
    ],
    footer: (page, pages) => ({
      columns: [
        { text: footer, width: '*' },
        { text: pageOf[language](page, pages), width: 90, alignment: 'right' },
      ],
      fontSize: 7.5,
      color: colours.soft,
      margin: [54, 16, 54, 0],
    }),
    // A heading does not stay behind at the foot of a page.
    pageBreakBefore: (node, container) =>
      node.headlineLevel === 1 && container.getFollowingNodesOnPage().length === 0,
  };
}

function contentOf(block: PaperBlock, language: PaperLanguage): Content {
  const margin: [number, number, number, number] = [0, 2, 0, 6];
  switch (block.kind) {
    case 'heading':
      return { text: block.text, fontSize: 12.5, bold: true, margin: [0, 10, 0, 2], headlineLevel: 1 };
    case 'text':
      return { text: block.text, margin };
    case 'warning':
      return boxed({ text: block.text, color: colours.warning, bold: true });
    case 'list':
      return { ul: [...block.items], margin };
    case 'checks':
      return { stack: block.items.map(checkbox), margin };
    case 'fields':
      return {
        ...ruled(
          block.fields.map((field) => fieldRow(field, language)),
          [140, '*'],
        ),
        margin,
      };
    case 'table':
      return {
        ...ruled(
          [block.head.map((text) => ({ text, bold: true })), ...block.rows.map((row) => [...row])],
          widthsOf(block.head),
          1,
        ),
        margin,
      };
  }
  return block satisfies never;
}

/** Two columns share the page; of more the second is the one with sentences. */
function widthsOf(head: readonly string[]): (string | number)[] {
  if (head.length === 2) return ['*', '*'];
  return head.length === 3 ? ['*', '*', 90] : [88, '*', 64, 50, 92];
}

function ruled(body: TableCell[][], widths: (string | number)[], headerRows = 0) {
  return {
    table: { body, widths, headerRows, dontBreakRows: true },
    layout: {
      hLineWidth: () => 0.5,
      hLineColor: () => colours.rule,
      vLineWidth: () => 0,
      paddingLeft: () => 0,
      paddingRight: () => 8,
      paddingTop: () => 3,
      paddingBottom: () => 3,
    },
    fontSize: 9,
  };
}

function fieldRow({ label, value, hint }: PaperField, language: PaperLanguage): TableCell[] {
  const shown: TableCell =
    value === null
      ? {
          text: `${toFillIn[language]}${hint}`,
          fillColor: colours.gap,
          color: colours.gapInk,
          margin: [4, 2, 0, 14],
        }
      : { text: value };
  return [{ text: label, bold: true }, shown];
}

function checkbox(text: string): Content {
  const box = { type: 'rect' as const, x: 0, y: 1.5, w: 9, h: 9, lineWidth: 0.8, lineColor: colours.ink };
  return {
    columns: [
      { canvas: [box], width: 18 },
      { text, width: '*' },
    ],
    margin: [0, 2, 0, 2],
  };
}

function boxed(content: Content): Content {
  return {
    table: { body: [[content]], widths: ['*'] },
    layout: {
      hLineColor: () => colours.warning,
      vLineColor: () => colours.warning,
      hLineWidth: () => 1.2,
      vLineWidth: () => 1.2,
      paddingLeft: () => 8,
      paddingRight: () => 8,
      paddingTop: () => 6,
      paddingBottom: () => 6,
    },
    margin: [0, 2, 0, 10],
  };
}

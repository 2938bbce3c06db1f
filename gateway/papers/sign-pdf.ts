import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { DoorSign, SignElement } from './door-sign.ts';
import { qrSvg, signIcon } from './sign-drawings.ts';

export const signSizes = ['a4', 'a6'] as const;
export type SignSize = (typeof signSizes)[number];

/** Measures in points; the small sign is read from nearer. */
const measures = {
  a4: {
    page: 'A4',
    margin: 46,
    title: 42,
    subtitle: 21,
    place: 14,
    label: 12,
    text: 15,
    icon: 46,
    qr: 132,
    small: 9,
    gap: 9,
  },
  a6: {
    page: 'A6',
    margin: 20,
    title: 20,
    subtitle: 10,
    place: 8,
    label: 6.2,
    text: 7.2,
    icon: 21,
    qr: 60,
    small: 5,
    gap: 3,
  },
} as const;
type Measures = (typeof measures)[SignSize];

const colours = {
  ink: '#1b1d22',
  soft: '#5b606b',
  rule: '#1b1d22',
  gap: '#fff3b0',
  gapInk: '#5c4900',
  warning: '#b42318',
};

/** The sign for the door as a PDF document of one page. */
export function signPdf(sign: DoorSign, size: SignSize): TDocumentDefinitions {
  const of = measures[size];
  return {
    info: { title: `${sign.title}: ${sign.place}`, creator: 'Passant' },
    language: sign.language === 'de' ? 'de-DE' : 'en-GB',
    pageSize: of.page,
    pageMargins: [of.margin, of.margin, of.margin, of.margin],
    content: [
      { columns: [heading(sign, of), code(sign, of)], columnGap: of.gap * 2 },
      ...(sign.warning === null ? [] : [warning(sign.warning, of)]),
      rule(of, size),
      ...sign.elements.map((element) => row(element, sign, of)),
      { text: sign.footer, fontSize: of.small, color: colours.soft, margin: [0, of.gap, 0, 0] },
    ],
  };
}

function heading(sign: DoorSign, of: Measures): Content {
  return {
    width: '*',
    stack: [
      { text: sign.title, fontSize: of.title, bold: true, lineHeight: 1.02 },
      { text: sign.subtitle, fontSize: of.subtitle, margin: [0, of.gap / 2, 0, of.gap] },
      { text: sign.place, fontSize: of.place, color: colours.soft },
    ],
  } as Content;
}

/** The code, or a frame that says what is missing: a sign without a way to the notice is not done. */
function code(sign: DoorSign, of: Measures): Content {
  if (sign.url === null) {
    const missing: Content = {
      text: sign.urlHint,
      fontSize: of.small,
      color: colours.gapInk,
      alignment: 'center',
      margin: [2, of.gap * 3, 2, of.gap * 3],
    };
    return {
      width: of.qr,
      table: { widths: ['*'], body: [[{ ...missing, fillColor: colours.gap }]] },
      layout: 'noBorders',
    } as Content;
  }
  return {
    width: of.qr,
    stack: [
      { svg: qrSvg(sign.url), width: of.qr },
      { text: sign.scan, fontSize: of.label, bold: true, alignment: 'center' },
    ],
  } as Content;
}

function warning(text: string, of: Measures): Content {
  return { text, color: colours.warning, bold: true, fontSize: of.text * 0.85, margin: [0, of.gap, 0, 0] };
}

function rule(of: Measures, size: SignSize): Content {
  const pageWidth = size === 'a4' ? 595.28 : 297.64;
  const line = {
    type: 'line' as const,
    x1: 0,
    y1: 0,
    x2: pageWidth - 2 * of.margin,
    y2: 0,
    lineWidth: 1.2,
    lineColor: colours.rule,
  };
  return { canvas: [line], margin: [0, of.gap * 1.4, 0, of.gap] };
}

function row({ category, label, text, hint }: SignElement, { language }: DoorSign, of: Measures): Content {
  const missing = { de: 'Bitte ausfüllen: ', en: 'Please fill in: ' }[language];
  const shown: Content =
    text === null
      ? { text: `${missing}${hint}`, fontSize: of.text, background: colours.gap, color: colours.gapInk }
      : { text, fontSize: of.text, lineHeight: 1.12 };
  return {
    columns: [
      { width: of.icon, svg: signIcon(category), fit: [of.icon, of.icon] },
      { width: '*', stack: [{ text: label, fontSize: of.label, bold: true, color: colours.soft }, shown] },
    ],
    columnGap: of.gap * 2,
    margin: [0, of.gap / 2, 0, of.gap / 2],
  } as Content;
}

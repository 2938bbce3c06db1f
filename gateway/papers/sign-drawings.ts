import { renderSVG } from 'uqr';
import type { SignCategory } from './door-sign.ts';

/** Shapes as DTPR gives them: a hexagon for what it is, a circle for processing, a box for storage and access. */
const hexagon = '<path d="M24 2 43 13v22L24 46 5 35V13Z"';
const circle = '<circle cx="24" cy="24" r="21"';
const box = '<rect x="4" y="4" width="40" height="40" rx="3"';

const shapes: Readonly<Record<SignCategory, string>> = {
  accountable: hexagon,
  purpose: hexagon,
  tech: hexagon,
  data: hexagon,
  process: circle,
  storage: box,
  access: box,
};

/** What stands in the shape, drawn in lines on a field of 48 by 48. */
const glyphs: Readonly<Record<SignCategory, string>> = {
  // A house with a door.
  accountable: 'M14 24 24 15l10 9M17 22v11h14V22M22 33v-6h4v6',
  // Bars that grow.
  purpose: 'M15 33v-7M22 33V22M29 33V16M14 33h20',
  // A sensor and its beam.
  tech: 'M19 15h10v4H19zM21 20l-7 13M27 20l7 13M24 22v4M24 29v4',
  // A table of numbers.
  data: 'M15 17h18v14H15zM15 22h18M15 26.500h18M21 17v14M27 17v14',
  // A sum.
  process: 'M31 17v-1H17l8 8-8 8h14v-1',
  // A store.
  storage: 'M14 16c0-3 20-3 20 0s-20 3-20 0v16c0 3 20 3 20 0V16M14 24c0 3 20 3 20 0',
  // A key.
  access: 'M20 24a5 5 0 1 0-10 0 5 5 0 0 0 10 0ZM20 24h18M33 24v5M37 24v4',
};

const strokes = 'fill="none" stroke="#1b1d22" stroke-linecap="round" stroke-linejoin="round"';

export function signIcon(category: SignCategory): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">' +
    `${shapes[category]} ${strokes} stroke-width="2.500"/>` +
    `<path d="${glyphs[category]}" ${strokes} stroke-width="2"/></svg>`
  );
}

/** A QR code that survives a scratch (a quarter may be lost), with the quiet zone that ISO/IEC 18004 asks for. */
export function qrSvg(url: string): string {
  return renderSVG(url, { ecc: 'Q', border: 4, pixelSize: 4 });
}

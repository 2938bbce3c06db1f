/** Side views of a passage with the fields of view to scale, computed from the sensors' angles. */

/** 100 px a metre. */
const scale = 100;
const fieldDegrees = 19;
const shoulderM = 1.45;
const headM = 1.7;

const tangent = (degrees: number) => Math.tan((degrees * Math.PI) / 180);

/** Width of one zone along the walk at a height above the floor, metres. */
export function zoneWidthM(mountingHeightM: number, aboveFloorM: number): number {
  return (mountingHeightM - aboveFloorM) * tangent(fieldDegrees / 2);
}

/** The words of a mounting drawing; lengths come as text. */
export interface DrawingWords {
  readonly ceiling: (height: string) => string;
  readonly beams: (spacing: string) => string;
  readonly zone: (width: string) => string;
  readonly atHeadHeight: string;
  readonly passage: (freeWidth: string) => string;
  readonly outside: string;
  readonly inside: string;
  /** Decimal comma or point. */
  readonly locale: 'de' | 'en';
}

export const drawingWords: Readonly<Record<'de' | 'en', DrawingWords>> = {
  de: {
    ceiling: (height) => `VL53L1X in ${height} m Höhe`,
    beams: (spacing) => `Zwei Strahlen im Abstand von ${spacing} cm, von oben`,
    zone: (width) => `Zone ${width} mm breit`,
    atHeadHeight: 'in Kopfhöhe',
    passage: (freeWidth) => `0,90 m über dem Boden, lichte Breite ${freeWidth} m`,
    outside: 'außen',
    inside: 'innen',
    locale: 'de',
  },
  en: {
    ceiling: (height) => `VL53L1X at ${height} m`,
    beams: (spacing) => `Two beams, ${spacing} cm apart, from above`,
    zone: (width) => `zone ${width} mm wide`,
    atHeadHeight: 'at head height',
    passage: (freeWidth) => `0.90 m above the floor, free width ${freeWidth} m`,
    outside: 'outside',
    inside: 'inside',
    locale: 'en',
  },
};

/** A VL53L1X at the ceiling seen from the side. */
export function ceilingMounting(mountingHeightM: number, words: DrawingWords = drawingWords.en): string {
  const width = 460;
  const floor = 70 + mountingHeightM * scale;
  const middle = width / 2;
  const reach = mountingHeightM * tangent(fieldDegrees / 2) * scale;
  const zoneMm = Math.round(zoneWidthM(mountingHeightM, headM) * 1000);
  const headY = floor - headM * scale;
  return svg(width, floor + 50, words.ceiling(metres(mountingHeightM, words)), [
    `<line x1="20" y1="70" x2="${width - 20}" y2="70" stroke="#333" stroke-width="3"/>`,
    `<line x1="20" y1="${floor}" x2="${width - 20}" y2="${floor}" stroke="#333" stroke-width="3"/>`,
    `<path d="M${middle} 76L${middle - reach} ${floor}H${middle}Z" fill="#0b57d0" fill-opacity=".18"/>`,
    `<path d="M${middle} 76L${middle + reach} ${floor}H${middle}Z" fill="#1b7f3b" fill-opacity=".18"/>`,
    `<rect x="${middle - 14}" y="62" width="28" height="14" rx="3" fill="#333"/>`,
    person(middle - 110, floor),
    `<line x1="${middle - 95}" y1="${headY}" x2="${middle + 120}" y2="${headY}" stroke="#666" stroke-dasharray="5 4"/>`,
    `<text x="${middle + 60}" y="${headY - 8}">${words.zone(String(zoneMm))}</text>`,
    `<text x="${middle + 60}" y="${headY + 18}">${words.atHeadHeight}</text>`,
    `<text x="30" y="${floor + 22}">${words.outside}</text>`,
    `<text x="${width - 30}" y="${floor + 22}" text-anchor="end">${words.inside}</text>`,
    `<text x="${width - 30}" y="94" text-anchor="end">${metres(mountingHeightM, words)} m</text>`,
  ]);
}

/** Two beams across a passage seen from above. */
export function beamMounting(
  spacingM: number,
  passageM: number,
  words: DrawingWords = drawingWords.en,
): string {
  const width = 520;
  const top = 80;
  const bottom = top + passageM * scale;
  const middle = width / 2;
  const half = (spacingM / 2) * scale;
  const beam = (x: number, colour: string) =>
    `<line x1="${x}" y1="${top}" x2="${x}" y2="${bottom}" stroke="${colour}" stroke-width="4" stroke-opacity=".6"/>` +
    `<rect x="${x - 8}" y="${top - 14}" width="16" height="14" rx="3" fill="#333"/>`;
  return svg(width, bottom + 70, words.beams(String(Math.round(spacingM * 100))), [
    `<line x1="20" y1="${top}" x2="${width - 20}" y2="${top}" stroke="#333" stroke-width="3"/>`,
    `<line x1="20" y1="${bottom}" x2="${width - 20}" y2="${bottom}" stroke="#333" stroke-width="3"/>`,
    beam(middle - half, '#0b57d0'),
    beam(middle + half, '#1b7f3b'),
    `<ellipse cx="${middle - 110}" cy="${(top + bottom) / 2}" rx="16" ry="26" fill="#ccc" stroke="#333"/>`,
    `<path d="M${middle - 85} ${(top + bottom) / 2}h50m-10 -6l10 6l-10 6" fill="none" stroke="#333" stroke-width="2"/>`,
    `<text x="30" y="${bottom + 24}">${words.outside}</text>`,
    `<text x="${width - 30}" y="${bottom + 24}" text-anchor="end">${words.inside}</text>`,
    `<text x="${middle}" y="${bottom + 48}" text-anchor="middle">${words.passage(metres(passageM, words))}</text>`,
  ]);
}

const metres = (lengthM: number, { locale }: DrawingWords) =>
  locale === 'de' ? lengthM.toFixed(2).replace('.', ',') : lengthM.toFixed(2);

function person(x: number, floor: number): string {
  const shoulder = floor - shoulderM * scale;
  return (
    `<circle cx="${x}" cy="${floor - headM * scale + 12}" r="12" fill="#ccc" stroke="#333"/>` +
    `<path d="M${x - 18} ${shoulder + 6}q18 -14 36 0l-4 60h-6v${floor - shoulder - 66}h-16v-${floor - shoulder - 66}h-6Z" fill="#ccc" stroke="#333"/>`
  );
}

function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="20" y="28" font-size="17" font-weight="bold">${title}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

import { zoneWidthM } from '../drawings/mounting-drawing.ts';

/** A row of the drawing stands for so much height; a character is about twice as high as wide. */
const rowMm = 200;
const columnMm = 50;
const drawingColumns = 49;
/** Heads of tall people, of most, and of children (design: 0.90 to 2.02 m are counted). */
const headHeightsMm = [2000, 1700, 1200] as const;

/** Width of what a ceiling sensor sees along the walk at a height above the floor. */
export function viewWidthMm(mountingHeightMm: number, aboveFloorMm: number): number {
  // Two zones beside each other.
  return Math.max(0, 2000 * zoneWidthM(mountingHeightMm / 1000, aboveFloorMm / 1000));
}

/** Heights at which the view is told, those that lie below the sensor. */
export function toldHeightsMm(mountingHeightMm: number): readonly number[] {
  return headHeightsMm.filter((height) => height < mountingHeightMm - rowMm);
}

/** The field of view from the side, in characters: outside to the left, inside to the right. */
export function fieldOfViewText(
  mountingHeightMm: number,
  words: { readonly outside: string; readonly inside: string; readonly wide: (mm: string) => string },
): string {
  const rows = Math.max(2, Math.round(mountingHeightMm / rowMm));
  const told = toldHeightsMm(mountingHeightMm);
  const middle = Math.floor(drawingColumns / 2);
  const lines = [`${'▔'.repeat(middle - 1)}▣▣▣${'▔'.repeat(middle - 1)}  ${metres(mountingHeightMm)} m`];
  for (let row = 1; row <= rows; row += 1) {
    const aboveMm = mountingHeightMm - row * rowMm;
    const half = Math.round(viewWidthMm(mountingHeightMm, Math.max(0, aboveMm)) / 2 / columnMm);
    const head = told.find((height) => Math.abs(height - aboveMm) <= rowMm / 2);
    const line = new Array<string>(drawingColumns).fill(head === undefined ? ' ' : '·');
    for (let column = middle - half + 1; column < middle; column += 1) line[column] = '░';
    for (let column = middle + 1; column < middle + half; column += 1) line[column] = '▒';
    line[middle] = '│';
    if (half > 0) [line[middle - half], line[middle + half]] = ['╱', '╲'];
    const label =
      head === undefined
        ? ''
        : `  ${metres(head)} m: ${words.wide(String(Math.round(viewWidthMm(mountingHeightMm, head))))}`;
    lines.push(`${line.join('')}${label}`);
  }
  const floor = '▁'.repeat(drawingColumns);
  lines.push(floor, `${words.outside}${words.inside.padStart(drawingColumns - words.outside.length)}`);
  return lines.join('\n');
}

const metres = (mm: number): string => (mm / 1000).toFixed(2);

import type { PaperLanguage } from '../papers/paper.ts';
import type { LineReport } from './month-report.ts';
import { numberText, reportTables } from './report-texts.ts';

const colours = {
  bar: '#1d4ed8',
  whisker: '#0b2a7a',
  weekend: '#f1f0ec',
  gap: '#d9d6cd',
  grid: '#e2e0d9',
  ink: '#1b1d22',
  soft: '#5b606b',
};
const font = 'font-family="Roboto, sans-serif"';

/** A step that ends a scale in a round number of at most five parts. */
function stepOf(highest: number): number {
  const raw = Math.max(1, highest / 5);
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= raw)!;
}

/** People a day as bars with their intervals. */
export function dayChart(line: LineReport, language: PaperLanguage): string {
  const [width, height, left, bottom, top] = [520, 170, 38, 22, 8];
  const { days } = line;
  const highest = Math.max(1, ...days.map(({ people }) => people?.high ?? 0));
  const step = stepOf(highest);
  const scaleTop = Math.ceil(highest / step) * step;
  const y = (value: number) => top + (height - top - bottom) * (1 - Math.max(0, value) / scaleTop);
  const slot = (width - left) / Math.max(1, days.length);
  const parts: string[] = [];
  for (const [index, { weekday }] of days.entries()) {
    if (weekday >= 6)
      parts.push(
        rect({ x: left + index * slot, y: top, width: slot, height: height - top - bottom }, colours.weekend),
      );
  }
  for (let value = 0; value <= scaleTop; value += step) {
    parts.push(
      `<path d="M${left} ${y(value).toFixed(1)}H${width}" stroke="${colours.grid}" stroke-width="0.6"/>`,
    );
    parts.push(label(numberText(value, language), { x: left - 5, y: y(value) + 2.5, anchor: 'end' }));
  }
  for (const [index, { people, date }] of days.entries()) {
    const x = left + index * slot;
    const day = Number(date.slice(-2));
    if (day === 1 || day % 5 === 0)
      parts.push(label(String(day), { x: x + slot / 2, y: height - 9, anchor: 'middle' }));
    if (people === null) {
      parts.push(hatched({ x: x + slot * 0.2, y: top, width: slot * 0.6, height: height - top - bottom }));
      continue;
    }
    const barTop = y(people.value);
    parts.push(
      rect({ x: x + slot * 0.18, y: barTop, width: slot * 0.64, height: y(0) - barTop }, colours.bar),
    );
    const middle = (x + slot / 2).toFixed(1);
    parts.push(
      `<path d="M${middle} ${y(people.low).toFixed(1)}V${y(people.high).toFixed(1)}" stroke="${colours.whisker}" stroke-width="1.1"/>`,
    );
  }
  return svg(width, height, parts);
}

/** How busy each hour of the week is: a grid of seven days by 24 hours. */
export function weekChart({ week }: LineReport, language: PaperLanguage): string {
  const [cell, left, top] = [20, 24, 4];
  const highest = Math.max(1, ...week.flat().map((mean) => mean ?? 0));
  const parts: string[] = [];
  for (const [day, hours] of week.entries()) {
    parts.push(
      label(reportTables[language].weekdays[day]!, { x: left - 5, y: top + day * 16 + 10.5, anchor: 'end' }),
    );
    for (const [hour, mean] of hours.entries()) {
      const box = { x: left + hour * cell + 0.5, y: top + day * 16 + 0.5, width: cell - 1, height: 15 };
      parts.push(
        mean === null
          ? `<rect ${corners(box)} fill="#fff" stroke="${colours.grid}" stroke-width="0.6"/>`
          : rect(box, shade(mean / highest)),
      );
    }
  }
  for (let hour = 0; hour < 24; hour += 3) {
    parts.push(label(`${hour}`, { x: left + hour * cell + 1, y: top + 7 * 16 + 10, anchor: 'start' }));
  }
  return svg(left + 24 * cell + 4, top + 7 * 16 + 14, parts);
}

/** From nearly white to the blue of the bars. */
function shade(share: number): string {
  const part = Math.min(1, Math.max(0, share));
  const mixed = [0xed, 0xf1, 0xfc].map((light, index) =>
    Math.round(light + ([0x1d, 0x4e, 0xd8][index]! - light) * part),
  );
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function corners({ x, y, width, height }: Box): string {
  return `x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${Math.max(0, height).toFixed(1)}"`;
}

function rect(box: Box, fill: string): string {
  return `<rect ${corners(box)} fill="${fill}"/>`;
}

/** Slanting lines, drawn one by one: patterns are not understood everywhere. */
function hatched({ x, y, width, height }: Box): string {
  const lines: string[] = [];
  for (let at = 0; at + width <= height; at += 6)
    lines.push(`M${x.toFixed(1)} ${(y + at + width).toFixed(1)}l${width.toFixed(1)} ${(-width).toFixed(1)}`);
  return `<path d="${lines.join('')}" stroke="${colours.gap}" stroke-width="1.2" fill="none"/>`;
}

function label(text: string, at: { x: number; y: number; anchor: string }): string {
  return `<text x="${at.x.toFixed(1)}" y="${at.y.toFixed(1)}" text-anchor="${at.anchor}" font-size="7.5" fill="${colours.soft}" ${font}>${text}</text>`;
}

function svg(width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">${parts.join('')}</svg>`;
}

import type { WireColour, WiringBox, WiringPlan } from './wiring-plans.ts';

const pinGap = 30;
const boxWidth = 190;
const boxPadding = 38;
const margin = 24;
const titleHeight = 44;
const gapWidth = 300;
const boxGap = 26;

const colours: Readonly<Record<WireColour, string>> = {
  supply: '#b3261e',
  ground: '#333333',
  signal: '#0b57d0',
  'second-signal': '#1b7f3b',
};

interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly pinY: ReadonlyMap<string, number>;
}

/** Draws a plan as SVG: boxes left and right, a curve for each wire, colours also told by dashes. */
export function wiringDrawing(plan: WiringPlan): string {
  const rightX = margin + boxWidth + gapWidth;
  let y = titleHeight;
  const right = plan.right.map((box) => {
    const placed = place(box, rightX, y);
    y += placed.height + boxGap;
    return placed;
  });
  const leftHeight = heightOf(plan.left);
  const contentHeight = Math.max(leftHeight, y - boxGap - titleHeight);
  const left = place(plan.left, margin, titleHeight + (contentHeight - leftHeight) / 2);
  const width = rightX + boxWidth + margin;
  const height = titleHeight + contentHeight + 46;
  const wires = plan.wires.map((wire, index) => {
    const from = left.pinY.get(wire.from);
    const to = right[wire.to[0]]?.pinY.get(wire.to[1]);
    if (from === undefined || to === undefined)
      throw new RangeError(`${plan.file}: wire ${index} has no end`);
    const [x1, x2] = [margin + boxWidth, rightX];
    const bend = gapWidth * (0.3 + 0.05 * (index % 6));
    const dash = wire.colour === 'ground' ? ' stroke-dasharray="7 4"' : '';
    return `<path d="M${x1} ${from}C${x1 + bend} ${from} ${x2 - bend} ${to} ${x2} ${to}" stroke="${colours[wire.colour]}"${dash}/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14">`,
    `<title>${plan.title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${margin}" y="26" font-size="17" font-weight="bold">${plan.title}</text>`,
    `<g fill="none" stroke-width="2.5">${wires.join('')}</g>`,
    drawBox(plan.left, left, 'right'),
    ...plan.right.map((box, index) => drawBox(box, right[index]!, 'left')),
    `<text x="${margin}" y="${height - 14}" fill="#333">${plan.note}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function heightOf(box: WiringBox): number {
  return boxPadding + box.pins.length * pinGap;
}

function place(box: WiringBox, x: number, y: number): PlacedBox {
  const pinY = new Map(box.pins.map((pin, index) => [pin, y + boxPadding + (index + 0.4) * pinGap]));
  return { x, y, height: heightOf(box), pinY };
}

function drawBox(box: WiringBox, placed: PlacedBox, pinsAt: 'left' | 'right'): string {
  const edge = pinsAt === 'left' ? placed.x : placed.x + boxWidth;
  const textX = pinsAt === 'left' ? edge + 14 : edge - 14;
  const anchor = pinsAt === 'left' ? 'start' : 'end';
  const pins = box.pins.map((pin) => {
    const y = placed.pinY.get(pin)!;
    return `<circle cx="${edge}" cy="${y}" r="5" fill="#fff" stroke="#333" stroke-width="2"/><text x="${textX}" y="${y + 5}" text-anchor="${anchor}">${pin}</text>`;
  });
  return [
    `<rect x="${placed.x}" y="${placed.y}" width="${boxWidth}" height="${placed.height}" rx="8" fill="#f3f5f7" stroke="#333"/>`,
    `<text x="${placed.x + boxWidth / 2}" y="${placed.y + 22}" text-anchor="middle" font-weight="bold">${box.name}</text>`,
    ...pins,
  ].join('');
}

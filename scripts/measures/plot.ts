/** One series of a plot: points in order, null where nothing is known; the band is its 95 % interval. */
export interface PlotPoint {
  readonly label: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

const [width, height] = [640, 220];
const [left, bottom, top] = [52, 26, 12];
/** More labels than this run into each other. */
const labelsMax = 13;

/** Values as a line with its 95 % interval as a band; gaps stay gaps. */
export function plotSvg(title: string, points: readonly PlotPoint[]): string {
  const known = points
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((value) => value !== null);
  const least = Math.min(0, ...known);
  const most = Math.max(1e-9, ...known);
  const x = (at: number) => left + ((at + 0.5) * (width - left - 8)) / points.length;
  const y = (value: number) => height - bottom - ((value - least) / (most - least)) * (height - bottom - top);
  const at = (index: number, value: number) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`;
  const marks = runsOf(points).map((run) => {
    const line = run.map((index) => at(index, points[index]!.value!)).join(' ');
    const upper = run.map((index) => at(index, points[index]!.high!));
    const lower = run.toReversed().map((index) => at(index, points[index]!.low!));
    if (run.length > 1) {
      return `<polygon points="${[...upper, ...lower].join(' ')}" fill="#9cc3dd"/><polyline points="${line}" fill="none" stroke="#1f5f8b" stroke-width="2"/>`;
    }
    const [index] = run as [number];
    const { value, low, high } = points[index]!;
    const middle = x(index).toFixed(1);
    return `<line x1="${middle}" x2="${middle}" y1="${y(low!).toFixed(1)}" y2="${y(high!).toFixed(1)}" stroke="#9cc3dd" stroke-width="6"/><circle cx="${middle}" cy="${y(value!).toFixed(1)}" r="3" fill="#1f5f8b"/>`;
  });
  const every = Math.ceil(points.length / labelsMax);
  const labels = points.map(({ label }, index) =>
    index % every === 0
      ? `<text x="${x(index).toFixed(1)}" y="${height - 8}" text-anchor="middle">${label}</text>`
      : '',
  );
  const ticks = [least, (least + most) / 2, most].map(
    (value) =>
      `<line x1="${left}" x2="${width - 8}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#ddd"/><text x="${left - 6}" y="${(y(value) + 3).toFixed(1)}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10"><title>${title}</title><rect width="${width}" height="${height}" fill="#fff"/>${ticks.join('')}${marks.join('')}${labels.join('')}</svg>\n`;
}

/** Indices of points that follow each other without a gap. */
function runsOf(points: readonly PlotPoint[]): number[][] {
  const runs: number[][] = [];
  for (const [index, { value }] of points.entries()) {
    if (value === null) continue;
    const last = runs.at(-1);
    if (last?.at(-1) === index - 1) last.push(index);
    else runs.push([index]);
  }
  return runs;
}

import type { ProvenShare } from '../audit/walk-test-result.ts';

const left = 190;
const right = 500;
const rowHeight = 26;

export interface IntervalRow {
  readonly label: string;
  readonly share: ProvenShare;
}

/** Shares with their 95 % intervals, one below the other; the axis begins at the lowest ten per cent. */
export function intervalDrawing(rows: readonly IntervalRow[], number: (share: number) => string): string {
  const known = rows.filter(({ share }) => share.share !== null);
  const lowest = Math.min(0.9, ...known.map(({ share }) => share.interval95[0]));
  const from = Math.floor(lowest * 10) / 10;
  const x = (share: number) => left + ((share - from) / (1 - from)) * (right - left);
  const height = 44 + known.length * rowHeight;
  const ticks = Array.from({ length: Math.round((1 - from) * 10) + 1 }, (_, at) => from + at / 10);
  // Many ticks are too near each other for their numbers.
  const shown = ticks.filter((_, at) => ticks.length <= 6 || (ticks.length - 1 - at) % 2 === 0);
  const axis = shown.map(
    (tick) =>
      `<line x1="${x(tick)}" y1="14" x2="${x(tick)}" y2="${height - 26}" stroke="#d8dce2"/>` +
      `<text x="${x(tick)}" y="${height - 10}" text-anchor="middle" fill="#4a4f58" font-size="11">${number(tick)} %</text>`,
  );
  const bars = known.map(({ label, share }, at) => {
    const y = 28 + at * rowHeight;
    const [low, high] = share.interval95.map(x);
    return (
      `<text x="0" y="${y + 4}">${label}</text>` +
      `<line x1="${low}" y1="${y}" x2="${high}" y2="${y}" stroke="#0b57d0" stroke-width="5" stroke-opacity=".35"/>` +
      `<circle cx="${x(share.share!)}" cy="${y}" r="5" fill="#0b57d0"/>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 540 ${height}" width="540" height="${height}" font-family="Roboto, sans-serif" font-size="12">${axis.join('')}${bars.join('')}</svg>`;
}

import type uPlot from 'uplot';
import { type ChartPoint, isGap } from './chart-points.ts';

/** The colours of a chart, from the style sheet. */
export interface Look {
  readonly above: string;
  readonly below: string;
  readonly axis: string;
  readonly grid: string;
  readonly gap: string;
  readonly before: string;
  readonly looked: string;
}

export function lookOf(host: HTMLElement): Look {
  const style = getComputedStyle(host);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    above: value('--above'),
    below: value('--below'),
    axis: value('--soft'),
    grid: value('--grid'),
    gap: value('--gap'),
    before: value('--before'),
    looked: value('--looked'),
  };
}

/** Hatches the cells in which too little was looked at; what is still to come stays empty. */
export function drawGaps(chart: uPlot, points: readonly ChartPoint[], look: Look): void {
  const { ctx, bbox } = chart;
  const nowSeconds = Date.now() / 1000;
  ctx.save();
  ctx.fillStyle = hatch(ctx, look.gap) ?? look.gap;
  for (const point of points) {
    if (!isGap(point, nowSeconds)) continue;
    const end = point.atSeconds + point.seconds;
    const left = chart.valToPos(point.atSeconds, 'x', true);
    ctx.fillRect(left, bbox.top, chart.valToPos(end, 'x', true) - left, bbox.height);
  }
  ctx.restore();
}

function hatch(ctx: CanvasRenderingContext2D, color: string): CanvasPattern | null {
  const size = Math.round(7 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.strokeStyle = color;
  pen.lineWidth = devicePixelRatio;
  pen.beginPath();
  for (const offset of [-size, 0, size]) {
    pen.moveTo(offset, size);
    pen.lineTo(offset + size, 0);
  }
  pen.stroke();
  return ctx.createPattern(tile, 'repeat');
}

/** 95 % of a normal distribution lie within so many standard errors. */
const halfInterval = 1.96;
/** The strip of coverage lies between the chart and the labels of its time axis. */
export const stripHeightPx = 5;
const stripGapPx = 3;

/** The 95 % interval of each value: a band where bars are, a whisker for the indicator. */
export function drawErrors(chart: uPlot, points: readonly ChartPoint[], look: Look): void {
  const { ctx } = chart;
  ctx.save();
  ctx.fillStyle = look.axis;
  ctx.globalAlpha = 0.38;
  for (const point of points) {
    const { above, below, errorAbove, errorBelow } = point;
    if (above !== null && errorAbove !== null) band(chart, point, [above, errorAbove]);
    if (below !== null && errorBelow !== null) band(chart, point, [below, errorBelow]);
  }
  ctx.restore();
}

function band(
  chart: uPlot,
  { atSeconds, seconds }: ChartPoint,
  [value, error]: readonly [number, number],
): void {
  if (error === 0) return;
  const left = chart.valToPos(atSeconds, 'x', true);
  const width = chart.valToPos(atSeconds + seconds, 'x', true) - left;
  const top = chart.valToPos(value + halfInterval * error, 'y', true);
  const bottom = chart.valToPos(value - halfInterval * error, 'y', true);
  chart.ctx.fillRect(left + width * 0.07, top, width * 0.86, Math.max(1, bottom - top));
}

/** Under the chart, cell by cell, how much of the time was looked at: full, half, not at all. */
export function drawCoverage(chart: uPlot, points: readonly ChartPoint[], look: Look): void {
  const { ctx, bbox } = chart;
  const nowSeconds = Date.now() / 1000;
  const top = bbox.top + bbox.height + stripGapPx * devicePixelRatio;
  const height = stripHeightPx * devicePixelRatio;
  ctx.save();
  for (const { atSeconds, seconds, coverage } of points) {
    if (atSeconds > nowSeconds) break;
    const left = Math.round(chart.valToPos(atSeconds, 'x', true));
    const width = Math.round(chart.valToPos(atSeconds + seconds, 'x', true)) - left;
    // Of the cell that is now only what is over can have been looked at.
    const looked = Math.min(1, (coverage * seconds) / Math.min(seconds, nowSeconds - atSeconds));
    ctx.globalAlpha = 1;
    ctx.fillStyle = look.grid;
    ctx.fillRect(left, top, width, height);
    // Quadratic, so that a tenth that is missing is seen.
    ctx.globalAlpha = looked ** 2;
    ctx.fillStyle = look.looked;
    ctx.fillRect(left, top, width, height);
  }
  ctx.restore();
}

import type uPlot from 'uplot';
import { type DayPoint, isGap } from './day-points.ts';

/** The colours of a chart, from the style sheet. */
export interface Look {
  readonly above: string;
  readonly below: string;
  readonly axis: string;
  readonly grid: string;
  readonly gap: string;
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
  };
}

/** Hatches the quarters in which too little was looked at; what is still to come stays empty. */
export function drawGaps(chart: uPlot, points: readonly DayPoint[], look: Look): void {
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

/** A whisker of one standard error up and down, where a point has one. */
export function drawErrors(chart: uPlot, points: readonly DayPoint[], look: Look): void {
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = look.axis;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.beginPath();
  for (const { atSeconds, seconds, above, error } of points) {
    if (above === null || error === null) continue;
    const middle = chart.valToPos(atSeconds + seconds / 2, 'x', true);
    ctx.moveTo(middle, chart.valToPos(above - error, 'y', true));
    ctx.lineTo(middle, chart.valToPos(above + error, 'y', true));
  }
  ctx.stroke();
  ctx.restore();
}

import uPlot from 'uplot';
import type { LineCounts } from '../../contract/http-api.ts';
import { drawErrors, drawGaps, type Look, lookOf } from './chart-marks.ts';
import { type DayPoint, pointsOf } from './day-points.ts';
import type { Formats } from './formats.ts';

const chartHeightPx = 190;
/** Axis labels every so many hours, by the room there is. */
const wideLabelHours = 2;
const narrowLabelHours = 4;
const narrowBelowPx = 520;
/** A quiet door's axis still reaches this far, so that one visitor is no mountain. */
const axisPeopleMin = 5;

/** The chart of one line's day. Draws again when its width, its data or the colour scheme changes. */
export class DayChart {
  readonly #host: HTMLElement;
  readonly #formats: Formats;
  readonly #timeZone: string;
  readonly #pointed: (point: DayPoint | null) => void;
  #chart: uPlot | null = null;
  #points: readonly DayPoint[] = [];
  #kind: LineCounts['kind'] = 'crossing';

  constructor(parts: {
    host: HTMLElement;
    formats: Formats;
    timeZone: string;
    pointed: (point: DayPoint | null) => void;
  }) {
    this.#host = parts.host;
    this.#formats = parts.formats;
    this.#timeZone = parts.timeZone;
    this.#pointed = parts.pointed;
    new ResizeObserver(() => this.#resize()).observe(parts.host);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#rebuild());
  }

  show(counts: LineCounts): void {
    this.#points = pointsOf(counts);
    this.#kind = counts.kind;
    if (this.#chart === null) this.#rebuild();
    else this.#chart.setData(this.#data());
  }

  #data(): uPlot.AlignedData {
    const points = this.#points;
    const columns = [
      points.map((point) => point.atSeconds),
      points.map((point) => point.above),
      points.map((point) => point.below),
    ];
    return columns as unknown as uPlot.AlignedData;
  }

  #resize(): void {
    const width = this.#host.clientWidth;
    if (this.#chart && width > 0 && width !== this.#chart.width) {
      this.#chart.setSize({ width, height: chartHeightPx });
    }
  }

  #rebuild(): void {
    this.#chart?.destroy();
    const last = this.#points.at(-1);
    const width = this.#host.clientWidth;
    if (last === undefined || width === 0) return;
    this.#chart = new uPlot(this.#options(width), this.#data(), this.#host);
  }

  #options(width: number): uPlot.Options {
    const look = lookOf(this.#host);
    const bars = uPlot.paths.bars!({ size: [0.86, 40], align: 1, radius: 0.18 });
    const series = (color: string): uPlot.Series => ({
      paths: bars,
      points: { show: false },
      fill: color,
      width: 0,
      stroke: color,
    });
    return {
      width,
      height: chartHeightPx,
      padding: [10, 4, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: () => this.#range() },
        y: { range: (_chart, low, high) => heights(low, high) },
      },
      axes: [this.#timeAxis(look), this.#countAxis(look)],
      series: [{}, series(look.above), series(look.below)],
      hooks: {
        drawClear: [(chart) => drawGaps(chart, this.#points, look)],
        draw: [(chart) => drawErrors(chart, this.#points, look)],
        setCursor: [(chart) => this.#point(chart)],
      },
    };
  }

  #range(): [number, number] {
    const first = this.#points[0]!;
    const last = this.#points.at(-1)!;
    return [first.atSeconds, last.atSeconds + last.seconds];
  }

  #point(chart: uPlot): void {
    const { left, idx } = chart.cursor;
    const inside = left !== undefined && left !== null && left >= 0;
    this.#pointed(
      inside ? (this.#pointAt(chart.posToVal(left, 'x')) ?? this.#points[idx ?? -1] ?? null) : null,
    );
  }

  #pointAt(atSeconds: number): DayPoint | undefined {
    return this.#points.find(
      (point) => atSeconds >= point.atSeconds && atSeconds < point.atSeconds + point.seconds,
    );
  }

  #timeAxis(look: Look): uPlot.Axis {
    const narrow = this.#host.clientWidth < narrowBelowPx;
    const stepHours = narrow ? narrowLabelHours : wideLabelHours;
    const hourOf = (seconds: number) =>
      Number(
        new Intl.DateTimeFormat('en-GB', {
          timeZone: this.#timeZone,
          hour: '2-digit',
          hourCycle: 'h23',
        }).format(seconds * 1000),
      );
    return {
      stroke: look.axis,
      font: '11px system-ui, sans-serif',
      size: 26,
      gap: 4,
      grid: { show: false },
      ticks: { stroke: look.grid, width: 1, size: 4 },
      splits: () =>
        this.#points
          .map((point) => point.atSeconds)
          .filter((at) => at % 3600 === 0 && hourOf(at) % stepHours === 0),
      values: (_chart, splits) =>
        splits.map((at) => this.#formats.time(new Date(at * 1000), this.#timeZone).replace(/^0(?=\d:)/, '')),
    };
  }

  #countAxis(look: Look): uPlot.Axis {
    return {
      stroke: look.axis,
      font: '11px system-ui, sans-serif',
      size: 38,
      space: 26,
      gap: 4,
      grid: { stroke: look.grid, width: 1 },
      ticks: { show: false },
      incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
      // Below the axis people go out: their number is not negative.
      values: (_chart, splits) =>
        splits.map((value) => this.#formats.whole(this.#kind === 'crossing' ? Math.abs(value) : value)),
    };
  }
}

function heights(low: number | null, high: number | null): [number, number] {
  const top = Math.max(high ?? 0, axisPeopleMin);
  const bottom = low !== null && low < 0 ? Math.min(low, -axisPeopleMin) : 0;
  return [bottom * 1.08, top * 1.08];
}

import uPlot from 'uplot';
import type { LineCounts } from '../../contract/http-api.ts';
import { drawCoverage, drawErrors, drawGaps, type Look, lookOf } from './chart-marks.ts';
import { type ChartPoint, pointsOf } from './chart-points.ts';
import type { Formats } from './formats.ts';

const chartHeightPx = 190;
/** Axis labels every so many hours, by the room there is. */
const wideLabelHours = 2;
const narrowLabelHours = 4;
const narrowBelowPx = 520;
/** A day may have 25 hours, a week 169. */
const shortRangeSeconds = 25 * 3600;
const weekSeconds = 169 * 3600;
/** A quiet door's axis still reaches this far, so that one visitor is no mountain. */
const axisPeopleMin = 5;

/** The chart of one line. Draws again when its width, its data or the colour scheme changes. */
export class LineChart {
  readonly #host: HTMLElement;
  readonly #formats: Formats;
  readonly #timeZone: string;
  readonly #pointed: (point: ChartPoint | null) => void;
  #chart: uPlot | null = null;
  #points: readonly ChartPoint[] = [];
  #kind: LineCounts['kind'] = 'crossing';

  constructor(parts: {
    host: HTMLElement;
    formats: Formats;
    timeZone: string;
    pointed: (point: ChartPoint | null) => void;
  }) {
    this.#host = parts.host;
    this.#formats = parts.formats;
    this.#timeZone = parts.timeZone;
    this.#pointed = parts.pointed;
    new ResizeObserver(() => this.#resize()).observe(parts.host);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#rebuild());
  }

  /** `before` is drawn as a line beside the bars. */
  show(counts: LineCounts, before: LineCounts | null): void {
    this.#points = pointsOf(counts, before);
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
      points.map((point) => point.aboveBefore),
      points.map((point) => point.belowBefore),
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
    const before: uPlot.Series = {
      paths: uPlot.paths.stepped!({ align: 1 }),
      points: { show: false },
      stroke: look.before,
      width: 1.5,
    };
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
      series: [{}, series(look.above), series(look.below), before, before],
      hooks: {
        drawClear: [(chart) => drawGaps(chart, this.#points, look)],
        draw: [
          (chart) => drawErrors(chart, this.#points, look),
          (chart) => drawCoverage(chart, this.#points, look),
        ],
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

  #pointAt(atSeconds: number): ChartPoint | undefined {
    return this.#points.find(
      (point) => atSeconds >= point.atSeconds && atSeconds < point.atSeconds + point.seconds,
    );
  }

  #timeAxis(look: Look): uPlot.Axis {
    return {
      stroke: look.axis,
      font: '11px system-ui, sans-serif',
      size: 32,
      gap: 11,
      grid: { show: false },
      ticks: { show: false },
      splits: () => this.#labelled(),
      values: (_chart, splits) => splits.map((at) => this.#labelOf(at)),
    };
  }

  get #rangeSeconds(): number {
    const [from, to] = this.#range();
    return to - from;
  }

  /** Hours of a day, days of a week, some days of a month. */
  #labelled(): number[] {
    const narrow = this.#host.clientWidth < narrowBelowPx;
    const starts = this.#points.map((point) => point.atSeconds);
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: this.#timeZone,
      hour: '2-digit',
      hourCycle: 'h23',
    });
    const hourOf = (seconds: number) => Number(clock.format(seconds * 1000));
    const stepHours = narrow ? narrowLabelHours : wideLabelHours;
    if (this.#rangeSeconds <= shortRangeSeconds) {
      return starts.filter((at) => at % 3600 === 0 && hourOf(at) % stepHours === 0);
    }
    const days = starts.filter((at) => hourOf(at) === 0);
    const stepDays = days.length > 7 ? (narrow ? 5 : 2) : 1;
    return days.filter((_, index) => index % stepDays === 0);
  }

  #labelOf(atSeconds: number): string {
    const at = new Date(atSeconds * 1000);
    if (this.#rangeSeconds <= shortRangeSeconds) {
      return this.#formats.time(at, this.#timeZone).replace(/^0(?=\d:)/, '');
    }
    const week = this.#rangeSeconds <= weekSeconds;
    const options: Intl.DateTimeFormatOptions = week ? { weekday: 'short' } : { day: 'numeric' };
    return at.toLocaleDateString(this.#formats.locale, { ...options, timeZone: this.#timeZone });
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

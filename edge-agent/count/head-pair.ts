import type { BumpList } from './head-segmentation.ts';
import type { HeightTrace } from './height-trace.ts';

/**
 * What one body looks like on both sides of the line: when each side's profile rises, falls and
 * has its centre of gravity. Reused for every comparison; all times in seconds, `lag` positive
 * from outside to inside.
 */
export class HeadPair {
  /** Height of the higher valley beside the bump. */
  outsideBase = 0;
  insideBase = 0;
  outsideRise = 0;
  outsideFall = 0;
  outsideCentre = 0;
  insideRise = 0;
  insideFall = 0;
  insideCentre = 0;
  outsidePeak = 0;
  insidePeak = 0;

  get lagRise(): number {
    return this.insideRise - this.outsideRise;
  }
  get lagFall(): number {
    return this.insideFall - this.outsideFall;
  }
  get lagCentre(): number {
    return this.insideCentre - this.outsideCentre;
  }
  get outsideWidth(): number {
    return this.outsideFall - this.outsideRise;
  }
  get insideWidth(): number {
    return this.insideFall - this.insideRise;
  }
  get start(): number {
    return Math.min(this.outsideRise, this.insideRise);
  }
  get end(): number {
    return Math.max(this.outsideFall, this.insideFall);
  }

  measureOutside(trace: HeightTrace, bumps: BumpList, span: Span, levelMm: number): void {
    measure(trace, bumps, span, levelMm);
    this.outsideRise = edges.rise;
    this.outsideFall = edges.fall;
    this.outsideCentre = edges.centre;
  }

  measureInside(trace: HeightTrace, bumps: BumpList, span: Span, levelMm: number): void {
    measure(trace, bumps, span, levelMm);
    this.insideRise = edges.rise;
    this.insideFall = edges.fall;
    this.insideCentre = edges.centre;
  }
}

/** The bumps `first … last` taken as one. */
export interface Span {
  first: number;
  last: number;
}

// One measurement at a time: the engine is synchronous and allocates nothing while it judges.
const edges = { rise: 0, fall: 0, centre: 0 };

function measure(trace: HeightTrace, bumps: BumpList, span: Span, levelMm: number): void {
  const from = bumps.start[span.first]!;
  const to = bumps.end[span.last]!;
  const { at, height } = trace;
  let first = from;
  while (first < to && height[first]! < levelMm) first += 1;
  let last = to;
  while (last > first && height[last]! < levelMm) last -= 1;
  edges.rise = first > from ? crossing(trace, first - 1, first, levelMm) : at[first]!;
  edges.fall = last < to ? crossing(trace, last, last + 1, levelMm) : at[last]!;
  // Trapezoids of the profile above the level, with the interpolated ends.
  let area = 0;
  let moment = 0;
  let fromAt = edges.rise;
  let fromHeight = first > from ? 0 : Math.max(0, height[first]! - levelMm);
  for (let index = first; index <= last + 1; index++) {
    const isEnd = index > last;
    const toAt = isEnd ? edges.fall : at[index]!;
    const toHeight = isEnd ? 0 : Math.max(0, height[index]! - levelMm);
    const duration = toAt - fromAt;
    if (duration > 0) {
      const slice = 0.5 * (fromHeight + toHeight) * duration;
      // The centre of a trapezoid lies towards its higher side.
      const lean =
        fromHeight + toHeight > 0 ? (fromHeight + 2 * toHeight) / (3 * (fromHeight + toHeight)) : 0.5;
      area += slice;
      moment += slice * (fromAt + lean * duration);
    }
    fromAt = toAt;
    fromHeight = toHeight;
  }
  edges.centre = area > 0 ? moment / area : 0.5 * (edges.rise + edges.fall);
}

function crossing(trace: HeightTrace, low: number, high: number, levelMm: number): number {
  const from = trace.height[low]!;
  const to = trace.height[high]!;
  if (from === to) return trace.at[high]!;
  const share = Math.min(1, Math.max(0, (levelMm - from) / (to - from)));
  return trace.at[low]! + share * (trace.at[high]! - trace.at[low]!);
}

/** Nobody's foreground is seen for longer than this before or after a head. */
const skirtSecondsMax = 3;

/**
 * For how long a trace stays above `lowMm` from `fromSeconds` on, forwards or backwards: the legs
 * and the lower body that are seen before and after the head.
 */
export function skirtSeconds(trace: HeightTrace, fromSeconds: number, step: 1 | -1, lowMm: number): number {
  let index = trace.indexAt(fromSeconds);
  if (step === -1) index -= 1;
  for (; index >= 0 && index < trace.length; index += step) {
    const away = step * (trace.at[index]! - fromSeconds);
    if (trace.height[index]! < lowMm || away > skirtSecondsMax) return Math.max(0, away);
  }
  return step === 1 ? Math.max(0, trace.at[trace.length - 1]! - fromSeconds) : 0;
}

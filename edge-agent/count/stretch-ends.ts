import type { Side } from '../../hardware/sensor.ts';
import type { HeightTrace } from './height-trace.ts';

/** A part of both traces: indexes, the last one exclusive. */
export interface Extent {
  outsideFrom: number;
  outsideTo: number;
  insideFrom: number;
  insideTo: number;
}

/** Zones are read in turn: an order closer than this is the order of reading. */
export const tieSeconds = 0.03;

/** The side that was covered first, or null where both began together or one saw nothing. */
export function firstSide(
  outside: HeightTrace,
  inside: HeightTrace,
  extent: Extent,
  lowMm: number,
): Side | null {
  return earlier(
    onset(outside, extent.outsideFrom, extent.outsideTo, lowMm),
    onset(inside, extent.insideFrom, extent.insideTo, lowMm),
  );
}

/** The side that was covered last, or null where both ended together or one saw nothing. */
export function lastSide(
  outside: HeightTrace,
  inside: HeightTrace,
  extent: Extent,
  lowMm: number,
): Side | null {
  return earlier(
    -offset(outside, extent.outsideFrom, extent.outsideTo, lowMm),
    -offset(inside, extent.insideFrom, extent.insideTo, lowMm),
  );
}

function earlier(outsideSeconds: number, insideSeconds: number): Side | null {
  const difference = insideSeconds - outsideSeconds;
  if (!(Math.abs(difference) >= tieSeconds)) return null;
  if (outsideSeconds === Number.POSITIVE_INFINITY && insideSeconds === Number.POSITIVE_INFINITY) return null;
  return difference > 0 ? 'outside' : 'inside';
}

function onset(trace: HeightTrace, from: number, to: number, lowMm: number): number {
  for (let index = from; index < to; index++) {
    if (trace.height[index]! < lowMm) continue;
    if (index === from) return trace.at[index]!;
    return between(trace, index - 1, index, lowMm);
  }
  return Number.POSITIVE_INFINITY;
}

function offset(trace: HeightTrace, from: number, to: number, lowMm: number): number {
  for (let index = to - 1; index >= from; index--) {
    if (trace.height[index]! < lowMm) continue;
    if (index === to - 1) return trace.at[index]!;
    return between(trace, index + 1, index, lowMm);
  }
  return Number.NEGATIVE_INFINITY;
}

/** The time at which the height passed the level between two readings. */
function between(trace: HeightTrace, below: number, above: number, lowMm: number): number {
  const rise = trace.height[above]! - trace.height[below]!;
  const share = rise > 0 ? (lowMm - trace.height[below]!) / rise : 1;
  return trace.at[below]! + Math.min(1, Math.max(0, share)) * (trace.at[above]! - trace.at[below]!);
}

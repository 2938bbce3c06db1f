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

/** How much later the inside was covered first than the outside, in seconds; infinite or NaN where one saw nothing. */
export function firstLag(outside: HeightTrace, inside: HeightTrace, extent: Extent, lowMm: number): number {
  return (
    onset(inside, extent.insideFrom, extent.insideTo, lowMm) -
    onset(outside, extent.outsideFrom, extent.outsideTo, lowMm)
  );
}

/** How much later the inside was covered last than the outside. */
export function lastLag(outside: HeightTrace, inside: HeightTrace, extent: Extent, lowMm: number): number {
  return (
    offset(inside, extent.insideFrom, extent.insideTo, lowMm) -
    offset(outside, extent.outsideFrom, extent.outsideTo, lowMm)
  );
}

/** The side that was covered first, by how much later the inside was; null where both began together. */
export function firstSide(lagSeconds: number): Side | null {
  if (!(Math.abs(lagSeconds) >= tieSeconds)) return null;
  return lagSeconds > 0 ? 'outside' : 'inside';
}

/** The side that was covered last. */
export function lastSide(lagSeconds: number): Side | null {
  if (!(Math.abs(lagSeconds) >= tieSeconds)) return null;
  return lagSeconds > 0 ? 'inside' : 'outside';
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

import type { HeightTrace } from './height-trace.ts';

/** More bumps than this on one side within one stretch are no people any more. */
export const bumpsMax = 48;

/**
 * Bumps of one side: stretches between valleys. `start` and `end` are indexes into the trace
 * (inclusive; at a valley both neighbours share the lowest reading), `peak` the height of the top.
 */
export class BumpList {
  count = 0;
  readonly start = new Int32Array(bumpsMax);
  readonly end = new Int32Array(bumpsMax);
  readonly peakIndex = new Int32Array(bumpsMax);
  readonly peak = new Float64Array(bumpsMax);

  push(start: number, end: number, peakIndex: number, peak: number): void {
    if (this.count === bumpsMax) return;
    this.start[this.count] = start;
    this.end[this.count] = end;
    this.peakIndex[this.count] = peakIndex;
    this.peak[this.count] = peak;
    this.count += 1;
  }

  /** Drops bumps that only begin before `to` or only end after `from`: they belong to neighbours. */
  dropFragments(from: number, to: number): void {
    if (this.count > 0 && this.peakIndex[this.count - 1]! >= to - 2) this.count -= 1;
    if (this.count === 0 || this.peakIndex[0]! > from + 1) return;
    this.start.copyWithin(0, 1, this.count);
    this.end.copyWithin(0, 1, this.count);
    this.peakIndex.copyWithin(0, 1, this.count);
    this.peak.copyWithin(0, 1, this.count);
    this.count -= 1;
  }
}

/**
 * Cuts the readings `from … to` (exclusive) of a trace into bumps: a new one begins where the
 * height has risen by `valleyMm` from a valley that lies as far below the top before it.
 * Stretches that stay below `enterMm` are none.
 */
export function segmentHeads(
  trace: HeightTrace,
  range: { readonly from: number; readonly to: number; readonly valleyMm: number; readonly enterMm: number },
  bumps: BumpList,
): void {
  const { from, to, valleyMm, enterMm } = range;
  const heights = trace.height;
  bumps.count = 0;
  let start = from;
  let top = from;
  let low = from;
  let isFalling = false;
  for (let index = from; index < to; index++) {
    const height = heights[index]!;
    if (isFalling) {
      if (height < heights[low]!) low = index;
      else if (height - heights[low]! >= valleyMm && height >= enterMm) {
        if (heights[top]! >= enterMm) bumps.push(start, low, top, heights[top]!);
        start = low;
        top = index;
        isFalling = false;
      }
    } else if (height > heights[top]!) {
      top = index;
    } else if (heights[top]! - height >= valleyMm && heights[top]! >= enterMm) {
      isFalling = true;
      low = index;
    } else if (heights[top]! < enterMm && height < heights[top]!) {
      // Still on the floor: the bump begins later.
      if (height < 0.5 * enterMm) {
        start = index;
        top = index;
      }
    }
  }
  if (to > from && heights[top]! >= enterMm) bumps.push(start, to - 1, top, heights[top]!);
}

/** Height above both neighbours from which a single reading is no body but a wrong reading. */
const spikeMm = 150;

/** Neighbours farther apart than this say nothing about a reading between them. */
const neighbourSeconds = 0.4;

/** A runner of 3 m/s with a head of 20 cm in a zone of 12 cm is seen for at least so long. */
const shortestBodySeconds = 0.107;

/** The other side sees a real body at the same time, at least so much of it. */
const witnessShare = 0.3;

/**
 * Takes single readings that stand out of a trace down to their neighbours, unless the other side
 * saw something at the same time: a runner covers one side for one reading only.
 */
export function dropSpikes(trace: HeightTrace, other: HeightTrace): void {
  const { at, height } = trace;
  let seen = 0;
  for (let index = 1; index < trace.length - 1; index++) {
    if (at[index + 1]! - at[index - 1]! > neighbourSeconds) continue;
    const lower = Math.min(height[index - 1]!, height[index + 1]!);
    if (lower - height[index]! >= spikeMm) {
      if (!dipsNear(other, at[index]!, lower)) height[index] = lower;
      continue;
    }
    const neighbour = Math.max(height[index - 1]!, height[index + 1]!);
    if (height[index]! - neighbour < spikeMm) continue;
    while (seen < other.length && other.at[seen]! <= at[index - 1]!) seen += 1;
    let isWitnessed = false;
    const isLongEnough = at[index + 1]! - at[index - 1]! >= shortestBodySeconds;
    for (let witness = seen; witness < other.length && other.at[witness]! < at[index + 1]!; witness++) {
      isWitnessed ||= other.height[witness]! >= witnessShare * height[index]!;
    }
    if (!isWitnessed || !isLongEnough) height[index] = neighbour;
  }
}

/** A gap between two people passes the other side within this time. */
const gapSeconds = 0.3;

/** A gap is seen on the other side as a valley below this share. */
const gapShare = 0.85;

/** Whether the other side shows a valley below a height at about the same time. */
function dipsNear(other: HeightTrace, atSeconds: number, heightMm: number): boolean {
  let before = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (
    let index = other.indexAt(atSeconds - gapSeconds);
    index < other.length && other.at[index]! <= atSeconds + gapSeconds;
    index++
  ) {
    const height = other.height[index]!;
    if (lowest < gapShare * Math.min(before, heightMm) && height > lowest + spikeMm) return true;
    if (height > before) {
      before = height;
      lowest = height;
    } else lowest = Math.min(lowest, height);
  }
  return false;
}

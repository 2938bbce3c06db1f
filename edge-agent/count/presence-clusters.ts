import type { HeightTrace } from './height-trace.ts';

/** More clusters than this in one stretch are cut no further. */
export const clustersMax = 24;

/** The floor, or nearly: whoever was there has gone, as a share of their height … */
const goneShare = 0.4;

/** … or somebody new has come: the height has risen again by so much. */
const comeMm = 200;

/**
 * The times at which nobody was near the line on either side, between `fromSeconds` and
 * `toSeconds`: the lowest points of the higher of both sides. Writes them into `ends`, the last of
 * which is `toSeconds`, and the heights there into `heights`; returns how many there are.
 */
export function presenceClusters(
  outside: HeightTrace,
  inside: HeightTrace,
  toSeconds: number,
  { ends, heights }: { readonly ends: Float64Array; readonly heights: Float64Array },
): number {
  let count = 0;
  let i = 0;
  let j = 0;
  let outsideNow = 0;
  let insideNow = 0;
  let top = 0;
  let low = Number.POSITIVE_INFINITY;
  let lowAt = Number.NaN;
  while (i < outside.length || j < inside.length) {
    const outsideAt = i < outside.length ? outside.at[i]! : Number.POSITIVE_INFINITY;
    const insideAt = j < inside.length ? inside.at[j]! : Number.POSITIVE_INFINITY;
    const at = Math.min(outsideAt, insideAt);
    if (at >= toSeconds) break;
    if (outsideAt <= insideAt) outsideNow = outside.height[i++]!;
    else insideNow = inside.height[j++]!;
    const higher = Math.max(outsideNow, insideNow);
    if (higher <= low) {
      low = higher;
      lowAt = at;
    }
    if (low < goneShare * top && higher > low + comeMm && count < clustersMax - 1) {
      ends[count] = lowAt;
      heights[count] = Math.max(0, low);
      count += 1;
      top = higher;
      low = Number.POSITIVE_INFINITY;
    } else if (higher > top) {
      top = higher;
      low = Number.POSITIVE_INFINITY;
    }
  }
  ends[count] = toSeconds;
  heights[count] = 0;
  return count + 1;
}

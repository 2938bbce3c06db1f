import { flagMask, type Minute } from './minute.ts';

const overlapping = flagMask(['overlapping']);

/** Starts are rounded and clocks are slewed: less than this in common is no overlap. */
const commonMsMin = 1_000;

type Span = Pick<Minute, 'startMs' | 'durationMs'>;

/**
 * The added minutes, flagged where they cover time that another minute of the sensor covers: a clock
 * that went back, or two devices under one name. Both count, for both may be people; nobody is to
 * add them up without being told. What is stored already is never changed.
 */
export function markOverlaps<Added extends Minute>(
  added: readonly Added[],
  present: readonly Span[],
): Added[] {
  const known: Span[] = [...present];
  return added.map((minute) => {
    const overlaps = known.some((other) => commonMs(minute, other) > commonMsMin);
    known.push(minute);
    return overlaps ? { ...minute, flags: minute.flags | overlapping } : minute;
  });
}

/** How many of the minutes are flagged so. */
export function countOverlaps(minutes: readonly Minute[]): number {
  return minutes.filter(({ flags }) => (flags & overlapping) !== 0).length;
}

function commonMs(left: Span, right: Span): number {
  const end = Math.min(left.startMs + left.durationMs, right.startMs + right.durationMs);
  return end - Math.max(left.startMs, right.startMs);
}

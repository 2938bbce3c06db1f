import type { Receipt } from '../../gateway/contract/receipt.ts';

/** First and last sequence, both included. */
export type SequenceRange = readonly [number, number];

/** What the gateway has said about one epoch, as far as receipts told. */
export interface Accounted {
  /** Id of the gateway's database; null before the first receipt. */
  readonly store: string | null;
  /** Every sequence up to here is stored, refused for good or declared gone. */
  readonly through: number;
  /** Ranges above `through` that are stored or refused for good, ascending, disjoint. */
  readonly beyond: readonly SequenceRange[];
  /** Ranges refused for a reason that another gateway or configuration may not have: kept, not sent. */
  readonly heldBack: readonly SequenceRange[];
}

export const nothingAccounted: Accounted = { store: null, through: 0, beyond: [], heldBack: [] };

/** Refusals that say nothing against the interval itself. */
const heldBackReasons: ReadonlySet<string> = new Set(['unknown-version', 'unknown-device']);

/** What a receipt says, by itself. */
export function accountedBy(receipt: Receipt): Accounted {
  const refused = receipt.refused.filter((range) => !heldBackReasons.has(range.reason));
  const heldBack = receipt.refused.filter((range) => heldBackReasons.has(range.reason));
  const ranges = [...receipt.beyond, ...refused.map(({ from, to }): SequenceRange => [from, to])];
  return normal({
    store: receipt.store,
    through: receipt.through,
    beyond: ranges,
    heldBack: mergeRanges(heldBack.map(({ from, to }): SequenceRange => [from, to])),
  });
}

/** The greater of two statements of one store: gateway processes may publish in any order. */
export function greaterOf(left: Accounted, right: Accounted): Accounted {
  return normal({
    store: right.store,
    through: Math.max(left.through, right.through),
    beyond: [...left.beyond, ...right.beyond],
    heldBack: right.heldBack,
  });
}

/** Whether everything that `before` accounts for is accounted for in `after`. */
export function covers(after: Accounted, before: Accounted): boolean {
  if (after.through < before.through) return false;
  return before.beyond.every(
    ([from, to]) =>
      to <= after.through ||
      after.beyond.some((range) => range[0] <= Math.max(from, after.through + 1) && range[1] >= to),
  );
}

/** The highest sequence that is accounted for. */
export function highestAccounted(accounted: Accounted): number {
  return accounted.beyond.at(-1)?.[1] ?? accounted.through;
}

/** The ranges within `[from, to]` that are not accounted for, ascending. */
export function openRanges(accounted: Accounted, from: number, to: number): SequenceRange[] {
  const open: SequenceRange[] = [];
  let next = Math.max(from, accounted.through + 1);
  for (const [start, end] of mergeRanges([...accounted.beyond, ...accounted.heldBack])) {
    if (end < next) continue;
    if (start > to) break;
    if (start > next) open.push([next, start - 1]);
    next = end + 1;
  }
  if (next <= to) open.push([next, to]);
  return open;
}

/** The parts of ascending ranges that a statement accounts for. */
export function accountedParts(ranges: readonly SequenceRange[], by: Accounted): SequenceRange[] {
  const accounted: SequenceRange[] = [[1, by.through], ...by.beyond];
  return ranges.flatMap(([from, to]) =>
    accounted
      .map(([first, last]): SequenceRange => [Math.max(from, first), Math.min(to, last)])
      .filter(([first, last]) => first <= last),
  );
}

function normal(accounted: Accounted): Accounted {
  const { through } = accounted;
  const beyond = mergeRanges(accounted.beyond)
    .filter((range) => range[1] > through)
    .map(([from, to]): SequenceRange => [Math.max(from, through + 1), to]);
  return { ...accounted, beyond };
}

/** Ascending, with ranges that overlap or touch as one. */
function mergeRanges(ranges: readonly SequenceRange[]): SequenceRange[] {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((left, right) => left[0] - right[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

import type { CrossingCounts } from '../../contract/http-api.ts';
import type { Formats } from './formats.ts';
import { filled, type Texts } from './texts.ts';

type Cell = CrossingCounts['cells'][number];

/** Each cell with the one of a week before at the same weekday and local time; null where there is none. */
export function pairsOf(
  counts: CrossingCounts,
  before: CrossingCounts,
): { readonly cell: Cell; readonly earlier: Cell | null }[] {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: counts.timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const nameOf = ({ start }: Cell) => clock.format(new Date(start));
  const byName = new Map<string, Cell>();
  // In the hour that is there twice the first one is taken.
  for (const cell of before.cells) if (!byName.has(nameOf(cell))) byName.set(nameOf(cell), cell);
  return counts.cells.map((cell) => ({ cell, earlier: byName.get(nameOf(cell)) ?? null }));
}

/** How much more or less came in than a week before, over the cells that are over and were looked at both times. */
export function growthOf(counts: CrossingCounts, before: CrossingCounts, nowMs: number): Growth | null {
  const [now, then] = [newSum(), newSum()];
  for (const { cell, earlier } of pairsOf(counts, before)) {
    const isOver = Date.parse(cell.start) + cell.seconds * 1000 <= nowMs;
    if (!isOver || cell.in === null || earlier === null || earlier.in === null) continue;
    add(now, cell);
    add(then, earlier);
  }
  if (now.people === 0 || then.people === 0) return null;
  const ratio = now.people / then.people;
  // Relative variances of independent counts add in a ratio (to first order).
  const standardError =
    ratio * Math.hypot(Math.sqrt(now.variance) / now.people, Math.sqrt(then.variance) / then.people);
  return { ratio, standardError };
}

export interface Growth {
  readonly ratio: number;
  readonly standardError: number;
}

export function growthText(growth: Growth | null, texts: Texts, formats: Formats): string {
  if (growth === null) return texts.noComparison;
  const change = formats.change(growth.ratio - 1);
  return filled(texts.growth, { change, error: formats.percentage(growth.standardError) });
}

function newSum(): { people: number; variance: number } {
  return { people: 0, variance: 0 };
}

function add(sum: { people: number; variance: number }, cell: Cell): void {
  sum.people += cell.in ?? 0;
  sum.variance += (cell.standardErrorIn ?? 0) ** 2;
}

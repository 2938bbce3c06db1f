import { localClock } from '../local-time.ts';
import { measured, scaled, sumOf, type Uncertain } from '../uncertain.ts';
import type { MeasuredCell, PeopleCell } from './people-cell.ts';

/** By then the last guest has gone, and no shop has opened yet. */
export const resetHour = 4;
/** Less than this share looked at, and the cell is a gap after which nothing is known. */
const gapBelow = 0.5;

/**
 * People inside at the end of each cell: in − out since four o'clock. Its error grows from cell to
 * cell: this is the drift bound. Time not looked at widens it by the people who may have passed
 * then; after a gap the occupancy is unknown until the next reset. Never cut off at 0.
 */
export function measureOccupancy(
  cells: readonly PeopleCell[],
  timeZone: string,
): { readonly cells: MeasuredCell[]; readonly residuals: Uncertain[] } {
  const measuredCells: MeasuredCell[] = [];
  const residuals: Uncertain[] = [];
  let inside: Uncertain | null = null;
  let day: string | null = null;
  for (const cell of cells) {
    const today = countingDay(cell.span.fromMs, timeZone);
    if (today !== day) {
      if (inside !== null && day !== null) residuals.push(inside);
      // The first day may begin in its middle: who was inside then is not known.
      inside = day !== null || isReset(cell.span.fromMs, timeZone) ? measured(0) : null;
      day = today;
    }
    inside = inside === null ? null : after(inside, cell);
    measuredCells.push({ span: cell.span, coverage: cell.coverage, estimate: inside });
  }
  if (inside !== null && cells.length > 0 && isReset(cells.at(-1)!.span.toMs, timeZone))
    residuals.push(inside);
  return { cells: measuredCells, residuals };
}

function after(inside: Uncertain, cell: PeopleCell): Uncertain | null {
  if (cell.in === null || cell.out === null || cell.coverage < gapBelow) return null;
  // Missed people come and go as those who were seen; their difference is unknown.
  const missed = ((cell.in.value + cell.out.value) * (1 - cell.coverage)) / cell.coverage;
  const missedNet = ((cell.in.value - cell.out.value) * (1 - cell.coverage)) / cell.coverage;
  const unseen = measured(0, Math.max(0, missed) + missedNet ** 2);
  return sumOf([inside, cell.in, scaled(cell.out, -1), unseen]);
}

/** The date of the counting day, which begins at the reset. */
function countingDay(atMs: number, timeZone: string): string {
  return localClock(atMs - resetHour * 3_600_000, timeZone).date;
}

function isReset(atMs: number, timeZone: string): boolean {
  return localClock(atMs, timeZone).minuteOfDay === resetHour * 60;
}

import type { LineRole } from '../../contract/http-api.ts';
import type { Span } from '../local-time.ts';
import { sumOf, type Uncertain } from '../uncertain.ts';

/**
 * What measures are made of: a cell of one line with its numbers, corrected for owners and published
 * for everybody else. Null where nobody looked.
 */
export interface PeopleCell {
  readonly span: Span;
  readonly in: Uncertain | null;
  readonly out: Uncertain | null;
  /** Share of the time that was looked at. */
  readonly coverage: number;
  /**
   * Hours of a longer sealed cell, as a night: its number stands at the first of them and the others
   * are 0. Sums of the whole are right; the hours alone say nothing.
   */
  readonly merged?: boolean;
}

/** A number of a measure in a span, with whatever the measure says besides. */
export interface MeasuredCell {
  readonly span: Span;
  readonly coverage: number;
  readonly estimate: Uncertain | null;
  readonly weekday?: number;
  readonly localHour?: number;
  readonly samples?: number;
  readonly base?: Uncertain | null;
  readonly pValue?: number | null;
  readonly certain?: boolean;
}

/** Looked at for at least this share, a cell may be compared with another. */
export const comparableFrom = 0.95;

/** The people a line is about: who entered a door, who passed a street or a window. */
export function peopleOf(cell: PeopleCell, role: LineRole): Uncertain | null {
  if (cell.in === null || cell.out === null) return null;
  switch (role) {
    case 'entrance':
    case 'inside':
      return cell.in;
    case 'street':
    case 'window':
      return sumOf([cell.in, cell.out]);
  }
}

/** Lays cells into longer spans; both ascend, and a cell belongs to the span of its start. */
export function gatherInto<Cell extends { readonly span: Span }>(
  spans: readonly Span[],
  cells: readonly Cell[],
): { readonly span: Span; readonly cells: readonly Cell[] }[] {
  let next = 0;
  return spans.map((span) => {
    while (next < cells.length && cells[next]!.span.fromMs < span.fromMs) next += 1;
    const first = next;
    while (next < cells.length && cells[next]!.span.fromMs < span.toMs) next += 1;
    return { span, cells: cells.slice(first, next) };
  });
}

/** The sum of the cells that were looked at; null where none was. */
export function sumOfSeen(numbers: readonly (Uncertain | null)[]): Uncertain | null {
  const seen = numbers.filter((number) => number !== null);
  return seen.length === 0 ? null : sumOf(seen);
}

/** Mean coverage of cells by their length. */
export function coverageOf(cells: readonly PeopleCell[], span: Span): number {
  const seconds = cells.reduce((sum, cell) => sum + cell.coverage * (cell.span.toMs - cell.span.fromMs), 0);
  return Math.min(1, seconds / (span.toMs - span.fromMs));
}

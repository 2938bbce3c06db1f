import type { Span } from '../../../values/local-time.ts';
import type { PeopleCell } from '../../../values/measures/people-cell.ts';
import type { PublishedCell } from '../../../values/published.ts';
import { measured } from '../../../values/uncertain.ts';

/**
 * Sealed cells laid over the hours of a range. A longer cell, as a merged night, stands at its first
 * hour and marks the others; hours of no sealed cell are not looked at.
 */
export function publishedHours(hours: readonly Span[], cells: readonly PublishedCell[]): PeopleCell[] {
  let position = 0;
  return hours.map((span) => {
    while (position < cells.length && cells[position]!.span.toMs <= span.fromMs) position += 1;
    const cell = cells[position];
    if (
      cell === undefined ||
      cell.span.fromMs > span.fromMs ||
      cell.in === null ||
      cell.out === null ||
      cell.open > 0
    ) {
      return { span, in: null, out: null, coverage: 0 };
    }
    const isFirst = cell.span.fromMs === span.fromMs;
    const merged = cell.span.toMs - cell.span.fromMs > span.toMs - span.fromMs ? { merged: true } : {};
    const [ins, outs] = isFirst ? [cell.in, cell.out] : [measured(0), measured(0)];
    return { span, in: ins, out: outs, coverage: cell.coverage, ...merged };
  });
}

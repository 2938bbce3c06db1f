import { cellsOf, type Span } from '../../../../gateway/values/local-time.ts';
import type { PeopleCell } from '../../../../gateway/values/measures/people-cell.ts';
import { measured } from '../../../../gateway/values/uncertain.ts';

export const zone = 'Europe/Berlin';

/** A range of local times, as `2026-03-02T00:00`; winter time. */
export function winter(from: string, to: string): Span {
  return { fromMs: Date.parse(`${from}:00+01:00`), toMs: Date.parse(`${to}:00+01:00`) };
}

/** Cells of a range with what a function says of each; null is not looked at. */
export function cellsWith(
  range: Span,
  resolution: '15m' | '1h',
  say: (cell: { atMs: number; index: number }) => { in: number; out: number; variance?: number } | null,
): PeopleCell[] {
  return cellsOf(range, resolution, zone).map((span, index) => {
    const said = say({ atMs: span.fromMs, index });
    if (said === null) return { span, in: null, out: null, coverage: 0 };
    const variance = said.variance ?? 0;
    return { span, in: measured(said.in, variance), out: measured(said.out, variance), coverage: 1 };
  });
}

import { cellsOf, type Span, weeksBefore } from '../../../values/local-time.ts';
import { changeOf, growthOf, type Pair, pairsOf } from '../../../values/measures/measure-change.ts';
import {
  coverageOf,
  gatherInto,
  type MeasuredCell,
  type PeopleCell,
  peopleOf,
} from '../../../values/measures/people-cell.ts';
import { type FactorErrors, sumOf } from '../../../values/uncertain.ts';
import type { MeasureOf, MeasureResult } from './measure-work.ts';

/** An hour and the same local hour some weeks earlier. */
interface PairedHour {
  readonly span: Span;
  readonly cell: PeopleCell;
  readonly pair: Pair | null;
}

/** Change against the same local time some weeks before, from hours that were looked at both times. */
export async function changeWork(of: MeasureOf, weeks: number): Promise<MeasureResult> {
  const { hours, errors, methods } = await pairedHours(of, weeks);
  const cellOf = (span: Span, parts: readonly PairedHour[]): MeasuredCell => {
    const pairs = parts.map(({ pair }) => pair).filter((pair) => pair !== null);
    return {
      span,
      coverage: coverageOf(
        parts.map(({ cell }) => cell),
        span,
      ),
      estimate: changeOf(pairs),
      base: pairs.length === 0 ? null : sumOf(pairs.map(({ base }) => base)),
      samples: pairs.length,
    };
  };
  return {
    cells: gatherInto(of.spans, hours).map(({ span, cells }) => cellOf(span, cells)),
    total: cellOf(of.range, hours),
    errors,
    methods,
  };
}

/** Growth over whole weeks against the same weeks of last year. */
export async function growthWork(of: MeasureOf): Promise<MeasureResult> {
  const { hours, errors, methods } = await pairedHours(of, 52);
  const weeks = gatherInto(of.spans, hours).map(({ span, cells }) => ({
    span,
    cells,
    pair: sumOfPairs(cells),
  }));
  const { estimate, pValue } = growthOf(weeks.map(({ pair }) => pair).filter((pair) => pair !== null));
  return {
    cells: weeks.map(({ span, cells, pair }) => ({
      span,
      coverage: coverageOf(
        cells.map(({ cell }) => cell),
        span,
      ),
      estimate: pair === null ? null : changeOf([pair]),
      base: pair?.base ?? null,
    })),
    total: {
      span: of.range,
      coverage: coverageOf(
        hours.map(({ cell }) => cell),
        of.range,
      ),
      estimate,
      pValue,
      samples: weeks.filter(({ pair }) => pair !== null).length,
    },
    errors,
    methods,
  };
}

/** A week stands for itself where at least half of its hours can be compared. */
const weekHoursMin = 84;

function sumOfPairs(hours: readonly PairedHour[]): Pair | null {
  const pairs = hours.map(({ pair }) => pair).filter((pair) => pair !== null);
  if (pairs.length < weekHoursMin) return null;
  return { now: sumOf(pairs.map(({ now }) => now)), base: sumOf(pairs.map(({ base }) => base)) };
}

async function pairedHours(
  { source, line, site, range }: MeasureOf,
  weeks: number,
): Promise<{ hours: PairedHour[]; errors: FactorErrors; methods: readonly string[] }> {
  const { timeZone } = site;
  const earlier = {
    fromMs: weeksBefore(range.fromMs, weeks, timeZone),
    toMs: weeksBefore(range.toMs, weeks, timeZone),
  };
  const now = await source.series(line.id, range, '1h');
  const base = await source.series(line.id, earlier, '1h');
  const byStart = new Map(base.cells.map((cell) => [cell.span.fromMs, cell]));
  const bases = cellsOf(range, '1h', timeZone).map(
    ({ fromMs }) => byStart.get(weeksBefore(fromMs, weeks, timeZone)) ?? null,
  );
  const pairs = pairsOf(now.cells, bases, (cell) => peopleOf(cell, line.role));
  return {
    hours: now.cells.map((cell, index) => ({ span: cell.span, cell, pair: pairs[index] ?? null })),
    errors: { ...base.errors, ...now.errors },
    methods: [...new Set([...now.methods, ...base.methods])],
  };
}

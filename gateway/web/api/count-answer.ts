import type { LineCounts, LineKind } from '../../contract/http-api.ts';
import { flagsOf, type KindValues, type Observation, type ObservedValues } from '../../values/line-counts.ts';
import type { Span } from '../../values/local-time.ts';
import { IsoClock } from './iso-time.ts';

type CellAnswer = LineCounts['cells'][number];
interface Head {
  readonly start: string;
  readonly seconds: number;
  readonly coverage: number;
}

/** Written out field by field, because a year has 8,760 cells and a spread takes longer than the query. */
const cellOfKind: { readonly [K in LineKind]: (head: Head, values: KindValues[K]) => CellAnswer } = {
  crossing: ({ start, seconds, coverage }, values) => ({
    start,
    seconds,
    coverage,
    in: values.in,
    out: values.out,
    standardErrorIn: values.standardErrorIn,
    standardErrorOut: values.standardErrorOut,
  }),
  motion: (head, values) => ({ ...head, ...values }),
  presence: (head, values) => ({ ...head, ...values }),
};

/** The starts of cells as the interface answers them. */
export function startTexts(cells: readonly Span[]): string[] {
  const clock = new IsoClock();
  return cells.map(({ fromMs }) => clock.textOf(fromMs));
}

/** Cells as the interface answers them. */
export function cellAnswers<K extends LineKind>(
  observed: Observation<K>,
  { kind, starts }: { kind: K; starts: readonly string[] },
): CellAnswer[] {
  const cellOf: (head: Head, values: KindValues[K]) => CellAnswer = cellOfKind[kind];
  return observed.cells.map(({ fromMs, toMs }, position) => {
    const { coverage, flags, values } = observed.at(position);
    const cell = cellOf({ start: starts[position]!, seconds: (toMs - fromMs) / 1000, coverage }, values);
    if (flags !== 0) cell.flags = flagsOf(flags);
    return cell;
  });
}

/** The values of a whole range as the interface answers them. */
export function valuesAnswer({ coverage, flags, values }: ObservedValues<LineKind>) {
  return { coverage, ...(flags === 0 ? {} : { flags: flagsOf(flags) }), ...values };
}

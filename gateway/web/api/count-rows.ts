import type { LineEstimates } from '../../contract/estimates.ts';
import type { LineCounts } from '../../contract/http-api.ts';
import type { PublishedCounts } from '../../contract/published-api.ts';

/** One cell of one line as a row of a file; null is an empty field. */
export type CountRow = Readonly<Record<string, string | number | null>>;

const common = ['line', 'start', 'seconds', 'value', 'coverage', 'flags'] as const;

/** The columns of each kind of answer, in the order of the file. */
export const columnsOf = {
  crossing: [...common, 'in', 'out', 'standardErrorIn', 'standardErrorOut'],
  motion: [...common, 'activations', 'activeSeconds', 'orderedIn', 'orderedOut'],
  presence: [...common, 'frames', 'indicator', 'standardError'],
  published: [...common, 'in', 'out', 'standardErrorIn', 'standardErrorOut', 'draws', 'open'],
  estimate: [
    ...common,
    ...['in', 'standardErrorIn', 'lowIn', 'highIn', 'out', 'standardErrorOut', 'lowOut', 'highOut'],
  ],
} as const satisfies Record<string, readonly string[]>;
export type RowShape = keyof typeof columnsOf;

export function rowsOfCounts(counts: LineCounts): CountRow[] {
  return counts.cells.map(({ flags, ...cell }) => ({
    ...cell,
    line: counts.line,
    value: counts.value,
    flags: (flags ?? []).join(' '),
  }));
}

/** Flags of sensors are not published: somebody may have stood before one. */
export function rowsOfPublished(counts: PublishedCounts): CountRow[] {
  return counts.cells.map(({ late: _, ...cell }) => ({
    ...cell,
    line: counts.line,
    value: counts.value,
    flags: '',
  }));
}

export function rowsOfEstimates(estimates: LineEstimates): CountRow[] {
  return estimates.cells.map((cell) => ({
    line: estimates.line,
    start: cell.start,
    seconds: cell.seconds,
    value: cell.value,
    coverage: cell.coverage,
    flags: cell.flags.join(' '),
    in: cell.in?.value ?? null,
    standardErrorIn: cell.in?.standardError ?? null,
    lowIn: cell.in?.interval95[0] ?? null,
    highIn: cell.in?.interval95[1] ?? null,
    out: cell.out?.value ?? null,
    standardErrorOut: cell.out?.standardError ?? null,
    lowOut: cell.out?.interval95[0] ?? null,
    highOut: cell.out?.interval95[1] ?? null,
  }));
}

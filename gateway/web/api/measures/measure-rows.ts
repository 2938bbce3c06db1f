import type { MeasureAnswer } from '../../../contract/measures.ts';
import type { CountRow } from '../count-rows.ts';

/** The columns of a measure's file; those a measure does not have are empty. */
export const measureColumns = [
  ...['line', 'measure', 'unit', 'start', 'seconds', 'weekday', 'localHour', 'coverage'],
  ...['value', 'estimate', 'standardError', 'low', 'high', 'base', 'samples'],
] as const;

export function rowsOfMeasure(answer: MeasureAnswer): CountRow[] {
  const { line, measure, unit } = answer;
  return answer.cells.map((cell) => ({
    line,
    measure,
    unit,
    start: cell.start,
    seconds: cell.seconds,
    weekday: cell.weekday ?? null,
    localHour: cell.localHour ?? null,
    coverage: cell.coverage,
    value: answer.value,
    estimate: cell.estimate?.value ?? null,
    standardError: cell.estimate?.standardError ?? null,
    low: cell.estimate?.interval95[0] ?? null,
    high: cell.estimate?.interval95[1] ?? null,
    base: cell.base?.value ?? null,
    samples: cell.samples ?? null,
  }));
}

import type { PresenceCounts } from '../../../contract/http-api.ts';
import { type Span, weeksBefore } from '../../../values/local-time.ts';
import { gatherInto, type MeasuredCell } from '../../../values/measures/people-cell.ts';
import { indexOf, measured, scaled, sumOf } from '../../../values/uncertain.ts';
import { Problem } from '../problems.ts';
import type { MeasureOf, MeasureResult } from './measure-work.ts';

const baseWeeks = 4;
/** One week is no usual one. */
const baseWeeksMin = 2;

/** The indicator against the same local hours of the four weeks before; 100 is as usual. */
export async function presenceIndexWork(of: MeasureOf): Promise<MeasureResult> {
  const { source, line, site, range, spans, reader } = of;
  if ((await source.valueOf(line.id)) !== 'corrected') {
    throw new Problem(
      'not-published',
      'Presence indicators are never sealed: this index is for the owner only.',
    );
  }
  const earlier = { fromMs: weeksBefore(range.fromMs, baseWeeks, site.timeZone), toMs: range.toMs };
  const { cells } = (await reader.counts(line.id, { range: earlier, resolution: '1h' })) as PresenceCounts;
  const byStart = new Map(cells.map((cell) => [Date.parse(cell.start), cell]));
  const numberAt = (atMs: number) => {
    const cell = byStart.get(atMs);
    return cell?.indicator == null ? null : measured(cell.indicator, (cell.standardError ?? 0) ** 2);
  };
  const hours = cells
    .map((cell) => ({ startMs: Date.parse(cell.start), coverage: cell.coverage, seconds: cell.seconds }))
    .filter(({ startMs }) => startMs >= range.fromMs)
    .map(({ startMs, coverage, seconds }) => {
      const weeks = Array.from({ length: baseWeeks }, (_, index) =>
        numberAt(weeksBefore(startMs, index + 1, site.timeZone)),
      ).filter((number) => number !== null);
      return {
        span: { fromMs: startMs, toMs: startMs + seconds * 1000 },
        coverage,
        now: numberAt(startMs),
        base: weeks.length < baseWeeksMin ? null : scaled(sumOf(weeks), 1 / weeks.length),
      };
    });
  const cellOf = (span: Span, parts: typeof hours): MeasuredCell => {
    const both = parts.filter(({ now, base }) => now !== null && base !== null);
    const base = both.length === 0 ? null : sumOf(both.map((part) => part.base!));
    // Below 0 the floor was set too high: no ratio of it means anything.
    const estimate =
      base === null || base.value <= 0 ? null : indexOf(sumOf(both.map((part) => part.now!)), base);
    const coverage = parts.reduce((sum, part) => sum + part.coverage, 0) / Math.max(1, parts.length);
    return { span, coverage, estimate, samples: both.length };
  };
  return {
    cells: gatherInto(spans, hours).map(({ span, cells: parts }) => cellOf(span, [...parts])),
    total: cellOf(range, hours),
    errors: {},
    value: 'observed',
  };
}

import type { FindingsQuery, LineFindings } from '../../../contract/measures.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import { findInLine } from '../../../values/findings/find-in-line.ts';
import { findingThresholds } from '../../../values/findings/finding-thresholds.ts';
import { cellsOf, type Span, weeksBefore } from '../../../values/local-time.ts';
import { type Pair, pairsOf } from '../../../values/measures/measure-change.ts';
import { peopleOf } from '../../../values/measures/people-cell.ts';
import { type FactorErrors, ratioOf, scaled, type Uncertain } from '../../../values/uncertain.ts';
import type { CountsReader } from '../counts-reader.ts';
import { isoTime } from '../iso-time.ts';
import { checkRange, lineOfPlan } from '../line-source.ts';
import { Problem, type ProblemCode } from '../problems.ts';
import { momentOf } from '../request-range.ts';
import { captureRateWork } from './capture-rate-work.ts';
import { answeredEstimate, valueShown } from './measures-reader.ts';
import type { PeopleSeries, PeopleSource } from './people-source.ts';

/** Two months: a report of a month and what came before it. */
const findingDaysMax = 62;
const captureBaseWeeks = 4;

interface ChangeWithErrors {
  readonly change: Uncertain;
  readonly errors: FactorErrors;
}

/** Says what the numbers of a line say. */
export class FindingsReader {
  readonly #store: GatewayStore;
  readonly #reader: CountsReader;

  constructor(store: GatewayStore, reader: CountsReader) {
    this.#store = store;
    this.#reader = reader;
  }

  /** Throws a `Problem` for a line that counts no people and a range that is not one of days. */
  async findings(lineId: string, query: FindingsQuery, source: PeopleSource): Promise<LineFindings> {
    const { plan } = await this.#reader.directory();
    const { line, site } = lineOfPlan(plan, lineId);
    const { timeZone } = site;
    const range = { fromMs: momentOf('from', query.from), toMs: momentOf('to', query.to) };
    checkRange(range, '1d', timeZone);
    if (cellsOf(range, '1d', timeZone).length > findingDaysMax) {
      throw new Problem('range-too-long', `At most ${findingDaysMax} days.`);
    }
    const fromMs = weeksBefore(range.fromMs, findingThresholds.usualWeeks, timeZone);
    const now = await source.series(lineId, { fromMs, toMs: range.toMs }, '1h');
    const year = await optional(() => source.series(lineId, earlier(range, 52, timeZone), '1h'));
    const pairsWith = (weeks: number, base: PeopleSeries | null) =>
      base === null ? [] : pairsBefore({ now, base, range, weeks });
    const capture = await this.#captureRateChange(lineId, range, source);
    const errors: FactorErrors = { ...capture?.errors, ...year?.errors, ...now.errors };
    const found = findInLine({
      role: line.role,
      timeZone,
      range,
      hours: now.cells,
      againstLastWeek: pairsWith(1, now),
      againstLastYear: pairsWith(52, year),
      captureRateChange: capture?.change ?? null,
      errors,
    });
    return {
      line: line.id,
      simulated: line.simulated,
      value: await valueShown(source, lineId),
      timeZone,
      from: isoTime(range.fromMs),
      to: isoTime(range.toMs),
      findings: found.map(({ rule, span, change, text, threshold }) => ({
        rule,
        line: line.id,
        from: isoTime(span.fromMs),
        to: isoTime(span.toMs),
        change: answeredEstimate(change, errors),
        text,
        threshold,
      })),
    };
  }

  /** Null for lines without a street line, and where there is nothing to compare with. */
  async #captureRateChange(
    lineId: string,
    range: Span,
    source: PeopleSource,
  ): Promise<ChangeWithErrors | null> {
    const { plan } = await this.#reader.directory();
    const { line, site } = lineOfPlan(plan, lineId);
    if (line.role !== 'entrance') return null;
    const before = { fromMs: weeksBefore(range.fromMs, captureBaseWeeks, site.timeZone), toMs: range.fromMs };
    const rateOf = async (span: Span) => {
      const query = { measure: 'capture-rate' as const, from: '', to: '' };
      const of = { plan, line, site, range: span, resolution: '1d' as const, spans: [span], query };
      return captureRateWork({ ...of, source, store: this.#store, reader: this.#reader });
    };
    const now = await optional(() => rateOf(range));
    const base = now === null ? null : await optional(() => rateOf(before));
    const [one, other] = [now?.total.estimate ?? null, base?.total.estimate ?? null];
    const ratio = one === null || other === null ? null : ratioOf(one, other);
    if (ratio === null) return null;
    const percent = scaled(ratio, 100);
    return {
      change: { ...percent, value: percent.value - 100 },
      errors: { ...base?.errors, ...now?.errors },
    };
  }
}

function earlier(range: Span, weeks: number, timeZone: string): Span {
  return {
    fromMs: weeksBefore(range.fromMs, weeks, timeZone),
    toMs: weeksBefore(range.toMs, weeks, timeZone),
  };
}

function pairsBefore(of: { now: PeopleSeries; base: PeopleSeries; range: Span; weeks: number }): Pair[] {
  const { now, base, range, weeks } = of;
  const { role } = now.line;
  const byStart = new Map(base.cells.map((cell) => [cell.span.fromMs, cell]));
  const cells = now.cells.filter(({ span }) => span.fromMs >= range.fromMs);
  const bases = cells.map(
    ({ span }) => byStart.get(weeksBefore(span.fromMs, weeks, now.site.timeZone)) ?? null,
  );
  return pairsOf(cells, bases, (cell) => peopleOf(cell, role)).filter((pair) => pair !== null);
}

/** What there is not, no rule can speak of; that is no reason to say nothing at all. */
const absences: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'no-longer-kept',
  'not-found',
  'not-published',
  'measure-not-possible',
]);

async function optional<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof Problem && absences.has(cause.code)) return null;
    throw cause;
  }
}

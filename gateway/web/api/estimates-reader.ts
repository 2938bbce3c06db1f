import type { Calibration } from '../../contract/calibration.ts';
import type { LineEstimates } from '../../contract/estimates.ts';
import type { Resolution } from '../../contract/http-api.ts';
import type { GatewayStore } from '../../store/gateway-store.ts';
import { type EstimatedCell, estimate, type LineCalibration } from '../../values/estimate.ts';
import { imputationMethod, imputeGaps, profileWeeks } from '../../values/impute.ts';
import { flagsOf } from '../../values/line-counts.ts';
import { lineSums } from '../../values/line-sums.ts';
import { cellsOf, type Span, weeksBefore } from '../../values/local-time.ts';
import { type FactorErrors, interval95, standardErrorOf, type Uncertain } from '../../values/uncertain.ts';
import type { CountsReader, Known } from './counts-reader.ts';
import { isoTime } from './iso-time.ts';
import {
  checkAsOf,
  checkKept,
  checkRange,
  type LineQuery,
  lineOfPlan,
  type PlannedLine,
  type PlannedSite,
  readContributions,
  sourceSeconds,
} from './line-source.ts';
import { Problem } from './problems.ts';

export interface EstimateQuery {
  readonly range: Span;
  readonly resolution: Resolution;
  readonly value: 'corrected' | 'imputed';
  readonly asOfMs?: number | undefined;
}

/** Estimated cells of a line with what they were made by. */
export interface EstimatedSeries extends ReturnType<typeof estimate> {
  readonly line: PlannedLine;
  readonly site: PlannedSite;
  readonly methods: string[];
}

/** Answers corrected and imputed numbers: what was counted, with what people have found out about it. */
export class EstimatesReader {
  readonly #store: GatewayStore;
  readonly #reader: CountsReader;

  constructor(store: GatewayStore, reader: CountsReader) {
    this.#store = store;
    this.#reader = reader;
  }

  /** Throws a `Problem` for an unknown line, one that counts no people, and a range that cannot be answered. */
  async estimates(lineId: string, asked: EstimateQuery, known?: Known): Promise<LineEstimates> {
    const { range, resolution, value, asOfMs } = asked;
    const now = known ?? (await this.#reader.directory());
    checkRange(range, resolution, lineOfPlan(now.plan, lineId).site.timeZone);
    const { line, site, cells, total, errors, methods } = await this.series(lineId, asked, now);
    return {
      line: line.id,
      kind: 'crossing',
      simulated: line.simulated,
      value,
      methods,
      asOf: asOfMs === undefined ? null : isoTime(asOfMs),
      timeZone: site.timeZone,
      resolution,
      from: isoTime(range.fromMs),
      to: isoTime(range.toMs),
      cells: cells.map((cell) => ({
        start: isoTime(cell.span.fromMs),
        seconds: (cell.span.toMs - cell.span.fromMs) / 1000,
        ...cellOf(cell, errors),
      })),
      total: cellOf(total, errors),
    };
  }

  /** The same as numbers with their errors, for those who compute with them; as long as they like. */
  async series(lineId: string, asked: EstimateQuery, known?: Known): Promise<EstimatedSeries> {
    const { range, resolution, value, asOfMs } = asked;
    const { directory, plan } = known ?? (await this.#reader.directory());
    const { line, site } = lineOfPlan(plan, lineId);
    if (line.kind !== 'crossing') throw new Problem('not-a-count', `"${lineId}" counts no people.`);
    const { timeZone } = site;
    checkKept(range, resolution, directory.deletedBeforeMs);
    const cells = cellsOf(range, resolution, timeZone);
    if (asOfMs !== undefined) checkAsOf(cells);
    // The profile of a gap is learned from the weeks before the range.
    const fromMs = value === 'imputed' ? weeksBefore(range.fromMs, profileWeeks, timeZone) : range.fromMs;
    const whole = { fromMs, toMs: range.toMs };
    const query: LineQuery = { range: whole, resolution, cells, timeZone, asOfMs, atMostSeconds: 3600 };
    const contributions = await readContributions(this.#store, { plan, line }, query);
    const sums = lineSums(contributions);
    const lanes = Math.max(1, new Set(contributions.map(({ lane }) => lane)).size);
    const cellMs = sourceSeconds(query) * 1000;
    const calibrations = await this.#calibrations(lineId, asOfMs);
    const fillings =
      value === 'imputed' ? imputeGaps(range, { sums, cellMs, lanes, timeZone }) : new Map<number, never>();
    const methods = [
      ...calibrations.map(({ id }) => `calibration ${id}`),
      ...(fillings.size > 0 ? [imputationMethod] : []),
    ];
    return { line, site, methods, ...estimate(cells, { sums, lanes, calibrations, fillings }) };
  }

  /** Calibrations as they were known at the end of the as-of day: bitemporal like everything else. */
  async #calibrations(lineId: string, asOfMs: number | undefined): Promise<LineCalibration[]> {
    const endOfDayMs = asOfMs === undefined ? undefined : Math.floor(asOfMs / dayMs + 1) * dayMs - 1;
    const records = await this.#store.readRecords('calibration', endOfDayMs);
    return records.flatMap(({ id, recordedMs, body }) => {
      const { line, direction, factor, standardError, from, until } = body as Calibration;
      if (line !== lineId) return [];
      const untilMs = until === undefined ? null : Date.parse(until);
      return [{ id, recordedMs, direction, factor, standardError, fromMs: Date.parse(from), untilMs }];
    });
  }
}

const dayMs = 86_400_000;

function cellOf(cell: EstimatedCell, errors: FactorErrors) {
  return {
    coverage: rounded(cell.coverage),
    flags: flagsOf(cell.flags),
    value: cell.value,
    in: estimateOf(cell.in, errors),
    out: estimateOf(cell.out, errors),
  };
}

function estimateOf(number: Uncertain | null, errors: FactorErrors) {
  if (number === null) return null;
  return {
    value: rounded(number.value),
    standardError: rounded(standardErrorOf(number, errors)),
    interval95: interval95(number, errors).map(rounded),
  };
}

/** A ten-thousandth is finer than any sensor and keeps answers short. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

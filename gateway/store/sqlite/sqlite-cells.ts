import type Database from 'better-sqlite3';
import type { CellQuery, CellSums } from '../count-store.ts';

const hourMs = 3_600_000;

/** A row as both statements below give it: times in milliseconds, sums over the cell. */
interface SumsRow {
  start_ms: number;
  measured: number;
  duration_ms: number;
  coverage_ms: number;
  count_in: number;
  count_out: number;
  variance_in: number;
  variance_out: number;
  activations: number;
  active_ms: number;
  ordered_in: number;
  ordered_out: number;
  frames: number;
  indicator: number;
  variance: number;
}

const fromHours = `
  SELECT hour_ms AS start_ms, measured, duration_ms, coverage_ms, count_in, count_out, variance_in,
    variance_out, activations, active_ms, ordered_in, ordered_out, frames, indicator, variance
  FROM hours WHERE sensor_key = @key AND hour_ms >= @fromMs AND hour_ms < @toMs ORDER BY hour_ms`;

// Values of intervals in which nobody looked are left out, as in the roll-up.
const fromMinutes = `
  SELECT start_ms - start_ms % @cellMs AS start_ms,
    sum(coverage_seconds > 0) AS measured,
    sum(CAST(round(duration_seconds * 1000) AS INTEGER)) AS duration_ms,
    sum(CAST(round(coverage_seconds * 1000) AS INTEGER)) AS coverage_ms,
    total(count_in) AS count_in, total(count_out) AS count_out,
    total(standard_error_in * standard_error_in) FILTER (WHERE coverage_seconds > 0) AS variance_in,
    total(standard_error_out * standard_error_out) FILTER (WHERE coverage_seconds > 0) AS variance_out,
    total(activations) FILTER (WHERE coverage_seconds > 0) AS activations,
    total(CAST(round(active_seconds * 1000) AS INTEGER)) FILTER (WHERE coverage_seconds > 0) AS active_ms,
    total(ordered_in) FILTER (WHERE coverage_seconds > 0) AS ordered_in,
    total(ordered_out) FILTER (WHERE coverage_seconds > 0) AS ordered_out,
    total(frames) FILTER (WHERE coverage_seconds > 0) AS frames,
    total(indicator) FILTER (WHERE coverage_seconds > 0) AS indicator,
    total(standard_error * standard_error) FILTER (WHERE coverage_seconds > 0) AS variance
  FROM intervals WHERE sensor_key = @key AND start_ms >= @fromMs AND start_ms < @toMs
  GROUP BY 1 ORDER BY 1`;

/** Whole hours come from the roll-up; finer cells, and ranges that cut an hour, from the minutes. */
export function readSqliteCells(database: Database.Database, query: CellQuery): CellSums[] {
  const key = database
    .prepare<[string, string, string], number>(
      'SELECT sensor_key FROM sensors WHERE device = ? AND sensor = ? AND kind = ?',
    )
    .pluck()
    .get(query.device, query.sensor, query.kind);
  if (key === undefined) return [];
  const { fromMs, toMs } = query;
  const cellMs = query.cellSeconds * 1000;
  const wholeHours = cellMs === hourMs && fromMs % hourMs === 0 && toMs % hourMs === 0;
  const rows = wholeHours
    ? database.prepare<object, SumsRow>(fromHours).all({ key, fromMs, toMs })
    : database.prepare<object, SumsRow>(fromMinutes).all({ key, fromMs, toMs, cellMs });
  return rows.map(sumsOf);
}

function sumsOf(row: SumsRow): CellSums {
  return {
    startMs: row.start_ms,
    measured: row.measured,
    durationSeconds: row.duration_ms / 1000,
    coverageSeconds: row.coverage_ms / 1000,
    in: row.count_in,
    out: row.count_out,
    varianceIn: row.variance_in,
    varianceOut: row.variance_out,
    activations: row.activations,
    activeSeconds: row.active_ms / 1000,
    orderedIn: row.ordered_in,
    orderedOut: row.ordered_out,
    frames: row.frames,
    indicator: row.indicator,
    variance: row.variance,
  };
}

import type { Filling } from './impute.ts';
import type { LineSums } from './line-sums.ts';
import type { Span } from './local-time.ts';
import { calibrated, type FactorErrors, measured, sumOf, type Uncertain } from './uncertain.ts';

/** A calibration as far as numbers need it; `until` null means until now. */
export interface LineCalibration {
  readonly id: string;
  readonly direction: 'in' | 'out' | 'both';
  readonly factor: number;
  readonly standardError: number;
  readonly fromMs: number;
  readonly untilMs: number | null;
  /** Of two that overlap the one that was recorded later holds. */
  readonly recordedMs: number;
}

/** Which of the four values a number is; `published` comes from sealed cells alone. */
type ValueKind = 'observed' | 'corrected' | 'imputed' | 'published';

export interface EstimatedCell {
  readonly span: Span;
  /** Null where nobody looked and nothing was filled in. */
  readonly in: Uncertain | null;
  readonly out: Uncertain | null;
  readonly coverage: number;
  readonly flags: number;
  readonly value: Exclude<ValueKind, 'published'>;
}

export interface EstimateSource {
  readonly sums: readonly LineSums[];
  readonly lanes: number;
  readonly calibrations: readonly LineCalibration[];
  /** Empty where nothing is to be imputed. */
  readonly fillings: ReadonlyMap<number, Filling>;
}

/**
 * Corrected (and, with fillings, imputed) numbers of a line in ascending cells without gaps; source
 * cells lie within one of them. The total is the sum of the cells with shared errors shared.
 */
export function estimate(
  cells: readonly Span[],
  source: EstimateSource,
): { readonly cells: EstimatedCell[]; readonly total: EstimatedCell; readonly errors: FactorErrors } {
  const parts = partsOf(source);
  const estimated: EstimatedCell[] = [];
  let next = 0;
  for (const span of cells) {
    while (next < parts.length && parts[next]!.startMs < span.fromMs) next += 1;
    const first = next;
    while (next < parts.length && parts[next]!.startMs < span.toMs) next += 1;
    estimated.push(cellOf(span, parts.slice(first, next), source.lanes));
  }
  const whole = { fromMs: cells[0]?.fromMs ?? 0, toMs: cells.at(-1)?.toMs ?? 0 };
  const within = parts.filter(({ startMs }) => startMs >= whole.fromMs && startMs < whole.toMs);
  const errors = Object.fromEntries(source.calibrations.map(({ id, standardError }) => [id, standardError]));
  return { cells: estimated, total: cellOf(whole, within, source.lanes), errors };
}

interface Part {
  readonly startMs: number;
  readonly in: Uncertain;
  readonly out: Uncertain;
  readonly coverageSeconds: number;
  readonly flags: number;
  readonly value: EstimatedCell['value'];
}

/** Source cells that hold a number, corrected by what was in force at their start. */
function partsOf({ sums, calibrations, fillings }: EstimateSource): Part[] {
  const bySlot = new Map(sums.map((cell) => [cell.startMs, cell]));
  const starts = [...new Set([...bySlot.keys(), ...fillings.keys()])].sort((left, right) => left - right);
  return starts.flatMap((startMs) => {
    const seen = bySlot.get(startMs);
    const filling = fillings.get(startMs);
    if (!filling && !(seen && seen.coverageSeconds > 0)) return [];
    const [ins, outs] = (['in', 'out'] as const).map((direction) => {
      const variance = direction === 'in' ? 'varianceIn' : 'varianceOut';
      const raw = measured(
        (seen?.[direction] ?? 0) + (filling?.[direction] ?? 0),
        (seen?.[variance] ?? 0) + (filling?.[variance] ?? 0),
      );
      const calibration = inForce(calibrations, direction, startMs);
      return { number: calibration ? calibrated(raw, calibration) : raw, corrected: calibration !== null };
    });
    const corrected = ins!.corrected || outs!.corrected;
    return [
      {
        startMs,
        in: ins!.number,
        out: outs!.number,
        coverageSeconds: seen?.coverageSeconds ?? 0,
        flags: seen?.flags ?? 0,
        value: filling ? ('imputed' as const) : corrected ? ('corrected' as const) : ('observed' as const),
      },
    ];
  });
}

/** The calibration of a direction that holds at a moment, or null. */
function inForce(
  calibrations: readonly LineCalibration[],
  direction: 'in' | 'out',
  atMs: number,
): LineCalibration | null {
  let found: LineCalibration | null = null;
  for (const calibration of calibrations) {
    if (calibration.direction !== 'both' && calibration.direction !== direction) continue;
    if (calibration.fromMs > atMs || (calibration.untilMs !== null && calibration.untilMs <= atMs)) continue;
    if (found === null || calibration.recordedMs >= found.recordedMs) found = calibration;
  }
  return found;
}

/** Imputed where anything is filled in, else corrected where any calibration was in force. */
function cellOf(span: Span, parts: readonly Part[], lanes: number): EstimatedCell {
  const seconds = (lanes * (span.toMs - span.fromMs)) / 1000;
  const coverageSeconds = parts.reduce((sum, part) => sum + part.coverageSeconds, 0);
  const has = (value: Part['value']) => parts.some((part) => part.value === value);
  return {
    span,
    in: parts.length === 0 ? null : sumOf(parts.map((part) => part.in)),
    out: parts.length === 0 ? null : sumOf(parts.map((part) => part.out)),
    coverage: seconds > 0 ? Math.min(1, coverageSeconds / seconds) : 0,
    flags: parts.reduce((mask, part) => mask | part.flags, 0),
    value: has('imputed') ? 'imputed' : has('corrected') ? 'corrected' : 'observed',
  };
}

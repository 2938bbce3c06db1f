import { wilsonInterval } from '../../calibration/audit/wilson-interval.ts';
import type { Direction } from '../../edge-agent/count/counter.ts';
import type { WalkProfileName } from '../../hardware/emulated/walks/walk-profiles.ts';
import { accuracyGoals } from './accuracy-goals.ts';
import type { CaseResult, CounterRun } from './accuracy-run.ts';

/** A share with what it was taken from and its Wilson 95 % interval. */
export interface Share {
  readonly of: number;
  readonly share: number;
  readonly wilson: readonly [number, number];
}

interface CounterScore {
  readonly recall: Share;
  readonly precision: Share;
  /** (counted − true) / true, both directions together. */
  readonly netError: number;
}

export interface AccuracyRow {
  readonly profile: WalkProfileName;
  readonly n: number;
  readonly ours: CounterScore;
  readonly threshold: CounterScore;
  readonly rejected: Readonly<Record<string, number>>;
  readonly goal: { readonly recall: number; readonly precision: number; readonly netError?: number };
  readonly reached: boolean;
  /** Share of counts of an interval and a direction whose 95 % interval contains the truth. */
  readonly standardError: Share;
  /** Mean of the standard errors stated for those counts, people. */
  readonly meanStandardError: number;
}

const shareOf = (part: number, of: number): Share => ({
  of,
  share: of === 0 ? Number.NaN : part / of,
  wilson: wilsonInterval(part, of),
});

/** One row of the table from all cases of a profile. */
export function accuracyRow(
  profile: WalkProfileName,
  results: readonly CaseResult[],
  intervalSeconds: number,
): AccuracyRow {
  const goal = accuracyGoals[profile];
  const ours = scoreOf(results, (result) => result.ours);
  const rejected: Record<string, number> = {};
  for (const { ours: run } of results) {
    for (const { reason } of run.rejections) rejected[reason] = (rejected[reason] ?? 0) + 1;
  }
  const intervals = results.flatMap((result) => intervalsOf(result, intervalSeconds));
  const contained = intervals.filter(({ counted, truth, standardError }) => {
    return Math.abs(counted - truth) <= 1.96 * standardError + 1e-9;
  });
  return {
    profile,
    n: ours.recall.of,
    ours,
    threshold: scoreOf(results, (result) => result.threshold),
    rejected,
    goal,
    reached:
      ours.recall.share >= goal.recall &&
      ours.precision.share >= goal.precision &&
      Math.abs(ours.netError) <= (goal.netError ?? Number.POSITIVE_INFINITY),
    standardError: shareOf(contained.length, intervals.length),
    meanStandardError:
      intervals.reduce((sum, each) => sum + each.standardError, 0) / Math.max(1, intervals.length),
  };
}

function scoreOf(results: readonly CaseResult[], runOf: (result: CaseResult) => CounterRun): CounterScore {
  let truth = 0;
  let counted = 0;
  let matched = 0;
  for (const result of results) {
    const run = runOf(result);
    truth += result.simulation.truth.crossings.length;
    counted += run.crossings.length;
    matched += run.match.pairs.length;
  }
  return {
    recall: shareOf(matched, truth),
    precision: shareOf(matched, counted),
    netError: (counted - truth) / Math.max(1, truth),
  };
}

/**
 * Counts and truths of every whole interval and direction. A matched crossing lies in the interval of
 * its counted time for both, so that only missed and invented ones make a difference.
 */
function intervalsOf({ simulation, ours }: CaseResult, intervalSeconds: number) {
  const count = Math.floor(simulation.durationSeconds / intervalSeconds);
  const indexOf = (atSeconds: number) => Math.floor(atSeconds / intervalSeconds);
  return (['in', 'out'] as const).flatMap((direction: Direction) => {
    const cells = Array.from({ length: count }, () => ({ counted: 0, truth: 0, variance: 0 }));
    const cellAt = (atSeconds: number) => cells[indexOf(atSeconds)];
    const { pairs, missed, invented } = ours.match;
    const tally = (atSeconds: number, what: 'counted' | 'truth') => {
      const cell = cellAt(atSeconds);
      if (cell !== undefined) cell[what]++;
    };
    for (const [, crossing] of pairs) {
      if (crossing.direction !== direction) continue;
      tally(crossing.atSeconds, 'counted');
      tally(crossing.atSeconds, 'truth');
    }
    for (const crossing of missed) if (crossing.direction === direction) tally(crossing.atSeconds, 'truth');
    for (const crossing of invented)
      if (crossing.direction === direction) tally(crossing.atSeconds, 'counted');
    for (const doubt of ours.doubts) {
      const cell = cellAt(doubt.atSeconds);
      if (cell !== undefined) cell.variance += direction === 'in' ? doubt.varianceIn : doubt.varianceOut;
    }
    return cells.map(({ counted, truth, variance }) => ({
      counted,
      truth,
      standardError: Math.sqrt(Math.max(0, variance)),
    }));
  });
}

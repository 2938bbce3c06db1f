import type { LineRole } from '../../contract/http-api.ts';
import { localClock, type Span } from '../local-time.ts';
import { scaled, sumOf, type Uncertain } from '../uncertain.ts';
import { comparableFrom, coverageOf, type MeasuredCell, type PeopleCell, peopleOf } from './people-cell.ts';

/** Two hours are told apart where their difference exceeds its counting error so many times. */
const deviations95 = 1.959964;

/** The hour of the local clock with most people on average over the days of a span, from its hours. */
export function measurePeakHour(
  span: Span,
  hours: readonly PeopleCell[],
  at: { role: LineRole; timeZone: string },
): MeasuredCell {
  const byHour = Map.groupBy(
    hours.filter(
      (cell) => !cell.merged && cell.coverage >= comparableFrom && peopleOf(cell, at.role) !== null,
    ),
    ({ span: { fromMs } }) => Math.floor(localClock(fromMs, at.timeZone).minuteOfDay / 60),
  );
  const means = [...byHour]
    .map(([localHour, cells]) => ({
      localHour,
      samples: cells.length,
      mean: scaled(sumOf(cells.map((cell) => peopleOf(cell, at.role)!)), 1 / cells.length),
    }))
    .sort((left, right) => right.mean.value - left.mean.value || left.localHour - right.localHour);
  const coverage = coverageOf(hours, span);
  const [first, second] = means;
  if (first === undefined) return { span, coverage, estimate: null };
  const { localHour, samples, mean } = first;
  const certain = second === undefined || isAbove(mean, second.mean);
  return { span, coverage, estimate: mean, localHour, samples, certain };
}

/** Both share their calibration, which moves both alike and changes no order. */
function isAbove(left: Uncertain, right: Uncertain): boolean {
  return left.value - right.value > deviations95 * Math.sqrt(left.variance + right.variance);
}

import type { LineKind } from '../contract/http-api.ts';
import type { CellQuery, CellSums } from './count-store.ts';
import { addSums, type Sums } from './minute.ts';
import { hourMs, LocalDays, quarterMs, sumsAt } from './roll-ups.ts';

/** The sums that a kind has; reading nothing else makes a year of hours twice as fast. */
export const namesOfKind = {
  crossing: ['measured', 'durationMs', 'coverageMs', 'flags', 'in', 'out', 'varianceIn', 'varianceOut'],
  motion: [
    ...['measured', 'durationMs', 'coverageMs', 'flags'],
    ...['activations', 'activeMs', 'orderedIn', 'orderedOut'],
  ] as (keyof Sums)[],
  presence: ['measured', 'durationMs', 'coverageMs', 'flags', 'frames', 'indicator', 'variance'],
} as const satisfies Record<LineKind, readonly (keyof Sums)[]>;

export type Level = 'quarters' | 'hours' | 'days';

/** Which level answers: the coarsest whose cells lie within those that were asked for. */
export function levelOf(query: CellQuery, zoneOfDays: LocalDays): Level | 'minutes' {
  const { fromMs, toMs, cellSeconds } = query;
  const on = (stepMs: number) => fromMs % stepMs === 0 && toMs % stepMs === 0;
  if (query.asOfMs !== undefined) return 'hours';
  if (cellSeconds === 86_400 && query.timeZone === zoneOfDays.timeZone && zoneOfDays.areStarts(query)) {
    return 'days';
  }
  if (cellSeconds >= 3600 && on(hourMs) && (cellSeconds === 3600 || daysOnHours(query))) return 'hours';
  return cellSeconds >= 900 && on(quarterMs) ? 'quarters' : 'minutes';
}

/** Hours can be laid into local days only where those begin on whole UTC hours. */
function daysOnHours({ fromMs, toMs, timeZone }: CellQuery): boolean {
  const days = new LocalDays(timeZone ?? 'UTC');
  return days.startOf(fromMs) % hourMs === 0 && days.startOf(toMs) % hourMs === 0;
}

/** Quarters summed into hours of UTC. */
export function inHours(quarters: readonly CellSums[]): Map<number, Sums> {
  const hours = new Map<number, Sums>();
  for (const { startMs, durationSeconds, coverageSeconds, activeSeconds, ...rest } of quarters) {
    addSums(sumsAt(hours, startMs - (startMs % hourMs)), {
      ...rest,
      durationMs: durationSeconds * 1000,
      coverageMs: coverageSeconds * 1000,
      activeMs: activeSeconds * 1000,
    });
  }
  return hours;
}

/** The port's shape of sums. Written out: a year of hours is made of 8,760 of these. */
export function cellSums(startMs: number, sums: Sums): CellSums {
  return {
    startMs,
    measured: sums.measured,
    durationSeconds: sums.durationMs / 1000,
    coverageSeconds: sums.coverageMs / 1000,
    in: sums.in,
    out: sums.out,
    varianceIn: sums.varianceIn,
    varianceOut: sums.varianceOut,
    activations: sums.activations,
    activeSeconds: sums.activeMs / 1000,
    orderedIn: sums.orderedIn,
    orderedOut: sums.orderedOut,
    frames: sums.frames,
    indicator: sums.indicator,
    variance: sums.variance,
    flags: sums.flags,
  };
}

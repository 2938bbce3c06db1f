import type { Crossing } from '../../edge-agent/count/counter.ts';
import type { TrueCrossing } from '../../hardware/emulated/walks/truth.ts';

/** A match is a crossing of the same direction within this time of the true one. */
const matchSeconds = 1.5;

export interface CrossingMatch {
  readonly pairs: readonly (readonly [TrueCrossing, Crossing])[];
  readonly missed: readonly TrueCrossing[];
  readonly invented: readonly Crossing[];
}

/**
 * Pairs true and counted crossings one to one, as many as can be: each counted crossing, in time order,
 * takes the true one whose window closes first (which is the largest matching of points to windows
 * of times).
 */
export function matchCrossings(truth: readonly TrueCrossing[], counted: readonly Crossing[]): CrossingMatch {
  const pairs: [TrueCrossing, Crossing][] = [];
  const missed: TrueCrossing[] = [];
  const invented: Crossing[] = [];
  for (const direction of ['in', 'out'] as const) {
    let open = truth.filter((crossing) => crossing.direction === direction).map(windowOf);
    const points = counted.filter((crossing) => crossing.direction === direction);
    for (const point of points.sort((one, next) => one.atSeconds - next.atSeconds)) {
      missed.push(...open.filter(({ to }) => to < point.atSeconds).map(({ crossing }) => crossing));
      open = open.filter(({ to }) => to >= point.atSeconds);
      const fitting = open.filter(({ from }) => from <= point.atSeconds);
      const first = fitting.sort((one, next) => one.to - next.to)[0];
      if (first === undefined) {
        invented.push(point);
        continue;
      }
      open = open.filter((window) => window !== first);
      pairs.push([first.crossing, point]);
    }
    missed.push(...open.map(({ crossing }) => crossing));
  }
  return { pairs, missed, invented };
}

function windowOf(crossing: TrueCrossing) {
  return {
    crossing,
    from: crossing.atSeconds - matchSeconds,
    to: (crossing.untilSeconds ?? crossing.atSeconds) + matchSeconds,
  };
}

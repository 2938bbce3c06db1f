import type { Contribution } from './line-counts.ts';

/** What all sensors of a line counted in one source cell. */
export interface LineSums {
  readonly startMs: number;
  in: number;
  out: number;
  varianceIn: number;
  varianceOut: number;
  coverageSeconds: number;
  flags: number;
}

/** Adds the sensors of a line, cell by cell; one that hangs the other way round has its directions exchanged. */
export function lineSums(contributions: readonly Contribution[]): LineSums[] {
  const cells = new Map<number, LineSums>();
  for (const { sign, sums } of contributions) {
    for (const part of sums) {
      let cell = cells.get(part.startMs);
      if (cell === undefined) {
        cell = {
          startMs: part.startMs,
          in: 0,
          out: 0,
          varianceIn: 0,
          varianceOut: 0,
          coverageSeconds: 0,
          flags: 0,
        };
        cells.set(part.startMs, cell);
      }
      cell.in += sign === 1 ? part.in : part.out;
      cell.out += sign === 1 ? part.out : part.in;
      cell.varianceIn += sign === 1 ? part.varianceIn : part.varianceOut;
      cell.varianceOut += sign === 1 ? part.varianceOut : part.varianceIn;
      cell.coverageSeconds += part.coverageSeconds;
      cell.flags |= part.flags;
    }
  }
  return [...cells.values()].sort((left, right) => left.startMs - right.startMs);
}

import { ratioOf, scaled, type Uncertain } from '../uncertain.ts';

/** Longer ways from a street's line to a door are not a way to this door. */
export const lagMinutesMax = 60;
/** Below this correlation of the changes the two courses do not tell a lag. */
const correlationMin = 0.2;
/** Two days of 5-minute cells hold enough changes to tell one lag from another. */
const cellsMin = 576;

export interface FoundLag {
  readonly cells: number;
  readonly correlation: number;
}

/**
 * How many cells later the door follows the street: the lag at which the changes from cell to cell
 * correlate best. Changes and not levels, because the common course of the day correlates at every
 * lag. Null where the courses are too short or too different. Missing cells are NaN.
 */
export function findLag(
  street: readonly number[],
  door: readonly number[],
  lagCellsMax: number,
): FoundLag | null {
  if (street.length < cellsMin || street.length !== door.length) return null;
  const [streetChanges, doorChanges] = [changesOf(street), changesOf(door)];
  let best: FoundLag | null = null;
  for (let cells = 0; cells <= lagCellsMax; cells += 1) {
    const correlation = correlationOf(streetChanges, doorChanges, cells);
    if (best === null || correlation > best.correlation) best = { cells, correlation };
  }
  return best !== null && best.correlation >= correlationMin ? best : null;
}

/** Entrances per 100 passers-by; null where nobody passed or one of the two was not looked at. */
export function captureRate(entrances: Uncertain | null, passersBy: Uncertain | null): Uncertain | null {
  if (entrances === null || passersBy === null) return null;
  const ratio = ratioOf(entrances, passersBy);
  return ratio === null ? null : scaled(ratio, 100);
}

/** Square roots first: the scatter of a count grows with its root, and busy hours would decide alone. */
function changesOf(values: readonly number[]): number[] {
  return values.map((value, at) =>
    at === 0 ? Number.NaN : Math.sqrt(Math.max(0, value)) - Math.sqrt(Math.max(0, values[at - 1]!)),
  );
}

function correlationOf(street: readonly number[], door: readonly number[], lag: number): number {
  let [n, sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0, 0];
  for (let at = lag; at < door.length; at += 1) {
    const [x, y] = [street[at - lag]!, door[at]!];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    n += 1;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumYY += y * y;
    sumXY += x * y;
  }
  const below = Math.sqrt((n * sumXX - sumX ** 2) * (n * sumYY - sumY ** 2));
  return below > 0 ? (n * sumXY - sumX * sumY) / below : 0;
}

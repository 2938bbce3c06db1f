import { pathStepSeconds, type WalkPath } from './walk-path.ts';

type TruthDirection = 'in' | 'out';

/**
 * One person who passed the line. `atSeconds` is when the body's centre passes it. For somebody who
 * stopped on it any time up to `untilSeconds`, the setting off for good, is as right.
 */
export interface TrueCrossing {
  readonly atSeconds: number;
  readonly direction: TruthDirection;
  readonly untilSeconds?: number;
}

/** Something that came under the sensor and is no crossing. */
export interface OtherEvent {
  readonly atSeconds: number;
  readonly kind: 'uturn' | 'linger' | 'object' | 'door';
}

export interface Truth {
  readonly crossings: readonly TrueCrossing[];
  readonly other: readonly OtherEvent[];
}

/** Who comes at most this far past the line … */
const turnBackDepthM = 0.5;
/** … and is back within this time has turned back, not crossed twice. */
const turnBackSeconds = 5;
/** A body slower than this stands. */
const standingMetresPerSecond = 0.15;
/** Standing this near the line is standing on it. */
const onTheLineM = 0.5;

interface Passing {
  readonly point: number;
  readonly direction: TruthDirection;
}

/** Reads the truth off a person's path. Somebody near the line who never passes it is an `other`. */
export function truthOfPath(path: WalkPath, reachM: number): Truth {
  const passings = withoutTurnsBack(path, passingsOf(path));
  const crossings = passings.kept.map((passing, index) => {
    const end = passings.kept[index + 1]?.point ?? path.points - 1;
    return crossingOf(path, passing, end);
  });
  if (crossings.length > 0) return { crossings, other: [] };
  const nearest = nearestPoint(path);
  if (Math.abs(path.xAt(nearest)) > reachM) return { crossings, other: [] };
  const kind = longestStandSeconds(path) >= 3 ? 'linger' : 'uturn';
  return { crossings, other: [{ atSeconds: path.secondsAt(nearest), kind }] };
}

function passingsOf(path: WalkPath): Passing[] {
  const passings: Passing[] = [];
  for (let point = 1; point < path.points; point++) {
    const before = path.xAt(point - 1);
    const now = path.xAt(point);
    if (before < 0 && now >= 0) passings.push({ point, direction: 'in' });
    else if (before >= 0 && now < 0) passings.push({ point, direction: 'out' });
  }
  return passings;
}

/** Strikes out pairs of passings that only dipped over the line. */
function withoutTurnsBack(path: WalkPath, passings: readonly Passing[]): { kept: Passing[] } {
  const kept: Passing[] = [];
  for (const passing of passings) {
    const last = kept.at(-1);
    if (last !== undefined && isTurnBack(path, last.point, passing.point)) kept.pop();
    else kept.push(passing);
  }
  return { kept };
}

function isTurnBack(path: WalkPath, from: number, to: number): boolean {
  if ((to - from) * pathStepSeconds > turnBackSeconds) return false;
  for (let point = from; point < to; point++) {
    if (Math.abs(path.xAt(point)) > turnBackDepthM) return false;
  }
  return true;
}

function crossingOf(path: WalkPath, passing: Passing, end: number): TrueCrossing {
  const before = path.xAt(passing.point - 1);
  const now = path.xAt(passing.point);
  const share = before / (before - now);
  const atSeconds = path.secondsAt(passing.point - 1) + share * pathStepSeconds;
  let setOff = passing.point;
  for (let point = passing.point; point < end && Math.abs(path.xAt(point)) <= onTheLineM; point++) {
    const speed = Math.abs(path.xAt(point + 1) - path.xAt(point)) / pathStepSeconds;
    if (speed < standingMetresPerSecond) setOff = point;
  }
  const untilSeconds = path.secondsAt(setOff);
  const base = { atSeconds, direction: passing.direction };
  return untilSeconds > atSeconds + 1 ? { ...base, untilSeconds } : base;
}

function nearestPoint(path: WalkPath): number {
  let nearest = 0;
  for (let point = 1; point < path.points; point++) {
    if (Math.abs(path.xAt(point)) < Math.abs(path.xAt(nearest))) nearest = point;
  }
  return nearest;
}

function longestStandSeconds(path: WalkPath): number {
  let run = 0;
  let longest = 0;
  for (let point = 1; point < path.points; point++) {
    const speed = Math.abs(path.xAt(point) - path.xAt(point - 1)) / pathStepSeconds;
    run = speed < standingMetresPerSecond ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest * pathStepSeconds;
}

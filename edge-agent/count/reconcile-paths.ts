import { turnSecondsMin } from './head-matching.ts';
import type { HeightTrace } from './height-trace.ts';
import type { PathCandidate } from './path-candidate.ts';
import { standingSeconds } from './walk-judge.ts';

/** What the paths of one cluster say about each other. */

/** Two who follow each other cannot have their heads nearer: chest, back and half a step. */
const nearestFollowerMm = 370;

/** An arm, a knee or a bag before or behind a body is lower and shorter by as much … */
const limbShare = 0.75;

/** … and no farther from the head than an arm reaches. */
const limbReachMm = 600;

/** Joins passings the same way that are too near to be two people: head and rucksack, head and arm. */
export function mergeNear(paths: PathCandidate[]): void {
  for (let index = paths.length - 1; index > 0; index--) {
    const path = paths[index]!;
    const before = paths[index - 1]!;
    if (path.direction === null || path.direction !== before.direction) continue;
    const speed = 0.5 * (path.speedMmPerSecond + before.speedMmPerSecond);
    const apartMm = Math.abs(path.atSeconds - before.atSeconds) * speed;
    const taller = path.heightMm > before.heightMm ? path : before;
    const lower = taller === path ? before : path;
    const isLimb =
      lower.heightMm < limbShare * taller.heightMm && lower.widthSeconds < limbShare * taller.widthSeconds;
    if (apartMm > (isLimb ? limbReachMm : nearestFollowerMm)) continue;
    taller.startSeconds = Math.min(path.startSeconds, before.startSeconds);
    taller.endSeconds = Math.max(path.endSeconds, before.endSeconds);
    paths.splice(index - 1, 2, taller);
  }
}

/** Notes how far the far side emptied between two passings the opposite way. */
export function measureValleys(paths: PathCandidate[], outside: HeightTrace, inside: HeightTrace): void {
  for (let index = 1; index < paths.length; index++) {
    const before = paths[index - 1]!;
    const path = paths[index]!;
    if (path.direction === null || before.direction === null || path.direction === before.direction) continue;
    const far = before.direction === 'in' ? inside : outside;
    const from = far.indexAt(Math.min(before.atSeconds, path.atSeconds));
    const to = far.indexAt(Math.max(before.atSeconds, path.atSeconds));
    let lowest = Math.min(before.heightMm, path.heightMm);
    for (let reading = from; reading < to; reading++) lowest = Math.min(lowest, far.height[reading]!);
    path.valleyShare = Math.max(0, lowest) / Math.min(before.heightMm, path.heightMm);
  }
}

/** Two who meet under the sensor are both through within this; somebody who turns takes longer. */
const meetingSecondsMax = 0.95;

/** Whoever turns beyond the line is still seen there by the far side, at least so much of them. */
const stayedShare = 0.3;

/** One body reads the same both ways within this: stoop, hair and where the head is in the zone. */
const sameBodyMm = 250;

/** Two who meet are both seen by both sides; who turns round seldom gets under the far one. */
const meetingEvenness = 0.85;

/**
 * Strikes out ways to and fro in one cluster: somebody was near the line all the time, so whoever
 * went one way and later the other is one body that turned or swayed.
 */
export function cancelSways(paths: PathCandidate[], isTurn: boolean): void {
  let last: PathCandidate | null = null;
  for (const path of paths) {
    if (path.direction === null) continue;
    if (last === null || last.direction === path.direction) {
      last = path;
      continue;
    }
    if (path.isMeeting && last.isMeeting) {
      last = path;
      continue;
    }
    const gap = path.atSeconds - last.atSeconds;
    const span = Math.max(path.endSeconds, last.endSeconds) - Math.min(path.startSeconds, last.startSeconds);
    const isEven = Math.min(path.evenness, last.evenness) > meetingEvenness;
    const isOther = path.valleyShare < stayedShare || Math.abs(path.heightMm - last.heightMm) > sameBodyMm;
    if (isOther || (gap < turnSecondsMin && (!isTurn || (span < meetingSecondsMax && isEven)))) {
      last = path;
      continue;
    }
    last.direction = null;
    last.reason = span > standingSeconds ? 'lingered' : 'turned-back';
    path.direction = null;
    path.reason = 'turned-back';
    path.isEcho = true;
    last = null;
  }
  for (let index = paths.length - 1; index >= 0; index--) if (paths[index]!.isEcho) paths.splice(index, 1);
}

/** Rise and fall of one walk have the same lag within this share of its width. */
const plainAsymmetry = 0.25;

/** A single walk whose rise and fall agree, too quick for a turn or with one lag throughout. */
export function isPlain(path: PathCandidate): boolean {
  if (!path.isClean || path.widthSeconds > standingSeconds) return false;
  return path.widthSeconds < turnSecondsMin || path.asymmetry < plainAsymmetry;
}

import { standingPose, type WalkPath } from './walk-path.ts';

/** Two bodies' middles are never nearer than this: shoulders touch, bodies do not pass through each other. */
const elbowRoomM = 0.3;
/** Beyond this from the line nobody is seen, and people have room to step aside. */
const lookedAtM = 1.2;
/** At 3 m/s towards each other two people come 0.6 m nearer in this time. */
const checkSeconds = 0.1;

/** Whether anybody of `comers` would walk through somebody of `present`. */
export function collide(comers: readonly WalkPath[], present: readonly WalkPath[]): boolean {
  return comers.some((comer) => present.some((other) => pathsCollide(comer, other)));
}

function pathsCollide(one: WalkPath, other: WalkPath): boolean {
  const from = Math.max(one.startsAtSeconds, other.startsAtSeconds);
  const to = Math.min(one.endsAtSeconds, other.endsAtSeconds);
  const here = standingPose();
  const there = standingPose();
  for (let at = from; at <= to; at += checkSeconds) {
    one.locate(at, here);
    if (Math.abs(here.x) > lookedAtM) continue;
    other.locate(at, there);
    if (Math.hypot(here.x - there.x, here.y - there.y) < elbowRoomM) return true;
  }
  return false;
}

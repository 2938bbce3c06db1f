import type { SeededRandom } from './seeded-random.ts';
import { pathStepSeconds, WalkPath } from './walk-path.ts';

/** What somebody does next: walk to a place on the axis, or stand. Places are metres past the line. */
export type Step =
  | { readonly kind: 'walk'; readonly to: number; readonly speed: number }
  | { readonly kind: 'stand'; readonly seconds: number };

export interface WalkPlan {
  readonly startsAtSeconds: number;
  /** 1 walks inwards, -1 outwards. Places in `steps` are counted along this direction. */
  readonly towards: 1 | -1;
  readonly from: number;
  /** Metres off the sensor's axis where the line is passed. */
  readonly lateral: number;
  readonly steps: readonly Step[];
  /** As in walk-habits.ts; 1 by default. */
  readonly restlessness?: number;
}

/** Nobody takes minutes for one walk past a door: bounds a plan that never arrives. */
const walkPointsMax = 400 / pathStepSeconds;

/** Smooth, small, slow deviations of one person's speed and line. */
function wander(random: SeededRandom) {
  const slant = random.normalBetween({ mean: 0, deviation: 0.07 }, -0.2, 0.2);
  const weave = random.between(0.005, 0.035);
  const weavePhase = random.between(0, 2 * Math.PI);
  const surge = random.between(0.03, 0.12);
  const surgeSeconds = random.between(1.2, 5);
  const surgePhase = random.between(0, 2 * Math.PI);
  return {
    lateralAt: (place: number) => slant * place + weave * Math.sin(2.2 * place + weavePhase),
    speedAt: (seconds: number) => 1 + surge * Math.sin((2 * Math.PI * seconds) / surgeSeconds + surgePhase),
  };
}

/**
 * A walk as people walk: never at one speed, never on a straight line, with time to stop and to set
 * off. Lengths in metres.
 */
export function humanWalk(plan: WalkPlan, random: SeededRandom): WalkPath {
  const { lateralAt, speedAt } = wander(random);
  const accelerate = random.between(1.4, 2.6);
  const points: { x: number; y: number; heading: number }[] = [];
  let place = plan.from;
  let speed = plan.steps[0]?.kind === 'walk' ? plan.steps[0].speed : 0;
  let facing = 1;
  const record = () => {
    const turn = plan.towards * facing > 0 ? 0 : Math.PI;
    points.push({ x: plan.towards * place, y: plan.lateral + lateralAt(place), heading: turn });
  };
  record();
  plan.steps.forEach((step, index) => {
    if (step.kind === 'stand') {
      speed = 0;
      const stood = place;
      const count = Math.min(Math.round(step.seconds / pathStepSeconds), walkPointsMax - points.length);
      const shuffle = shuffling(random, stood, plan.restlessness ?? 1);
      for (let point = 1; point <= count; point++) {
        place = stood + shuffle(point * pathStepSeconds, (count - point) * pathStepSeconds);
        record();
      }
      place = stood;
      return;
    }
    const sign = step.to >= place ? 1 : -1;
    const next = plan.steps[index + 1];
    const stops = next !== undefined && (next.kind === 'stand' || Math.sign(next.to - step.to) !== sign);
    if (sign !== facing) speed = 0;
    facing = sign;
    while (points.length < walkPointsMax) {
      const left = sign * (step.to - place);
      if (left <= 0.004) break;
      const wanted = step.speed * speedAt(points.length * pathStepSeconds);
      const allowed = stops ? Math.sqrt(2 * accelerate * left) : wanted;
      const goal = Math.max(0.05, Math.min(wanted, allowed));
      speed = goal > speed ? Math.min(goal, speed + accelerate * pathStepSeconds) : goal;
      place += sign * Math.min(left, speed * pathStepSeconds);
      record();
    }
  });
  return new WalkPath(plan.startsAtSeconds, smoothTurns(points));
}

/** Who stands shifts from foot to foot, but not over the line: that would be another truth. */
function shuffling(
  random: SeededRandom,
  place: number,
  restlessness: number,
): (since: number, left: number) => number {
  const size = restlessness * Math.max(0, Math.min(random.between(0.02, 0.09), Math.abs(place) - 0.03));
  const slow = 2 * Math.PI * random.between(0.08, 0.16);
  const slower = 2 * Math.PI * random.between(0.02, 0.06);
  return (since, left) => {
    const fade = Math.min(1, since / 1.5, left / 1.5);
    return size * fade * (0.7 * Math.sin(slow * since) + 0.3 * Math.sin(slower * since));
  };
}

/** People turn about within half a second, not between two instants. */
function smoothTurns(points: readonly { x: number; y: number; heading: number }[]) {
  const reach = Math.round(0.25 / pathStepSeconds);
  return points.map((point, at) => {
    let sum = 0;
    for (let shift = -reach; shift <= reach; shift++) {
      sum += points[Math.min(points.length - 1, Math.max(0, at + shift))]!.heading;
    }
    return { ...point, heading: sum / (2 * reach + 1) };
  });
}

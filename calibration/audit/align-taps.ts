import type { Crossing, Direction } from '../../edge-agent/count/counter.ts';
import { type PassageTap, peopleOf } from './passage-tap.ts';

/**
 * Costs are negative logarithms of how likely things are. What they say: a lag that scatters by 0.4 s
 * costs as a normal error does, and beyond two of these only linearly (somebody looks away); missing
 * somebody and inventing somebody are each about as rare as 1 in 50, a wrong direction 1 in 30. So a
 * tap and a crossing of one direction belong together up to 2.0 s, of opposite ones up to 1.3 s.
 */
export const alignmentCosts = {
  lagDeviationSeconds: 0.4,
  missed: 4,
  invented: 4,
  wrongDirection: 3.5,
  /** A crossing explained by a tap that says nobody crossed. */
  countedNobody: 0.5,
  /** Turning back takes seconds, so its one tap is less exact by as much. */
  nobodyDeviationSeconds: 0.8,
} as const;

/** Further apart than this a tap and a crossing are never about the same person. */
export const reachSeconds = 2.5;

/** A second count of one person comes within this; further away it was of somebody nobody tapped. */
const doubleSeconds = 1.5;

/**
 * How late a person taps who sees somebody pass: learned within these bounds, because outside them
 * it is no reaction but another passage. Before anything is known: 0.35 ± 0.3 s (a simple visual
 * reaction takes 0.2–0.3 s, choosing among keys a little longer).
 */
export const lagBounds = { leastSeconds: -0.3, mostSeconds: 1.2 } as const;
const lagExpected = { seconds: 0.35, deviationSeconds: 0.3 } as const;
/** A twentieth of a second at most beside the best lag costs less than a hundredth of a match. */
const lagStepSeconds = 0.1;

/** One person whom the observer tapped, or (direction null) a place for what should not have been counted. */
interface Expected {
  readonly tap: PassageTap;
  readonly direction: Direction | null;
}

export type Alignment = {
  /** By how much taps come later than crossings. */
  readonly lagSeconds: number;
  readonly outcomes: readonly Outcome[];
};

export type Outcome =
  | { readonly kind: 'counted' | 'wrong-direction'; readonly tap: PassageTap; readonly crossing: Crossing }
  | { readonly kind: 'missed'; readonly tap: PassageTap }
  /** Counted although the observer says that nobody crossed. */
  | { readonly kind: 'counted-nobody'; readonly tap: PassageTap; readonly crossing: Crossing }
  /** Nobody crossed and nobody was counted. */
  | { readonly kind: 'rightly-rejected'; readonly tap: PassageTap }
  /** A second count of somebody who was counted already. */
  | { readonly kind: 'double'; readonly tap: PassageTap; readonly crossing: Crossing }
  | { readonly kind: 'invented'; readonly crossing: Crossing };

/**
 * Aligns taps and crossings one by one at the least total cost, keeping the order of both except that
 * two neighbours may be exchanged (who meets under the sensor is tapped in either order). The lag is
 * the one of the bounds' grid at which the alignment is cheapest.
 */
export function alignTaps(taps: readonly PassageTap[], crossings: readonly Crossing[]): Alignment {
  const expected = [...taps].sort((one, next) => one.atSeconds - next.atSeconds).flatMap(expectedOf);
  const counted = [...crossings].sort((one, next) => one.atSeconds - next.atSeconds);
  const parts = independentParts(expected, counted);
  let best = { cost: Number.POSITIVE_INFINITY, lagSeconds: lagExpected.seconds as number };
  const steps = Math.round((lagBounds.mostSeconds - lagBounds.leastSeconds) / lagStepSeconds);
  for (let step = 0; step <= steps; step++) {
    const lagSeconds = lagBounds.leastSeconds + step * lagStepSeconds;
    let cost = ((lagSeconds - lagExpected.seconds) / lagExpected.deviationSeconds) ** 2 / 2;
    for (const part of parts) cost += alignPart(part, lagSeconds).cost;
    if (cost < best.cost - 1e-9) best = { cost, lagSeconds };
  }
  const matched = parts.flatMap((part) => alignPart(part, best.lagSeconds).matches());
  return { lagSeconds: best.lagSeconds, outcomes: outcomesOf(matched, best.lagSeconds) };
}

function expectedOf(tap: PassageTap): Expected[] {
  const people = peopleOf(tap);
  // Who turns back may have been counted twice: once in, once out.
  if (people === 0) return [0, 1].map(() => ({ tap, direction: null }));
  return Array.from({ length: people }, () => ({ tap, direction: tap.direction }));
}

interface Part {
  readonly expected: readonly Expected[];
  readonly counted: readonly Crossing[];
}

/** Cuts where a pause is so long that nothing on its one side can belong to anything on the other. */
function independentParts(expected: readonly Expected[], counted: readonly Crossing[]): Part[] {
  const pauseSeconds = reachSeconds + Math.max(lagBounds.mostSeconds, -lagBounds.leastSeconds);
  const parts: { expected: Expected[]; counted: Crossing[] }[] = [];
  let lastSeconds = Number.NEGATIVE_INFINITY;
  let e = 0;
  let c = 0;
  while (e < expected.length || c < counted.length) {
    const tapAt = expected[e]?.tap.atSeconds ?? Number.POSITIVE_INFINITY;
    const countAt = counted[c]?.atSeconds ?? Number.POSITIVE_INFINITY;
    const atSeconds = Math.min(tapAt, countAt);
    if (atSeconds - lastSeconds > pauseSeconds) parts.push({ expected: [], counted: [] });
    lastSeconds = atSeconds;
    if (tapAt <= countAt) parts.at(-1)!.expected.push(expected[e++]!);
    else parts.at(-1)!.counted.push(counted[c++]!);
  }
  return parts;
}

type Match = { readonly expected?: Expected; readonly crossing?: Crossing };
type Step = 'missed' | 'invented' | 'match' | 'exchange' | 'start';

/** The table of least costs of one part: rows are expected people, columns crossings. */
function alignPart({ expected, counted }: Part, lagSeconds: number) {
  const columns = counted.length + 1;
  const cost = new Float64Array((expected.length + 1) * columns).fill(Number.POSITIVE_INFINITY);
  const step: Step[] = new Array<Step>(cost.length).fill('start');
  cost[0] = 0;
  const offer = (at: number, value: number, kind: Step) => {
    if (value < cost[at]!) {
      cost[at] = value;
      step[at] = kind;
    }
  };
  const pairCost = (e: number, c: number) => matchCost(expected[e]!, counted[c]!, lagSeconds);
  for (let e = 0; e <= expected.length; e++) {
    for (let c = 0; c <= counted.length; c++) {
      const at = e * columns + c;
      if (e > 0) offer(at, cost[at - columns]! + missCost(expected[e - 1]!), 'missed');
      if (c > 0) offer(at, cost[at - 1]! + alignmentCosts.invented, 'invented');
      if (e > 0 && c > 0) offer(at, cost[at - columns - 1]! + pairCost(e - 1, c - 1), 'match');
      if (e > 1 && c > 1) {
        const crossed = pairCost(e - 1, c - 2) + pairCost(e - 2, c - 1);
        offer(at, cost[at - 2 * columns - 2]! + crossed, 'exchange');
      }
    }
  }
  const matches = () => tracedBack({ expected, counted }, step);
  return { cost: cost.at(-1)!, matches };
}

function tracedBack({ expected, counted }: Part, step: readonly Step[]): Match[] {
  const found: Match[] = [];
  let e = expected.length;
  let c = counted.length;
  const pair = (at: number, count: number) =>
    found.push({ expected: expected[at]!, crossing: counted[count]! });
  while (e > 0 || c > 0) {
    const kind = step[e * (counted.length + 1) + c];
    if (kind === 'missed') found.push({ expected: expected[--e]! });
    else if (kind === 'invented') found.push({ crossing: counted[--c]! });
    else if (kind === 'match') pair(--e, --c);
    else {
      pair(e - 1, c - 2);
      pair(e - 2, c - 1);
      e -= 2;
      c -= 2;
    }
  }
  return found.reverse();
}

const missCost = ({ direction }: Expected) => (direction === null ? 0 : alignmentCosts.missed);

function matchCost({ tap, direction }: Expected, crossing: Crossing, lagSeconds: number): number {
  const apartSeconds = Math.abs(tap.atSeconds - lagSeconds - crossing.atSeconds);
  if (apartSeconds > reachSeconds) return Number.POSITIVE_INFINITY;
  const nobody = direction === null;
  const { lagDeviationSeconds, nobodyDeviationSeconds } = alignmentCosts;
  const z = apartSeconds / (nobody ? nobodyDeviationSeconds : lagDeviationSeconds);
  // Huber's loss: quadratic to two deviations, linear beyond.
  const late = z <= 2 ? z ** 2 / 2 : 2 * z - 2;
  if (nobody) return late + alignmentCosts.countedNobody;
  return direction === crossing.direction ? late : late + alignmentCosts.wrongDirection;
}

function outcomesOf(matches: readonly Match[], lagSeconds: number): Outcome[] {
  const people = matches.flatMap(({ expected }) => (expected?.direction ? [expected.tap] : []));
  const taken = new Set(
    matches.flatMap(({ expected, crossing }) => (crossing && expected ? [expected.tap] : [])),
  );
  const silent = new Set<PassageTap>();
  return matches.flatMap(({ expected, crossing }): Outcome[] => {
    if (expected === undefined) return [unasked(crossing!, { people, taken, lagSeconds })];
    const { tap, direction } = expected;
    if (direction !== null && crossing === undefined) return [{ kind: 'missed', tap }];
    if (direction === null && crossing === undefined) {
      // One tap has two places: they are one rejection, and none where either of them is taken.
      if (taken.has(tap) || silent.has(tap)) return [];
      silent.add(tap);
      return [{ kind: 'rightly-rejected', tap }];
    }
    if (direction === null) return [{ kind: 'counted-nobody', tap, crossing: crossing! }];
    return [
      { kind: direction === crossing!.direction ? 'counted' : 'wrong-direction', tap, crossing: crossing! },
    ];
  });
}

/** A crossing that no tap asks for: near somebody who was counted it is a double. */
function unasked(
  crossing: Crossing,
  near: {
    readonly people: readonly PassageTap[];
    readonly taken: ReadonlySet<PassageTap>;
    readonly lagSeconds: number;
  },
): Outcome {
  const apart = (tap: PassageTap) => Math.abs(tap.atSeconds - near.lagSeconds - crossing.atSeconds);
  const [nearest] = near.people
    .filter((tap) => near.taken.has(tap) && apart(tap) <= doubleSeconds)
    .sort((one, next) => apart(one) - apart(next));
  return nearest ? { kind: 'double', tap: nearest, crossing } : { kind: 'invented', crossing };
}

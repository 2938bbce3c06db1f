import { type Actor, type CompanionObject, type Door, Person } from './actor.ts';
import type { DoorSwing } from './door-leaf.ts';
import { humanWalk, type Step } from './human-walk.ts';
import type { PersonBody } from './person-body.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type OtherEvent, type TrueCrossing, truthOfPath } from './truth.ts';
import type { WalkHabits } from './walk-habits.ts';
import type { WalkPath } from './walk-path.ts';

/** People and things that come together. */
export interface Party {
  readonly actors: readonly Actor[];
  readonly crossings: readonly TrueCrossing[];
  readonly other: readonly OtherEvent[];
  readonly endsAtSeconds: number;
  /** Where its people walk. */
  readonly paths: readonly WalkPath[];
  readonly swing?: DoorSwing;
}

export interface PartyContext {
  readonly random: SeededRandom;
  readonly startsAtSeconds: number;
  /** The door of the passage, in profiles that have one. */
  readonly door?: Door | undefined;
  readonly habits: WalkHabits;
  /** Free width of the passage, metres: nobody walks through its walls. */
  readonly widthM: number;
  /** Paths walked by real people, turned so that they lead along the axis. */
  readonly tracks?: readonly TrackShape[] | undefined;
}

/** A real track: places in metres, one every `pathStepSeconds`, passing the origin. */
export type TrackShape = (startsAtSeconds: number, towards: 1 | -1, lateral: number) => WalkPath;

/** Where a walk begins and ends, metres from the line: out of sight at 3 m mounting height. */
export const approachM = 1.8;
/** Nobody's middle comes nearer to a wall than this, metres. */
const shoulderRoomM = 0.26;
/** Somebody nearer to the line than this has been seen, metres. */
const noticedM = 0.55;

/** Inwards or outwards, evenly. */
export const towardsEither = (random: SeededRandom): 1 | -1 => (random.chance(0.5) ? 1 : -1);
/** How far off the sensor's axis a lone walker passes, metres. */
export const lateralOf = ({ random, habits }: Pick<PartyContext, 'random' | 'habits'>) =>
  random.normalBetween({ mean: 0, deviation: habits.lateralDeviationM }, -0.3, 0.3);

export interface Walker {
  readonly body: PersonBody;
  readonly path: WalkPath;
}

/** Gathers walkers and things into a party and reads off the truth. */
export function partyOf(walkers: readonly Walker[], things: readonly CompanionObject[] = []): Party {
  const crossings: TrueCrossing[] = [];
  const other: OtherEvent[] = [];
  let endsAtSeconds = 0;
  for (const { path } of walkers) {
    const truth = truthOfPath(path, noticedM);
    crossings.push(...truth.crossings);
    other.push(...truth.other);
    endsAtSeconds = Math.max(endsAtSeconds, path.endsAtSeconds);
  }
  for (const thing of things) {
    endsAtSeconds = Math.max(endsAtSeconds, thing.endsAtSeconds);
    const atSeconds = thing.passesAtSeconds();
    if (atSeconds !== null) other.push({ atSeconds, kind: 'object' });
  }
  const people = walkers.map(({ body, path }) => new Person(body, path));
  const paths = walkers.map(({ path }) => path);
  return { actors: [...people, ...things], crossings, other, endsAtSeconds, paths };
}

export interface Passage {
  readonly towards: 1 | -1;
  readonly speed: number;
  readonly lateral: number;
  /** Seconds after the party's start. */
  readonly delaySeconds?: number;
}

/** The path of somebody who walks straight through. */
export function passage(
  context: PartyContext,
  { towards, speed, lateral, delaySeconds = 0 }: Passage,
): WalkPath {
  const startsAtSeconds = context.startsAtSeconds + delaySeconds;
  const free = context.widthM / 2 - shoulderRoomM;
  const within = Math.min(free, Math.max(-free, lateral));
  const steps: Step[] = [{ kind: 'walk', to: approachM, speed }];
  return humanWalk({ startsAtSeconds, towards, from: -approachM, lateral: within, steps }, context.random);
}

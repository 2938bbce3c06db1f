import { type Actor, CompanionObject, type Door, Person } from './actor.ts';
import type { DoorSwing } from './door-leaf.ts';
import { humanWalk, type Step } from './human-walk.ts';
import { drawObject, type ObjectKind } from './moved-object.ts';
import { drawAdult, drawChild, drawSeated, type PersonBody } from './person-body.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type OtherEvent, type TrueCrossing, truthOfPath } from './truth.ts';
import type { WalkPath } from './walk-path.ts';

/** People and things that come together. */
export interface Party {
  readonly actors: readonly Actor[];
  readonly crossings: readonly TrueCrossing[];
  readonly other: readonly OtherEvent[];
  readonly endsAtSeconds: number;
  readonly swing?: DoorSwing;
}

export interface PartyContext {
  readonly random: SeededRandom;
  readonly startsAtSeconds: number;
  /** The door of the passage, in profiles that have one. */
  readonly door?: Door;
  /** Free width of the passage, metres: nobody walks through its walls. */
  readonly widthM: number;
  /** Paths walked by real people, turned so that they lead along the axis. */
  readonly tracks?: readonly TrackShape[];
}

/** A real track: places in metres, one every `pathStepSeconds`, passing the origin. */
export type TrackShape = (startsAtSeconds: number, towards: 1 | -1, lateral: number) => WalkPath;

/** Where a walk begins and ends, metres from the line: out of sight at 3 m mounting height. */
export const approachM = 1.8;
/** Nobody's middle comes nearer to a wall than this, metres. */
const shoulderRoomM = 0.26;
/** Somebody nearer to the line than this has been seen, metres. */
const noticedM = 0.55;

const towardsEither = (random: SeededRandom): 1 | -1 => (random.chance(0.5) ? 1 : -1);
const lateralOf = (random: SeededRandom) => random.normalBetween({ mean: 0, deviation: 0.12 }, -0.3, 0.3);

interface Walker {
  readonly body: PersonBody;
  readonly path: WalkPath;
}

/** Gathers walkers and things into a party and reads off the truth. */
function partyOf(walkers: readonly Walker[], things: readonly CompanionObject[] = []): Party {
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
  return { actors: [...people, ...things], crossings, other, endsAtSeconds };
}

interface Passage {
  readonly towards: 1 | -1;
  readonly speed: number;
  readonly lateral: number;
  /** Seconds after the party's start. */
  readonly delaySeconds?: number;
}

function passage(context: PartyContext, { towards, speed, lateral, delaySeconds = 0 }: Passage): WalkPath {
  const startsAtSeconds = context.startsAtSeconds + delaySeconds;
  const free = context.widthM / 2 - shoulderRoomM;
  const within = Math.min(free, Math.max(-free, lateral));
  const steps: Step[] = [{ kind: 'walk', to: approachM, speed }];
  return humanWalk({ startsAtSeconds, towards, from: -approachM, lateral: within, steps }, context.random);
}

function oneWalker(context: PartyContext, body: PersonBody, speed: number): Party {
  const { random } = context;
  const lateral = lateralOf(random);
  return partyOf([{ body, path: passage(context, { towards: towardsEither(random), speed, lateral }) }]);
}

const single = (context: PartyContext): Party =>
  oneWalker(context, drawAdult(context.random), context.random.between(0.65, 1.65));

const fast = (context: PartyContext): Party =>
  oneWalker(context, drawAdult(context.random), context.random.between(1.9, 2.9));

const child = (context: PartyContext): Party =>
  oneWalker(context, drawChild(context.random), context.random.between(0.65, 1.7));

function track(context: PartyContext): Party {
  const { random } = context;
  const shapes = context.tracks ?? [];
  if (shapes.length === 0) return single(context);
  const path = random.pick(shapes)(context.startsAtSeconds, towardsEither(random), lateralOf(random));
  return partyOf([{ body: drawAdult(random), path }]);
}

/** Two or three behind each other, 0.45 to 0.90 m from centre to centre. */
function train(context: PartyContext): Party {
  const { random } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.6, 1.4);
  const lateral = lateralOf(random) * 0.7;
  const people = random.chance(0.5) ? 2 : 3;
  const walkers: Walker[] = [];
  let delaySeconds = 0;
  for (let person = 0; person < people; person++) {
    const line = lateral + random.normalBetween({ mean: 0, deviation: 0.06 }, -0.15, 0.15);
    const path = passage(context, { towards, speed, lateral: line, delaySeconds });
    walkers.push({ body: drawAdult(random), path });
    delaySeconds += random.between(0.45, 0.9) / speed;
  }
  return partyOf(walkers);
}

/** Comes at most 0.45 m past the line and goes back. */
function uturn(context: PartyContext): Party {
  const { random } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.65, 1.5);
  const turn = random.normalBetween({ mean: 0, deviation: 0.19 }, -0.42, 0.45);
  const steps: Step[] = [{ kind: 'walk', to: turn, speed }];
  const pause = random.chance(0.5) ? random.between(0.2, 1.6) : 0;
  if (pause > 0) steps.push({ kind: 'stand', seconds: pause });
  steps.push({ kind: 'walk', to: -approachM, speed: random.between(0.7, 1.5) });
  const { startsAtSeconds } = context;
  const plan = { startsAtSeconds, towards, from: -approachM, lateral: lateralOf(random), steps };
  return partyOf([{ body: drawAdult(random), path: humanWalk(plan, random) }]);
}

/** Stands under the sensor for 3 to 35 s; a third goes back where they came from. */
function linger(context: PartyContext): Party {
  const { random } = context;
  const goesBack = random.chance(1 / 3);
  const stop = goesBack ? random.between(-0.35, -0.06) : random.between(-0.35, 0.35);
  const steps: Step[] = [
    { kind: 'walk', to: stop, speed: random.between(0.65, 1.4) },
    { kind: 'stand', seconds: random.between(3, 35) },
    { kind: 'walk', to: goesBack ? -approachM : approachM, speed: random.between(0.65, 1.4) },
  ];
  const { startsAtSeconds } = context;
  const towards = towardsEither(random);
  const plan = { startsAtSeconds, towards, from: -approachM, lateral: lateralOf(random), steps };
  return partyOf([{ body: drawAdult(random), path: humanWalk(plan, random) }]);
}

/** Two abreast. */
function pair(context: PartyContext): Party {
  const { random } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.65, 1.4);
  const middle = random.normalBetween({ mean: 0, deviation: 0.07 }, -0.15, 0.15);
  const apart = random.between(0.42, 0.62);
  const walkers = [-0.5, 0.5].map((side) => {
    const delaySeconds = random.between(0, 0.3);
    const path = passage(context, { towards, speed, lateral: middle + side * apart, delaySeconds });
    return { body: drawAdult(random), path };
  });
  return partyOf(walkers);
}

/** Two who meet under the sensor and pass each other. */
function opposite(context: PartyContext): Party {
  const { random } = context;
  const middle = random.normalBetween({ mean: 0, deviation: 0.07 }, -0.15, 0.15);
  const apart = random.between(0.42, 0.62) * (random.chance(0.5) ? 1 : -1);
  const speeds = [random.between(0.65, 1.4), random.between(0.65, 1.4)] as const;
  // Both come to the line at about the same time, whatever their speeds.
  const arrival = Math.max(...speeds.map((speed) => approachM / speed));
  const walkers = speeds.map((speed, index) => {
    const towards = index === 0 ? (1 as const) : (-1 as const);
    const lateral = middle + (index - 0.5) * apart;
    const delaySeconds = arrival - approachM / speed + random.between(0, 0.35);
    return { body: drawAdult(random), path: passage(context, { towards, speed, lateral, delaySeconds }) };
  });
  return partyOf(walkers);
}

/** An adult with a child at the hand. */
function family(context: PartyContext): Party {
  const { random } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.6, 1.1);
  const lateral = lateralOf(random) * 0.7;
  const side = random.chance(0.5) ? 1 : -1;
  const adult = passage(context, { towards, speed, lateral, delaySeconds: 0.6 });
  const childPath = passage(context, {
    towards,
    speed,
    lateral: lateral + side * random.between(0.3, 0.45),
    delaySeconds: 0.6 + random.between(-0.4, 0.3),
  });
  return partyOf([
    { body: drawAdult(random), path: adult },
    { body: drawChild(random), path: childPath },
  ]);
}

const objectWeights: readonly (readonly [ObjectKind, number])[] = [
  ['pram', 3],
  ['trolley', 3],
  ['case', 2.5],
  ['dog', 2],
  ['wheelchair', 1.5],
];

/** A pram, trolley, case, dog or wheelchair, mostly with whoever moves it. */
function object(context: PartyContext): Party {
  const { random } = context;
  const kind = random.pickWeighted(objectWeights);
  const towards = towardsEither(random);
  const lateral = lateralOf(random) * 0.8;
  const path = passage(context, { towards, speed: random.between(0.6, 1.3), lateral });
  const thing = drawObject(kind, random);
  const alone = random.chance(0.07);
  const adult = () => ({ ...drawAdult(random), carries: 'nothing' as const });
  if (kind === 'wheelchair') return wheelchair(context, { path, thing, lateral, towards });
  if (kind === 'case' || kind === 'dog') {
    const behind = random.chance(kind === 'case' ? 0.75 : 0.4);
    const ahead = (behind ? -1 : 1) * random.between(0.5, 0.85);
    const left = behind ? random.between(-0.2, 0.2) : random.between(0.1, 0.35);
    const companion = new CompanionObject(thing, path, alone ? { ahead: 0, left: 0 } : { ahead, left });
    return partyOf(alone ? [] : [{ body: adult(), path }], [companion]);
  }
  const ahead = thing.lengthM / 2 + random.between(0.38, 0.55);
  const companion = new CompanionObject(thing, path, alone ? { ahead: 0, left: 0 } : { ahead, left: 0 });
  return partyOf(alone ? [] : [{ body: { ...adult(), arms: 'pushing' }, path }], [companion]);
}

function wheelchair(
  context: PartyContext,
  chair: { path: WalkPath; thing: ReturnType<typeof drawObject>; lateral: number; towards: 1 | -1 },
): Party {
  const { random } = context;
  const seated = { body: drawSeated(random), path: chair.path };
  const companion = new CompanionObject(chair.thing, chair.path, { ahead: 0, left: 0 });
  if (random.chance(0.45)) return partyOf([seated], [companion]);
  const behind = -random.between(0.55, 0.75);
  const pusher = { ...drawAdult(random), arms: 'pushing' as const, carries: 'nothing' as const };
  return partyOf([seated, { body: pusher, path: chair.path.shifted(behind * chair.towards) }], [companion]);
}

/** The leaf swings and nobody comes: wind, somebody who holds it for others, a closer that is tested. */
function doorAlone(context: PartyContext): Party {
  const { random, startsAtSeconds, door } = context;
  if (door === undefined) throw new RangeError('this profile has no door');
  const { leaf } = door;
  const released = startsAtSeconds + leaf.openingSeconds * random.between(0.6, 1.2) + random.exponential(0.6);
  const openness = random.chance(0.3) ? random.between(0.35, 0.8) : random.between(0.8, 1);
  const swing = { opensAtSeconds: startsAtSeconds, releasedAtSeconds: released, openness };
  const other = [{ atSeconds: startsAtSeconds + leaf.openingSeconds / 2, kind: 'door' as const }];
  return { actors: [], crossings: [], other, swing, endsAtSeconds: released + leaf.closingSeconds };
}

/** Somebody opens the door, goes through and lets it fall shut. */
function doorWithPerson(context: PartyContext): Party {
  const { random, startsAtSeconds, door } = context;
  if (door === undefined) throw new RangeError('this profile has no door');
  const { leaf } = door;
  const towards = towardsEither(random);
  const lateral = lateralOf(random) * 0.7 - leaf.hingeSide * 0.08;
  const speed = random.between(0.65, 1.3);
  const plane = leaf.planeM * towards;
  const pulls = towards !== leaf.swings && random.chance(0.7);
  // Who pulls stands back from the sweep of the leaf until it is open; who pushes walks behind it, and
  // some find it held open by somebody else.
  const wait = pulls ? random.between(0.7, 1.4) : 0;
  const stop = plane - (pulls ? random.between(0.85, 1.15) : random.between(0.4, 0.55));
  const steps: Step[] = [
    { kind: 'walk', to: stop, speed },
    ...(wait > 0 ? [{ kind: 'stand' as const, seconds: wait }] : []),
    { kind: 'walk', to: approachM, speed },
  ];
  const from = Math.min(-approachM, stop - 0.5);
  const path = humanWalk({ startsAtSeconds, towards, from, lateral, steps }, random);
  const reach = path.reaches(towards * (stop - 0.03));
  const opens = pulls
    ? reach - 0.1
    : Math.max(startsAtSeconds, reach - leaf.openingSeconds * random.between(0.6, 1.1));
  const through = path.reaches(towards * (plane + 0.3));
  const released = Math.max(opens + leaf.openingSeconds, through + random.between(0, 0.5));
  const swing = { opensAtSeconds: opens, releasedAtSeconds: released, openness: random.between(0.85, 1) };
  const party = partyOf([{ body: drawAdult(random), path }]);
  const other = [...party.other, { atSeconds: opens + leaf.openingSeconds / 2, kind: 'door' as const }];
  return {
    ...party,
    other,
    swing,
    endsAtSeconds: Math.max(party.endsAtSeconds, released + leaf.closingSeconds),
  };
}

/** Stands under the sensor from the first instant for `seconds` and then leaves. */
export function stoodAtStart(context: PartyContext, seconds: number): Party {
  const { random } = context;
  const towards = towardsEither(random);
  const from = random.between(0.06, 0.25) * (random.chance(0.7) ? 1 : -1);
  const steps: Step[] = [
    { kind: 'stand', seconds },
    { kind: 'walk', to: approachM, speed: random.between(0.7, 1.3) },
  ];
  const plan = {
    startsAtSeconds: context.startsAtSeconds,
    towards,
    from,
    lateral: lateralOf(random) * 0.4,
    steps,
  };
  return partyOf([{ body: drawAdult(random), path: humanWalk(plan, random) }]);
}

/** Every kind of party by name. */
export const parties = {
  single,
  fast,
  child,
  track,
  train,
  uturn,
  linger,
  pair,
  opposite,
  family,
  object,
  'door-alone': doorAlone,
  'door-with-person': doorWithPerson,
} as const;

export type PartyKind = keyof typeof parties;

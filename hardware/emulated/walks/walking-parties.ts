import { drawAdult, drawChild } from './draw-person.ts';
import { humanWalk, type Step } from './human-walk.ts';
import {
  approachM,
  lateralOf,
  type Party,
  type PartyContext,
  partyOf,
  passage,
  towardsEither,
  type Walker,
} from './party.ts';
import type { PersonBody } from './person-body.ts';

/** Parties of people on foot. */

function oneWalker(context: PartyContext, body: PersonBody, speed: number): Party {
  const { random } = context;
  const lateral = lateralOf(context);
  return partyOf([{ body, path: passage(context, { towards: towardsEither(random), speed, lateral }) }]);
}

export const single = (context: PartyContext): Party =>
  oneWalker(context, drawAdult(context.random), context.random.between(0.65, 1.65));

export const fast = (context: PartyContext): Party =>
  oneWalker(context, drawAdult(context.random), context.random.between(1.9, 2.9));

export const child = (context: PartyContext): Party =>
  oneWalker(context, drawChild(context.random), context.random.between(0.65, 1.7));

export function track(context: PartyContext): Party {
  const { random } = context;
  const shapes = context.tracks ?? [];
  if (shapes.length === 0) return single(context);
  const path = random.pick(shapes)(context.startsAtSeconds, towardsEither(random), lateralOf(context));
  return partyOf([{ body: drawAdult(random), path }]);
}

/** Two or three behind each other, 0.45 to 0.90 m from centre to centre. */
export function train(context: PartyContext): Party {
  const { random, habits } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.6, 1.4);
  const lateral = lateralOf(context) * 0.7;
  const people = random.chance(0.5) ? 2 : 3;
  const walkers: Walker[] = [];
  let delaySeconds = 0;
  for (let person = 0; person < people; person++) {
    const line = lateral + random.normalBetween({ mean: 0, deviation: 0.06 }, -0.15, 0.15);
    const path = passage(context, { towards, speed, lateral: line, delaySeconds });
    walkers.push({ body: drawAdult(random), path });
    delaySeconds += random.between(...habits.gapM) / speed;
  }
  return partyOf(walkers);
}

/** Comes at most 0.45 m past the line and goes back. */
export function uturn(context: PartyContext): Party {
  const { random, habits } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.65, 1.5);
  const turn = random.normalBetween({ mean: 0, deviation: habits.turnDeviationM }, -0.42, 0.45);
  const steps: Step[] = [{ kind: 'walk', to: turn, speed }];
  const pause = random.chance(0.5) ? random.between(0.2, 1.6) : 0;
  if (pause > 0) steps.push({ kind: 'stand', seconds: pause });
  steps.push({ kind: 'walk', to: -approachM, speed: random.between(0.7, 1.5) });
  const { startsAtSeconds } = context;
  const { restlessness } = context.habits;
  const plan = {
    startsAtSeconds,
    towards,
    from: -approachM,
    lateral: lateralOf(context),
    steps,
    restlessness,
  };
  return partyOf([{ body: drawAdult(random), path: humanWalk(plan, random) }]);
}

/** Stands under the sensor for 3 to 35 s; a third goes back where they came from. */
export function linger(context: PartyContext): Party {
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
  const { restlessness } = context.habits;
  const plan = {
    startsAtSeconds,
    towards,
    from: -approachM,
    lateral: lateralOf(context),
    steps,
    restlessness,
  };
  return partyOf([{ body: drawAdult(random), path: humanWalk(plan, random) }]);
}

/** Two abreast. */
export function pair(context: PartyContext): Party {
  const { random, habits } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.65, 1.4);
  const middle = random.normalBetween({ mean: 0, deviation: 0.07 }, -0.15, 0.15);
  const apart = random.between(...habits.abreastM);
  const walkers = [-0.5, 0.5].map((side) => {
    const delaySeconds = random.between(0, habits.abreastLagSeconds);
    const path = passage(context, { towards, speed, lateral: middle + side * apart, delaySeconds });
    return { body: drawAdult(random), path };
  });
  return partyOf(walkers);
}

/** Two who meet under the sensor and pass each other. */
export function opposite(context: PartyContext): Party {
  const { random, habits } = context;
  const middle = random.normalBetween({ mean: 0, deviation: 0.07 }, -0.15, 0.15);
  const apart = random.between(...habits.abreastM) * (random.chance(0.5) ? 1 : -1);
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
export function family(context: PartyContext): Party {
  const { random } = context;
  const towards = towardsEither(random);
  const speed = random.between(0.6, 1.1);
  const lateral = lateralOf(context) * 0.7;
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
    lateral: lateralOf(context) * 0.4,
    steps,
  };
  return partyOf([{ body: drawAdult(random), path: humanWalk(plan, random) }]);
}

import { drawAdult } from './draw-person.ts';
import { humanWalk, type Step } from './human-walk.ts';
import { approachM, lateralOf, type Party, type PartyContext, partyOf, towardsEither } from './party.ts';

/** The leaf swings and nobody comes: wind, somebody who holds it for others, a closer that is tested. */
export function doorAlone(context: PartyContext): Party {
  const { random, startsAtSeconds, door } = context;
  if (door === undefined) throw new RangeError('this profile has no door');
  const { leaf } = door;
  const released = startsAtSeconds + leaf.openingSeconds * random.between(0.6, 1.2) + random.exponential(0.6);
  const openness = random.chance(0.3) ? random.between(0.35, 0.8) : random.between(0.8, 1);
  const swing = { opensAtSeconds: startsAtSeconds, releasedAtSeconds: released, openness };
  const other = [{ atSeconds: startsAtSeconds + leaf.openingSeconds / 2, kind: 'door' as const }];
  return {
    actors: [],
    paths: [],
    crossings: [],
    other,
    swing,
    endsAtSeconds: released + leaf.closingSeconds,
  };
}

/** Somebody opens the door, goes through and lets it fall shut. */
export function doorWithPerson(context: PartyContext): Party {
  const { random, startsAtSeconds, door } = context;
  if (door === undefined) throw new RangeError('this profile has no door');
  const { leaf } = door;
  const towards = towardsEither(random);
  const lateral = lateralOf(context) * 0.7 - leaf.hingeSide * 0.08;
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

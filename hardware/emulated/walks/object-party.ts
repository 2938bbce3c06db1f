import { CompanionObject } from './actor.ts';
import { drawAdult, drawSeated } from './draw-person.ts';
import { drawObject, type ObjectKind } from './moved-object.ts';
import { lateralOf, type Party, type PartyContext, partyOf, passage, towardsEither } from './party.ts';
import type { WalkPath } from './walk-path.ts';

const objectWeights: readonly (readonly [ObjectKind, number])[] = [
  ['pram', 3],
  ['trolley', 3],
  ['case', 2.5],
  ['dog', 2],
  ['wheelchair', 1.5],
];

/** A pram, trolley, case, dog or wheelchair, mostly with whoever moves it. */
export function objectParty(context: PartyContext): Party {
  const { random, habits } = context;
  const kind = random.pickWeighted(objectWeights);
  const towards = towardsEither(random);
  const lateral = lateralOf(context) * 0.8;
  const path = passage(context, { towards, speed: random.between(0.6, 1.3), lateral });
  const thing = drawObject(kind, random);
  const alone = random.chance(habits.aloneShare);
  const adult = () => ({ ...drawAdult(random), carries: 'nothing' as const });
  if (kind === 'wheelchair') return wheelchair(context, { path, thing, lateral, towards });
  if (kind === 'case' || kind === 'dog') {
    const behind = random.chance(kind === 'case' ? 0.75 : 0.4);
    const ahead = (behind ? -1 : 1) * random.between(0.45, 0.75);
    const left = behind ? random.between(-0.2, 0.2) : random.between(0.1, 0.35);
    const companion = new CompanionObject(thing, path, alone ? { ahead: 0, left: 0 } : { ahead, left });
    return partyOf(alone ? [] : [{ body: adult(), path }], [companion]);
  }
  const ahead = thing.lengthM / 2 + random.between(0.32, 0.5);
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

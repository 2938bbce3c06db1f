import { type Actor, Person } from './actor.ts';
import { drawAdult } from './draw-person.ts';
import { humanWalk } from './human-walk.ts';
import { approachM } from './party.ts';
import type { Scenario } from './scenario.ts';
import { SeededRandom } from './seeded-random.ts';
import { Sunlight } from './sunlight.ts';
import { type TrueCrossing, truthOfPath } from './truth.ts';

export interface ArrivalOptions {
  readonly seed: number;
  readonly slotSeconds: number;
  /** How many people come in and go out in each slot. */
  readonly arrivals: readonly { readonly in: number; readonly out: number }[];
}

/** Nobody starts in the same place at the same time: the least time between two who set out, seconds. */
const headwaySeconds = 1.2;

/** Somebody nearer to the line than this has been seen, metres. */
const noticedM = 0.55;

/** Adults who come one by one at random times, in the numbers given; they may meet. */
export function drawArrivalScenario(options: ArrivalOptions): Scenario {
  const random = new SeededRandom(options.seed, 'arrivals');
  const actors: Actor[] = [];
  const crossings: TrueCrossing[] = [];
  let earliestSeconds = 0;
  options.arrivals.forEach((slot, index) => {
    for (const { atSeconds, towards } of drawSlot(slot, options.slotSeconds, random)) {
      const startsAtSeconds = Math.max(index * options.slotSeconds + atSeconds, earliestSeconds);
      earliestSeconds = startsAtSeconds + headwaySeconds;
      const lateral = random.normalBetween({ mean: 0, deviation: 0.12 }, -0.3, 0.3);
      const steps = [{ kind: 'walk', to: approachM, speed: random.between(0.7, 1.6) }] as const;
      const path = humanWalk({ startsAtSeconds, towards, from: -approachM, lateral, steps }, random);
      actors.push(new Person(drawAdult(random), path));
      crossings.push(...truthOfPath(path, noticedM).crossings);
    }
  });
  crossings.sort((one, other) => one.atSeconds - other.atSeconds);
  return {
    actors,
    truth: { crossings, other: [] },
    sunlight: Sunlight.indoors(random),
    durationSeconds: options.arrivals.length * options.slotSeconds,
  };
}

/** Room for the walk itself at the end of a slot, so that nobody is cut off by the end of the day. */
const walkSeconds = 8;

function drawSlot(slot: { in: number; out: number }, slotSeconds: number, random: SeededRandom) {
  const people: { atSeconds: number; towards: 1 | -1 }[] = [];
  for (const [count, towards] of [
    [slot.in, 1],
    [slot.out, -1],
  ] as const) {
    for (let person = 0; person < count; person++) {
      people.push({ atSeconds: random.between(0, slotSeconds - walkSeconds), towards });
    }
  }
  return people.sort((one, other) => one.atSeconds - other.atSeconds);
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Actor, Person } from './walks/actor.ts';
import { drawAdult } from './walks/draw-person.ts';
import { humanWalk, type Step } from './walks/human-walk.ts';
import { approachM } from './walks/party.ts';
import type { PersonBody } from './walks/person-body.ts';
import { SeededRandom } from './walks/seeded-random.ts';
import type { SolidList } from './walks/solid-list.ts';

/** What a director can put in front of an emulated sensor, beside people. */
export interface StageCondition {
  /** Sunlight on the floor, thousands of counts a second; 0 is indoors. */
  readonly sunKcps: number;
  /** Standard deviation added to every distance. */
  readonly unrestMm: number;
  /** A lintel or door frame that cuts off the view of a side at this distance; null where the view is free. */
  readonly edge: { readonly side: 'outside' | 'inside'; readonly distanceMm: number } | null;
  /** Share of ranges that come to nothing, as over black or shining floors. */
  readonly lostShare: number;
  readonly plugged: boolean;
}

const calm: StageCondition = { sunKcps: 0, unrestMm: 0, edge: null, lostShare: 0, plugged: true };

/** A director's file is looked at this often. */
const pollSeconds = 0.05;
const walkSpeed = 1.2;
/** Longer than any test or lesson: who stands does so until told to leave. */
const standSeconds = 380;
/** Who stands there does so a little before the line, where both regions see him. */
const standM = 0.1;
/** A director's line is short; more is no such file. */
const bytesMax = 1_000_000;

/**
 * People under an emulated sensor who do what a file says, line by line as it grows: `walk in`,
 * `walk out 0.8` (metres a second), `stand`, `leave`, `sun 9000`, `unrest 120`, `edge outside 700`,
 * `lost 0.6`, `calm`, `unplug`, `plug`. Walks that were written before the stage opened are past;
 * conditions last. For lessons without a ladder, and for tests that play the technician.
 */
export class Stage implements Actor {
  readonly startsAtSeconds = Number.NEGATIVE_INFINITY;
  readonly endsAtSeconds = Number.POSITIVE_INFINITY;
  readonly #file: string;
  readonly #random: SeededRandom;
  #present: Person[] = [];
  #standing: { readonly person: Person; readonly body: PersonBody } | null = null;
  #condition = calm;
  #offset = 0;
  #rest = '';
  #nextLookSeconds = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly file: string; readonly seed: number }) {
    this.#file = options.file;
    this.#random = new SeededRandom(options.seed, 'stage');
  }

  get condition(): StageCondition {
    return this.#condition;
  }

  /** Does what has been written since the last time. Times are those of the scene. */
  look(atSeconds: number): void {
    if (atSeconds < this.#nextLookSeconds) return;
    const isFirst = this.#nextLookSeconds === Number.NEGATIVE_INFINITY;
    this.#nextLookSeconds = atSeconds + pollSeconds;
    for (const line of this.#newLines()) this.#follow(line, atSeconds, isFirst);
    this.#present = this.#present.filter((person) => person.endsAtSeconds > atSeconds - 2);
  }

  addTo(solids: SolidList, atSeconds: number, viewM: number): boolean {
    let isSomebodyNear = false;
    for (const person of this.#present) {
      if (atSeconds < person.startsAtSeconds || atSeconds > person.endsAtSeconds) continue;
      if (person.addTo(solids, atSeconds, viewM)) isSomebodyNear = true;
    }
    return isSomebodyNear;
  }

  #newLines(): string[] {
    let descriptor: number;
    try {
      descriptor = openSync(this.#file, 'r');
    } catch {
      return []; // The director has not come yet.
    }
    try {
      const length = Math.min(bytesMax, fstatSync(descriptor).size - this.#offset);
      if (length <= 0) return [];
      const bytes = Buffer.alloc(length);
      this.#offset += readSync(descriptor, bytes, 0, length, this.#offset);
      const lines = (this.#rest + bytes.toString('utf8')).split('\n');
      this.#rest = lines.pop()!;
      return lines.map((line) => line.trim()).filter((line) => line !== '');
    } finally {
      closeSync(descriptor);
    }
  }

  #follow(line: string, atSeconds: number, isPast: boolean): void {
    const [verb, ...words] = line.split(/\s+/);
    if (verb === 'walk') {
      if (!isPast) this.#walk(words[0] === 'out' ? -1 : 1, Number(words[1] ?? walkSpeed), atSeconds);
    } else if (verb === 'stand') this.#stand(atSeconds, isPast);
    else if (verb === 'leave') this.#leave(atSeconds, isPast);
    else this.#condition = conditionAfter(this.#condition, verb!, words);
  }

  #walk(towards: 1 | -1, speed: number, startsAtSeconds: number): void {
    const steps: Step[] = [{ kind: 'walk', to: approachM, speed }];
    this.#enter(drawAdult(this.#random), { startsAtSeconds, towards, from: -approachM, steps });
  }

  #stand(startsAtSeconds: number, isPast: boolean): void {
    const stay: Step = { kind: 'stand', seconds: standSeconds };
    const steps: Step[] = isPast ? [stay] : [{ kind: 'walk', to: -standM, speed: walkSpeed }, stay];
    const body = drawAdult(this.#random);
    const from = isPast ? -standM : -approachM;
    this.#standing = { person: this.#enter(body, { startsAtSeconds, towards: 1, from, steps }), body };
  }

  #leave(startsAtSeconds: number, isPast: boolean): void {
    const standing = this.#standing;
    if (standing === null) return;
    this.#standing = null;
    this.#present = this.#present.filter((person) => person !== standing.person);
    if (isPast) return;
    const steps: Step[] = [{ kind: 'walk', to: approachM, speed: walkSpeed }];
    this.#enter(standing.body, { startsAtSeconds, towards: 1, from: -standM, steps });
  }

  #enter(
    body: PersonBody,
    plan: { startsAtSeconds: number; towards: 1 | -1; from: number; steps: readonly Step[] },
  ): Person {
    const lateral = this.#random.between(-0.1, 0.1);
    const person = new Person(body, humanWalk({ ...plan, lateral }, this.#random));
    this.#present.push(person);
    return person;
  }
}

/** Throws a RangeError for a word that no stage knows: a typo must not look like an empty scene. */
function conditionAfter(before: StageCondition, verb: string, words: readonly string[]): StageCondition {
  switch (verb) {
    case 'calm':
      return { ...calm, plugged: before.plugged };
    case 'sun':
      return { ...before, sunKcps: Number(words[0]) };
    case 'unrest':
      return { ...before, unrestMm: Number(words[0]) };
    case 'lost':
      return { ...before, lostShare: Number(words[0]) };
    case 'edge':
      return {
        ...before,
        edge: { side: words[0] === 'inside' ? 'inside' : 'outside', distanceMm: Number(words[1]) },
      };
    case 'unplug':
      return { ...before, plugged: false };
    case 'plug':
      return { ...before, plugged: true };
    default:
      throw new RangeError(`stage: "${verb}" is nothing that anybody can do`);
  }
}

import type { Direction } from '../../edge-agent/count/counter.ts';

/**
 * What a technician can say of a passage, and how many people the counter should have counted. People
 * in wheelchairs and children are people; prams, trolleys and dogs are not (they come with somebody).
 */
export const passageKinds = {
  adult: { people: 1 },
  child: { people: 1 },
  pram: { people: 1 },
  wheelchair: { people: 1 },
  pair: { people: 2 },
  'turned-back': { people: 0 },
  object: { people: 0 },
} as const satisfies Record<string, { readonly people: number }>;

export type PassageKind = keyof typeof passageKinds;

export const passageKindNames = Object.keys(passageKinds) as readonly PassageKind[];

/** One tap of the observer; `direction` is null for what is no crossing. */
export interface PassageTap {
  readonly id: string;
  /** When the key was pressed, on the time line of the sensor. */
  readonly atSeconds: number;
  readonly direction: Direction | null;
  readonly kind: PassageKind;
}

export const peopleOf = (tap: PassageTap): number => passageKinds[tap.kind].people;

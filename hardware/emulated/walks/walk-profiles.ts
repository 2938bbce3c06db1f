import type { PartyKind } from './party-kinds.ts';

/** What comes through the passage in one kind of recording. */
export interface WalkProfile {
  readonly description: string;
  readonly parties: readonly (readonly [PartyKind, number])[];
  /** `one-at-a-time`: the next party starts when the last has gone. `overlapping`: independent arrivals. */
  readonly arrivals: 'one-at-a-time' | 'overlapping';
  /** Mean pause between parties, or between arrivals. */
  readonly pauseSeconds: number;
  readonly sun?: true;
  readonly stoodAtStart?: true;
  readonly door?: true;
}

const everything: readonly (readonly [PartyKind, number])[] = [
  ['single', 43],
  ['fast', 5],
  ['child', 7],
  ['train', 12],
  ['uturn', 8],
  ['linger', 4],
  ['pair', 4],
  ['opposite', 2],
  ['family', 2],
  ['object', 9],
];

/** The profiles, by the names that counts, tables and commands use. */
export const walkProfiles = {
  easy: {
    description: 'single adults, 0.65–1.65 m/s, heights to 2.02 m',
    parties: [['single', 1]],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  fast: {
    description: 'single adults in a hurry, 1.9–2.9 m/s',
    parties: [['fast', 1]],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  child: {
    description: 'children and youths, 0.90–1.45 m',
    parties: [['child', 1]],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  tailgate: {
    description: 'trains of 2–3, 0.45–0.90 m from centre to centre',
    parties: [['train', 1]],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.6,
  },
  uturn: {
    description: 'turning back under the sensor (60 %) among singles',
    parties: [
      ['uturn', 60],
      ['single', 40],
    ],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  linger: {
    description: 'standing for 3–35 s (50 %, a third goes back) among singles',
    parties: [
      ['linger', 50],
      ['single', 50],
    ],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  pair: {
    description: 'two abreast',
    parties: [['pair', 1]],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  opposite: {
    description: 'two who meet under the sensor',
    parties: [['opposite', 1]],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  objects: {
    description: 'prams, trolleys, cases, dogs, wheelchairs, with and without people',
    parties: [['object', 1]],
    arrivals: 'one-at-a-time',
    pauseSeconds: 4.4,
  },
  door: {
    description: 'a swing door sweeping under the sensor, with and without a person',
    parties: [
      ['door-alone', 45],
      ['door-with-person', 55],
    ],
    arrivals: 'one-at-a-time',
    pauseSeconds: 3.2,
    door: true,
  },
  quiet: {
    description: 'everything mixed, one party at a time',
    parties: everything,
    arrivals: 'one-at-a-time',
    pauseSeconds: 5,
  },
  busy: {
    description: 'everything mixed, independent arrivals that overlap, about 20 people a minute',
    parties: everything,
    arrivals: 'overlapping',
    pauseSeconds: 2.6,
  },
  sun: {
    description: 'everything mixed, with minutes of strong sun',
    parties: everything,
    arrivals: 'one-at-a-time',
    pauseSeconds: 5,
    sun: true,
  },
  'occupied-start': {
    description: 'everything mixed, somebody stands underneath for the first 40 s',
    parties: everything,
    arrivals: 'one-at-a-time',
    pauseSeconds: 5,
    stoodAtStart: true,
  },
} as const satisfies Record<string, WalkProfile>;

export type WalkProfileName = keyof typeof walkProfiles;

export const walkProfileNames = Object.keys(walkProfiles) as readonly WalkProfileName[];

export const isWalkProfileName = (name: string): name is WalkProfileName => Object.hasOwn(walkProfiles, name);

import { doorAlone, doorWithPerson } from './door-parties.ts';
import { objectParty } from './object-party.ts';
import {
  child,
  family,
  fast,
  linger,
  opposite,
  pair,
  single,
  track,
  train,
  uturn,
} from './walking-parties.ts';

/** Every kind of party by name. */
export const partyKinds = {
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
  object: objectParty,
  'door-alone': doorAlone,
  'door-with-person': doorWithPerson,
} as const;

export type PartyKind = keyof typeof partyKinds;

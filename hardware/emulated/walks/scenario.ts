import { type Actor, Door } from './actor.ts';
import { drawDoorLeaf } from './door-leaf.ts';
import { collide } from './elbow-room.ts';
import type { Party, PartyContext, TrackShape } from './party.ts';
import { partyKinds } from './party-kinds.ts';
import { SeededRandom } from './seeded-random.ts';
import { Sunlight } from './sunlight.ts';
import type { OtherEvent, TrueCrossing, Truth } from './truth.ts';
import { usualHabits, type WalkHabits } from './walk-habits.ts';
import type { WalkPath } from './walk-path.ts';
import { type WalkProfile, type WalkProfileName, walkProfiles } from './walk-profiles.ts';
import { stoodAtStart } from './walking-parties.ts';

/** Who and what comes through the passage, and what the counter ought to say. */
export interface Scenario {
  readonly actors: readonly Actor[];
  readonly truth: Truth;
  readonly sunlight: Sunlight;
  readonly durationSeconds: number;
}

export interface ScenarioOptions {
  readonly profile: WalkProfileName;
  readonly seed: number;
  readonly minutes: number;
  readonly mountingHeightMm: number;
  /** Free width of the passage, metres; 1.4 by default. */
  readonly passageWidthM?: number;
  /** Real tracks to take some of the single walks from. */
  readonly tracks?: readonly TrackShape[];
  readonly habits?: WalkHabits;
  /** Who comes, instead of the profile's parties. */
  readonly parties?: WalkProfile['parties'];
}

/** A recording begins with an empty passage for this long, except where somebody stands there. */
const emptySeconds = 3;
/** The one who stands underneath at the start leaves after this. */
const stoodSeconds = 40;
/** Share of single walks that follow a real track, where there are tracks. */
const trackShare = 0.3;

/** Draws a scenario: the same options give the same scenario, whatever the sensor. */
export function drawScenario(options: ScenarioOptions): Scenario {
  const profile: WalkProfile = withParties(walkProfiles[options.profile], options.parties);
  const habits = options.habits ?? usualHabits;
  const random = new SeededRandom(options.seed, `walks ${options.profile}`);
  const widthM = options.passageWidthM ?? 1.4;
  const durationSeconds = options.minutes * 60;
  const actors: Actor[] = [];
  const crossings: TrueCrossing[] = [];
  const other: OtherEvent[] = [];
  const take = (party: Party) => {
    actors.push(...party.actors);
    crossings.push(...party.crossings);
    other.push(...party.other);
    if (party.swing !== undefined) door?.swing(party.swing);
  };
  const door = profile.door
    ? new Door(drawDoorLeaf(random, { mountingHeightM: options.mountingHeightMm / 1000 }))
    : undefined;
  if (door !== undefined) actors.push(door);
  let at = emptySeconds;
  if (profile.stoodAtStart) {
    const party = stoodAtStart({ random, habits, startsAtSeconds: 0, widthM }, stoodSeconds);
    take(party);
    at = party.endsAtSeconds + 1;
  }
  const present: WalkPath[] = [];
  for (;;) {
    const pause = random.exponential(profile.pauseSeconds);
    at += profile.arrivals === 'overlapping' ? pause : Math.max(0.8, pause);
    if (at > durationSeconds) break;
    const context = { random, habits, widthM, startsAtSeconds: at, door, tracks: options.tracks };
    const party = drawParty(profile, context, present);
    // A party that would be cut off by the end of the recording does not come.
    if (party === null || party.endsAtSeconds > durationSeconds - 1) continue;
    take(party);
    if (profile.arrivals === 'one-at-a-time') at = party.endsAtSeconds;
    present.push(...party.paths);
    while (present.length > 0 && present[0]!.endsAtSeconds < at) present.shift();
  }
  const light = new SeededRandom(options.seed, `light ${options.profile}`);
  const sunlight = profile.sun ? Sunlight.spells(light, durationSeconds) : Sunlight.indoors(light);
  const byTime = (one: { atSeconds: number }, next: { atSeconds: number }) => one.atSeconds - next.atSeconds;
  return {
    actors,
    truth: { crossings: crossings.sort(byTime), other: other.sort(byTime) },
    sunlight,
    durationSeconds,
  };
}

const withParties = (profile: WalkProfile, parties: WalkProfile['parties'] | undefined): WalkProfile =>
  parties === undefined ? profile : { ...profile, parties };

/** How often a party that would walk through others draws back and tries another line before it goes elsewhere. */
const lookAgainMost = 5;
const waitSeconds = 0.25;

/** Draws a party that does not walk through who is there, or null if there is no room for long. */
function drawParty(profile: WalkProfile, context: PartyContext, present: readonly WalkPath[]): Party | null {
  const { random, tracks } = context;
  const drawn = random.pickWeighted(profile.parties);
  const kind = drawn === 'single' && tracks !== undefined && random.chance(trackShare) ? 'track' : drawn;
  for (let look = 0; look <= lookAgainMost; look++) {
    const startsAtSeconds = context.startsAtSeconds + look * waitSeconds;
    const party = partyKinds[kind]({ ...context, startsAtSeconds });
    if (!context.habits.keepApart || !collide(party.paths, present)) return party;
  }
  return null;
}

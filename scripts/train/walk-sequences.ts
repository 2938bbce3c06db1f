/**
 * What the crossing network learns from: the heights of both sides on its steps, and where in them
 * somebody passed. Made from simulated walks under sensors that hang, measure and err differently,
 * at places where people walk differently.
 */

import { inputs, layHeights, stepSeconds } from '../../edge-agent/count/crossing-network.ts';
import {
  newCurrentReading,
  readingAt,
  readingDistance,
  readingHeight,
  readingSignal,
  readingStrength,
} from '../../edge-agent/count/current-reading.ts';
import { EchoStrength } from '../../edge-agent/count/echo-strength.ts';
import { FloorTracker } from '../../edge-agent/count/floor-tracker.ts';
import { HeightTrace } from '../../edge-agent/count/height-trace.ts';
import { SeededRandom } from '../../hardware/emulated/walks/seeded-random.ts';
import { drawHabits } from '../../hardware/emulated/walks/walk-habits.ts';
import {
  type WalkProfile,
  type WalkProfileName,
  walkProfileNames,
  walkProfiles,
} from '../../hardware/emulated/walks/walk-profiles.ts';
import { simulateWalks, type WalkSimulation } from '../../hardware/emulated/walks/walk-simulation.ts';

/** `input` has `inputs` numbers a step, `passed` two: shares of people who pass in and out. */
export interface WalkSequence {
  readonly steps: number;
  readonly input: Float32Array;
  readonly passed: Float32Array;
}

/** What one sensor saw, sight after sight: the order matters, because the network knows its place. */
export interface WalkChain {
  /** Sequences of a kind are about equally long. */
  readonly kind: string;
  readonly mountingHeight: number;
  readonly sequences: readonly WalkSequence[];
}

/** As in edge-agent/count/network-lane.ts: what is seen within this time belongs together. */
const togetherSeconds = 1.2;
const marginSeconds = 0.4;
/** The longest that is learned in one piece: somebody who stands for 35 s, and comes, and goes. */
export const sequenceSecondsMax = 48;
/** A crossing is a bell of this width: its time is known no better from heights alone. */
const passingDeviationSeconds = 0.12;
/** A reading higher than this is something. */
const enterMm = 90;
const nearestFloorMm = 1900;

/** Rates all zones together: 12 to 40 a second and zone. */
const readingRates = [24, 32, 40, 40, 40, 50, 80] as const;

/** Mixed profiles are what a door sees; they get so many times the minutes. */
const minutesFactor: Partial<Record<WalkProfileName, number>> = {
  uturn: 1.5,
  linger: 2,
  objects: 1.5,
  door: 2,
  quiet: 2,
  busy: 2,
};

/** Places with a mixture of their own in each draw. */
const mixturesPerDraw = 6;

/** All profiles once, each at a place drawn from the seed, and some places with other mixtures. */
export function* drawChains(seed: number, minutes: number): Generator<WalkChain> {
  for (const [index, profile] of walkProfileNames.entries()) {
    const factor = minutesFactor[profile] ?? 1;
    yield chainOf(profile, simulateAt(seed + index, { profile, minutes: minutes * factor }));
  }
  for (let index = 0; index < mixturesPerDraw; index++) {
    const own = seed + walkProfileNames.length + index;
    const random = new SeededRandom(own, 'mixture');
    const overlaps = random.chance(0.3);
    const profile = overlaps ? 'busy' : 'quiet';
    const parties = drawMixture(random);
    yield chainOf(`mixed ${profile}`, simulateAt(own, { profile, minutes, parties }));
  }
}

/** Shares of parties that differ by a factor of three from the usual, up or down, and now and then by ten. */
function drawMixture(random: SeededRandom): WalkProfile['parties'] {
  const spread = random.chance(0.5) ? 0.8 : 2;
  return walkProfiles.quiet.parties.map(
    ([kind, weight]) => [kind, (weight + 3) * Math.exp(spread * random.normal())] as const,
  );
}

function simulateAt(
  seed: number,
  what: { profile: WalkProfileName; minutes: number; parties?: WalkProfile['parties'] },
): WalkSimulation {
  const random = new SeededRandom(seed, 'training');
  const isUsual = random.chance(0.4);
  return simulateWalks({
    ...what,
    seed,
    mountingHeightMm: Math.round(random.between(2150, 3050)),
    readingsPerSecond: random.pick(readingRates),
    noise: random.between(0.5, 2.2),
    statusRate: random.between(0, 0.04),
    outlierRate: random.between(0, 0.01),
    dropRate: random.between(0, 0.03),
    optics: isUsual ? 'usual' : 'any',
    ...(isUsual ? {} : { habits: drawHabits(random) }),
  });
}

const chainOf = (kind: string, simulation: WalkSimulation): WalkChain => ({
  kind,
  mountingHeight: (simulation.mountingHeightMm - 2500) / 500,
  sequences: [...sequencesOf(simulation)],
});

/** The stretches of a simulation in which something was in sight. */
export function* sequencesOf(simulation: WalkSimulation): Generator<WalkSequence> {
  const { heights, sights } = watch(simulation);
  for (const sight of sights) {
    let from = sight.from;
    for (;;) {
      const to = Math.min(sight.to, from + sequenceSecondsMax);
      yield sequence(simulation, heights, { from: from - marginSeconds, to: to + marginSeconds });
      if (to >= sight.to) break;
      from = to;
    }
  }
}

interface Sight {
  readonly from: number;
  to: number;
}

interface SideHeights {
  readonly at: number[];
  readonly height: number[];
  readonly strength: number[];
}

/** Heights above the floor as the engine finds them, and when something stood out from it. */
function watch({ readings, mountingHeightMm }: WalkSimulation) {
  const floors = [0, 1].map(() => new FloorTracker(mountingHeightMm, null, nearestFloorMm));
  const heights: SideHeights[] = [0, 1].map(() => ({ at: [], height: [], strength: [] }));
  const strengths = [0, 1].map(() => new EchoStrength());
  const sights: Sight[] = [];
  const reading = newCurrentReading();
  for (let index = 0; index < readings.length; index++) {
    if (readings.status[index] !== 0 || !(readings.distanceMm[index]! > 0)) continue;
    const zone = readings.zone[index]!;
    const at = readings.atSeconds[index]!;
    reading[readingAt] = at;
    reading[readingDistance] = readings.distanceMm[index]!;
    const floor = floors[zone]!;
    floor.take(reading);
    const height = Math.min(2250, floor.floorMm - reading[readingDistance]!);
    if (Number.isNaN(height)) continue;
    heights[zone]!.at.push(at);
    heights[zone]!.height.push(height);
    reading[readingSignal] = readings.signalKcps![index]!;
    strengths[zone]!.judge(reading, floor.floorMm, Math.abs(height) < floor.clearMm);
    heights[zone]!.strength.push(reading[readingStrength]!);
    if (height < Math.max(enterMm, floor.notableMm)) continue;
    const last = sights.at(-1);
    if (last !== undefined && at - last.to < togetherSeconds) last.to = at;
    else sights.push({ from: at, to: at });
  }
  return { heights, sights };
}

function sequence(
  simulation: WalkSimulation,
  heights: readonly SideHeights[],
  { from, to }: { from: number; to: number },
): WalkSequence {
  const steps = Math.max(4, Math.ceil((to - from) / stepSeconds));
  const input = new Float32Array(steps * inputs);
  for (const side of [0, 1] as const)
    layHeights(traceOf(heights[side]!, from, to), side, { from, steps }, input);
  const passed = new Float32Array(steps * 2);
  for (const { atSeconds, untilSeconds, direction } of simulation.truth.crossings) {
    const passes = untilSeconds ?? atSeconds;
    if (passes < from - 0.1 || passes > to + 0.1) continue;
    layPassing(passed, passes - from, direction === 'in' ? 0 : 1);
  }
  return { steps, input, passed };
}

/** The readings of one side around a stretch, as the engine keeps them. */
function traceOf({ at, height, strength }: SideHeights, from: number, to: number): HeightTrace {
  const trace = new HeightTrace();
  const reading = newCurrentReading();
  for (let index = lowerBound(at, from - 1); index < at.length && at[index]! < to + 1; index++) {
    reading[readingAt] = at[index]!;
    reading[readingHeight] = height[index]!;
    reading[readingStrength] = strength[index]!;
    trace.push(reading);
  }
  return trace;
}

function lowerBound(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds one person who passes `after` seconds from the sequence's start; the bell's sum is one. */
function layPassing(passed: Float32Array, after: number, direction: 0 | 1): void {
  const steps = passed.length / 2;
  const bell = (step: number) =>
    Math.exp(-0.5 * ((step * stepSeconds - after) / passingDeviationSeconds) ** 2);
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += bell(step);
  if (sum <= 0) return;
  for (let step = 0; step < steps; step++) passed[step * 2 + direction]! += bell(step) / sum;
}

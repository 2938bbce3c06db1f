/**
 * What the crossing network learns from: the heights of both sides on its steps, and where in them
 * somebody passed. Made from simulated walks under sensors that hang, measure and err differently.
 */

import { inputs, layHeights, stepSeconds } from '../../edge-agent/count/crossing-network.ts';
import {
  newCurrentReading,
  readingAt,
  readingDistance,
  readingHeight,
} from '../../edge-agent/count/current-reading.ts';
import { FloorTracker } from '../../edge-agent/count/floor-tracker.ts';
import { HeightTrace } from '../../edge-agent/count/height-trace.ts';
import { walkProfileNames } from '../../hardware/emulated/walks/walk-profiles.ts';
import { simulateWalks, type WalkSimulation } from '../../hardware/emulated/walks/walk-simulation.ts';

/** `input` has `inputs` numbers a step, `passed` two: shares of people who pass in and out. */
export interface WalkSequence {
  readonly steps: number;
  readonly input: Float32Array;
  readonly passed: Float32Array;
}

/** As in edge-agent/count/network-lane.ts: what is seen within this time belongs together. */
const togetherSeconds = 1.2;
const marginSeconds = 0.4;
/** The longest that is learned in one piece: somebody who stands for 35 s, and comes, and goes. */
const sequenceSecondsMax = 48;
/** A crossing is a bell of this width: its time is known no better from heights alone. */
const passingDeviationSeconds = 0.12;
/** A reading higher than this is something. */
const enterMm = 90;
const nearestFloorMm = 1900;

/** Rates all zones together: 12 to 40 a second and zone. */
const readingRates = [24, 32, 40, 40, 40, 50, 80] as const;
/** Mixed profiles are what a door sees; they get twice the time. */
const mixedProfiles: readonly string[] = ['quiet', 'busy'];

/** All profiles once, each under a sensor drawn from the seed. */
export function* drawSequences(seed: number, minutes: number, random: () => number): Generator<WalkSequence> {
  for (const [index, profile] of walkProfileNames.entries()) {
    const simulation = simulateWalks({
      profile,
      seed: seed + index,
      mountingHeightMm: Math.round(2150 + 900 * random()),
      minutes: minutes * (mixedProfiles.includes(profile) ? 2 : 1),
      readingsPerSecond: readingRates[Math.floor(random() * readingRates.length)]!,
      noise: 0.5 + 1.5 * random(),
      statusRate: 0.03 * random(),
      outlierRate: 0.008 * random(),
      dropRate: 0.02 * random(),
    });
    yield* sequencesOf(simulation);
  }
}

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
}

/** Heights above the floor as the engine finds them, and when something stood out from it. */
function watch({ readings, mountingHeightMm }: WalkSimulation) {
  const floors = [0, 1].map(() => new FloorTracker(mountingHeightMm, null, nearestFloorMm));
  const heights: SideHeights[] = [0, 1].map(() => ({ at: [], height: [] }));
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
  const mountingHeight = (simulation.mountingHeightMm - 2500) / 500;
  for (let step = 0; step < steps; step++) input[step * inputs + 4] = mountingHeight;
  const passed = new Float32Array(steps * 2);
  for (const { atSeconds, untilSeconds, direction } of simulation.truth.crossings) {
    const passes = untilSeconds ?? atSeconds;
    if (passes < from - 0.1 || passes > to + 0.1) continue;
    layPassing(passed, passes - from, direction === 'in' ? 0 : 1);
  }
  return { steps, input, passed };
}

/** The readings of one side around a stretch, as the engine keeps them. */
function traceOf({ at, height }: SideHeights, from: number, to: number): HeightTrace {
  const trace = new HeightTrace();
  const reading = newCurrentReading();
  for (let index = lowerBound(at, from - 1); index < at.length && at[index]! < to + 1; index++) {
    reading[readingAt] = at[index]!;
    reading[readingHeight] = height[index]!;
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

import { type CrossingMatch, matchCrossings } from '../../calibration/audit/crossing-match.ts';
import type { Crossing, CrossingCounter, Doubt, Rejection } from '../../edge-agent/count/counter.ts';
import { createCounter } from '../../edge-agent/count/create-counter.ts';
import type { WalkProfileName } from '../../hardware/emulated/walks/walk-profiles.ts';
import { simulateWalks, type WalkSimulation } from '../../hardware/emulated/walks/walk-simulation.ts';
import type { DistanceChunk, SensorDescription } from '../../hardware/sensor.ts';
import { ThresholdMachine } from './threshold-machine.ts';

/** Everything a counter said about one simulation. */
export interface CounterRun {
  /** Name and version of the counter. */
  readonly engine: string;
  readonly crossings: readonly Crossing[];
  readonly rejections: readonly Rejection[];
  readonly doubts: readonly Doubt[];
  readonly match: CrossingMatch;
}

export interface AccuracyCase {
  readonly profile: WalkProfileName;
  readonly mountingHeightMm: number;
  readonly seed: number;
  readonly minutes: number;
  readonly readingsPerSecond?: number;
}

export interface CaseResult {
  readonly accuracyCase: AccuracyCase;
  readonly simulation: WalkSimulation;
  readonly ours: CounterRun;
  readonly threshold: CounterRun;
}

/** Readings a chunk, as a driver would hand them over every second or two. */
const chunkReadings = 64;

/** Simulates one case and has both counters count it. */
export function runAccuracyCase(accuracyCase: AccuracyCase): CaseResult {
  const simulation = simulateWalks(accuracyCase);
  const description: SensorDescription = {
    kind: 'vl53l1x',
    timeline: { kind: 'recorded', startedAtEpochSeconds: 0 },
    zones: simulation.zones,
    geometry: 'ceiling',
    mountingHeightMm: simulation.mountingHeightMm,
    simulated: true,
  };
  const made = createCounter(description, null);
  if (made.kind !== 'crossing') throw new RangeError('a VL53L1X is counted by a crossing counter');
  return {
    accuracyCase,
    simulation,
    ours: countSimulation(made.counter, simulation),
    threshold: countSimulation(new ThresholdMachine(simulation.zones), simulation),
  };
}

/** Feeds a simulation to a counter as a sensor would and matches what comes out with the truth. */
function countSimulation(counter: CrossingCounter, simulation: WalkSimulation): CounterRun {
  const crossings: Crossing[] = [];
  const rejections: Rejection[] = [];
  const doubts: Doubt[] = [];
  const sink = {
    crossing: (crossing: Crossing) => crossings.push({ ...crossing }),
    rejection: (rejection: Rejection) => rejections.push({ ...rejection }),
    doubt: (doubt: Doubt) => doubts.push({ ...doubt }),
    flag: () => {},
  };
  for (const chunk of chunksOf(simulation.readings)) {
    counter.take(chunk);
    counter.drain(sink);
  }
  counter.advance(simulation.durationSeconds);
  counter.finish();
  counter.drain(sink);
  const match = matchCrossings(simulation.truth.crossings, crossings);
  return { engine: counter.engine, crossings, rejections, doubts, match };
}

function* chunksOf(readings: DistanceChunk): Generator<DistanceChunk> {
  for (let from = 0; from < readings.length; from += chunkReadings) {
    const to = Math.min(readings.length, from + chunkReadings);
    yield {
      kind: 'distance',
      length: to - from,
      atSeconds: readings.atSeconds.subarray(from, to),
      zone: readings.zone.subarray(from, to),
      distanceMm: readings.distanceMm.subarray(from, to),
      status: readings.status.subarray(from, to),
      signalKcps: readings.signalKcps!.subarray(from, to),
      ambientKcps: readings.ambientKcps!.subarray(from, to),
      sigmaMm: readings.sigmaMm!.subarray(from, to),
      spads: readings.spads!.subarray(from, to),
    };
  }
}

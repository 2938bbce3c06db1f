import { memoryUsage } from 'node:process';
import type { CrossingCounter } from '../../edge-agent/count/counter.ts';
import { createCounter } from '../../edge-agent/count/create-counter.ts';
import { Lane } from '../../edge-agent/lane.ts';
import { drawArrivalScenario } from '../../hardware/emulated/walks/arrival-scenario.ts';
import { SeededRandom } from '../../hardware/emulated/walks/seeded-random.ts';
import { TimeOfFlightScene } from '../../hardware/emulated/walks/time-of-flight-scene.ts';
import { simulateWalks, type WalkSimulation } from '../../hardware/emulated/walks/walk-simulation.ts';
import { zoneLayouts } from '../../hardware/emulated/walks/zone-layout.ts';
import type { DistanceChunk } from '../../hardware/sensor.ts';

/**
 * Readings a second and bytes allocated a reading, for the counting engine alone and for a plain
 * loop that only sums the same readings: the limit of any engine; and for the agent's loop from reading to
 * interval. A shop's day is what a counter really does: 221 people in and as many out within ten
 * hours, the mean of the real door in tests/recordings/calit2. Run with --expose-gc for bytes.
 */

export interface EngineBenchRow {
  readonly what: string;
  readonly readings: number;
  readonly readingsPerSecond: number;
  /** NaN without --expose-gc. */
  readonly bytesPerReading: number;
  /** Share of one core that a sensor of 50 readings a second costs. */
  readonly shareOfCoreAt50Hz: number;
}

const minutes = 40;
const rounds = 6;

/** The same readings so often a round: what the clock, the collector and the compiler cost shrinks. */
const passes = 12;

/** A loop over chunks of readings. */
type Loop = (chunks: readonly DistanceChunk[], shiftSeconds: number) => void;

/** Measures an empty floor, quiet walks and a crowd; the best of the second half of the rounds counts. */
export async function run(): Promise<EngineBenchRow[]> {
  const rows: EngineBenchRow[] = [];
  const day = shopHours();
  rows.push(measure('engine, a shop’s day', chunksOf(day), engineLoop(usualPlace)));
  rows.push(measure('agent loop, a shop’s day', chunksOf(day), laneLoop()));
  rows.push(measure('sum of distances only, a shop’s day', chunksOf(day), sumLoop()));
  for (const profile of ['easy', 'quiet', 'busy'] as const) {
    const simulation = simulateWalks({ profile, seed: 5, mountingHeightMm: 2500, minutes });
    const chunks = chunksOf(simulation.readings);
    rows.push(measure(`engine, ${profile}`, chunks, engineLoop(simulation)));
    if (profile === 'easy') rows.push(measure('sum of distances only', chunks, sumLoop()));
  }
  const empty = emptyFloor(200_000);
  rows.push(measure('engine, empty floor', chunksOf(empty), engineLoop(usualPlace)));
  return rows;
}

const heightMm = 2500;
const usualPlace = { zones: zoneLayouts.two.map(({ zone }) => zone), mountingHeightMm: heightMm };

const descriptionOf = ({ zones, mountingHeightMm }: Pick<WalkSimulation, 'zones' | 'mountingHeightMm'>) =>
  ({
    kind: 'vl53l1x',
    timeline: { kind: 'recorded', startedAtEpochSeconds: 0 },
    zones,
    geometry: 'ceiling',
    mountingHeightMm,
    simulated: true,
  }) as const;

/** Two hours of a shop's day: 44 people in and as many out. */
function shopHours(): DistanceChunk {
  const slotSeconds = 1800;
  const arrivals = Array.from({ length: 4 }, () => ({ in: 11, out: 11 }));
  const scenario = drawArrivalScenario({ seed: 5, slotSeconds, arrivals });
  const scene = new TimeOfFlightScene(scenario, { seed: 5, mountingHeightMm: heightMm });
  const random = new SeededRandom(5, 'shop hours');
  const all = emptyFloor(scenario.durationSeconds * 40);
  for (let index = 0; index < all.length; index++) {
    const startSeconds = index * 0.025;
    const zone = index % 2;
    const exposure = { zone, startSeconds, exposureSeconds: 0.02 };
    const { distanceMm, status } = scene.measure(zoneLayouts.two[zone]!.region, exposure);
    all.atSeconds[index] = startSeconds + 0.02 + 0.002 * random.next();
    all.distanceMm[index] = distanceMm;
    all.status[index] = status;
  }
  return all;
}

function laneLoop(): Loop {
  const lane = new Lane({
    slot: 'door',
    description: descriptionOf(usualPlace),
    profile: null,
    profileHash: '0000000000000000',
    startSeconds: 0,
    calendar: { trust: 'synced', offsetSeconds: 0 },
  });
  return (chunks, shiftSeconds) => {
    for (const chunk of chunks) {
      shift(chunk, shiftSeconds);
      lane.take(chunk);
      shift(chunk, -shiftSeconds);
    }
  };
}

function engineLoop(place: Pick<WalkSimulation, 'zones' | 'mountingHeightMm'>): Loop {
  const made = createCounter(descriptionOf(place), null);
  if (made.kind !== 'crossing') throw new RangeError('a VL53L1X is counted by a crossing counter');
  const counter: CrossingCounter = made.counter;
  const sink = { crossing() {}, rejection() {}, doubt() {}, flag() {} };
  return (chunks, shiftSeconds) => {
    for (const chunk of chunks) {
      shift(chunk, shiftSeconds);
      counter.take(chunk);
      counter.drain(sink);
      shift(chunk, -shiftSeconds);
    }
  };
}

function sumLoop(): Loop {
  let sum = 0;
  return (chunks, shiftSeconds) => {
    for (const chunk of chunks) {
      shift(chunk, shiftSeconds);
      for (let index = 0; index < chunk.length; index++) {
        if (chunk.status[index] === 0) sum += chunk.distanceMm[index]! + chunk.atSeconds[index]!;
      }
      shift(chunk, -shiftSeconds);
    }
    if (sum < 0) throw new RangeError('distances are positive');
  };
}

/** The same hour again, later: an engine takes time in one direction only. */
function shift(chunk: DistanceChunk, seconds: number): void {
  for (let index = 0; index < chunk.length; index++) {
    chunk.atSeconds[index] = chunk.atSeconds[index]! + seconds;
  }
}

function measure(what: string, chunks: readonly DistanceChunk[], loop: Loop): EngineBenchRow {
  const readings = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const seconds = (chunks.at(-1)?.atSeconds[chunks.at(-1)!.length - 1] ?? 0) + 10;
  const collect = (globalThis as { gc?: () => void }).gc;
  const grown: number[] = [];
  let tookSeconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    collect?.();
    const before = memoryUsage().heapUsed;
    const began = performance.now();
    for (let pass = 0; pass < passes; pass++) loop(chunks, (round * passes + pass) * seconds);
    const took = (performance.now() - began) / 1000;
    const bytes = memoryUsage().heapUsed - before;
    // The first half warms up; a round in which the collector ran tells nothing about allocation.
    if (round < rounds / 2) continue;
    tookSeconds = Math.min(tookSeconds, took);
    if (bytes >= 0) grown.push(bytes / (passes * readings));
  }
  const readingsPerSecond = (passes * readings) / tookSeconds;
  return {
    what,
    readings,
    readingsPerSecond: Math.round(readingsPerSecond),
    bytesPerReading: collect === undefined || grown.length === 0 ? Number.NaN : Math.min(...grown),
    shareOfCoreAt50Hz: 50 / readingsPerSecond,
  };
}

/** Views of 64 readings each, as a driver would hand them over. */
function chunksOf(all: DistanceChunk): DistanceChunk[] {
  const chunks: DistanceChunk[] = [];
  for (let from = 0; from < all.length; from += 64) {
    const to = Math.min(all.length, from + 64);
    chunks.push({
      kind: 'distance',
      length: to - from,
      atSeconds: all.atSeconds.subarray(from, to),
      zone: all.zone.subarray(from, to),
      distanceMm: all.distanceMm.subarray(from, to),
      status: all.status.subarray(from, to),
    });
  }
  return chunks;
}

function emptyFloor(readings: number): DistanceChunk {
  return {
    kind: 'distance',
    length: readings,
    atSeconds: Float64Array.from({ length: readings }, (_, index) => index * 0.025),
    zone: Uint8Array.from({ length: readings }, (_, index) => index % 2),
    distanceMm: Float32Array.from({ length: readings }, (_, index) => 2495 + ((index * 7919) % 11)),
    status: new Uint8Array(readings),
  };
}

if (import.meta.main) console.table(await run());

import type { DistanceChunk } from '../../hardware/sensor.ts';
import { BeamLane } from './beam-lane.ts';
import { type BodyModel, bodyModel } from './body-model.ts';
import type { CrossingCounter, CrossingSink } from './counter.ts';
import type { CountingSite } from './counting-site.ts';
import { CrossingNetwork } from './crossing-network.ts';
import { crossingNetworkWeights } from './crossing-network-weights.ts';
import {
  newCurrentReading,
  readingAmbient,
  readingAt,
  readingDistance,
  readingHeight,
  readingSignal,
} from './current-reading.ts';
import { EchoStrength } from './echo-strength.ts';
import { FindingQueue } from './finding-queue.ts';
import { FloorTracker } from './floor-tracker.ts';
import { HeadLane } from './head-lane.ts';
import type { Lane } from './lane.ts';
import { NetworkLane } from './network-lane.ts';
import type { PathCandidate } from './path-candidate.ts';
import { PathLedger, waitSecondsMax } from './path-ledger.ts';
import { SensorWatch } from './sensor-watch.ts';

/** Farther than this is no reading of any sensor we serve (TF-Luna: 8 m, TFmini-S: 12 m). */
const rangeMm = 12_000;

/** Zone ids are bytes. */
const zoneIds = 256;

/** Sensors hang between 2.2 and 3 m; taken where nobody measured it and no floor has been seen. */
const usualHeightMm = 2500;

/** Three centuries of seconds: a later time is no time but a broken field. */
const latestSeconds = 1e10;

/** A zone's place in the arrays, or none. */
const noZone = -1;

class CrossingEngine implements CrossingCounter {
  readonly engine = 'crossing/3';
  readonly #body: BodyModel;
  readonly #findings = new FindingQueue();
  readonly #ledger = new PathLedger(this.#findings);
  readonly #slotOf = new Int8Array(zoneIds).fill(noZone);
  readonly #floors: readonly FloorTracker[];
  readonly #strengths: readonly EchoStrength[];
  readonly #lanes: readonly Lane[];
  readonly #laneOf: readonly Lane[];
  readonly #watch: SensorWatch;
  readonly #lastAt: Float64Array;
  /** 1 for each zone that repeats itself. */
  readonly #isFrozen: Uint8Array;
  readonly #reading = newCurrentReading().fill(Number.NEGATIVE_INFINITY);

  constructor(site: CountingSite) {
    this.#body = bodyModel(site);
    this.#isFrozen = new Uint8Array(site.zones.length);
    this.#lastAt = new Float64Array(site.zones.length).fill(Number.NEGATIVE_INFINITY);
    const nearest = this.#body.nearestFloorMm;
    this.#floors = site.zones.map(
      (zone) => new FloorTracker(zone.idleMm ?? site.mountingHeightMm, zone.idleDeviationMm, nearest),
    );
    this.#strengths = site.zones.map(() => new EchoStrength());
    site.zones.forEach((zone, slot) => {
      this.#slotOf[zone.id] = slot;
    });
    const found = (path: PathCandidate) => this.#ledger.add(path, this.#reading[readingAt]!);
    const byNumber = isWhatTheNetworkKnows(site)
      ? new Map<number, Lane>([[site.zones[0]!.lane, this.#networkLane(site)]])
      : lanesOf(site, this.#body, found);
    this.#laneOf = site.zones.map((zone) => byNumber.get(laneNumber(site, zone.lane))!);
    this.#lanes = [...byNumber.values()];
    const isMeasured = site.zones.some((zone) => zone.idleMm !== null);
    this.#watch = new SensorWatch(this.#floors, isMeasured, (span) => this.#findings.flag(span));
  }

  get live(): { readonly in: number; readonly out: number } {
    return this.#ledger.live;
  }

  #networkLane(site: CountingSite): NetworkLane {
    const heightMm = site.mountingHeightMm ?? usualHeightMm;
    return new NetworkLane({
      body: this.#body,
      isInside: site.zones.map((zone) => zone.side === 'inside'),
      heightMm,
      network: new CrossingNetwork(crossingNetworkWeights, heightMm),
      findings: this.#findings,
      count: (direction) => {
        this.#ledger.live[direction] += 1;
      },
    });
  }

  take(chunk: DistanceChunk): void {
    const { length, atSeconds, zone, distanceMm, status, signalKcps, ambientKcps } = chunk;
    const reading = this.#reading;
    const lastAt = this.#lastAt;
    for (let index = 0; index < length; index++) {
      const at = atSeconds[index]!;
      const slot = this.#slotOf[zone[index]!]!;
      if (slot === noZone || !(at > lastAt[slot]!) || !(at >= reading[readingAt]!) || at > latestSeconds)
        continue;
      lastAt[slot] = at;
      const distance = distanceMm[index]!;
      reading[readingAt] = at;
      reading[readingDistance] = distance;
      reading[readingSignal] = signalKcps === undefined ? Number.NaN : signalKcps[index]!;
      reading[readingAmbient] = ambientKcps === undefined ? Number.NaN : ambientKcps[index]!;
      this.#pass();
      this.#read(slot, status[index] === 0 && distance > 0 && distance < rangeMm);
    }
  }

  advance(atSeconds: number): void {
    if (!(atSeconds >= this.#reading[readingAt]!) || atSeconds > latestSeconds) return;
    this.#reading[readingAt] = atSeconds;
    this.#pass();
  }

  /** Time has come to that of the current reading. */
  #pass(): void {
    const reading = this.#reading;
    for (let lane = 0; lane < this.#lanes.length; lane++) this.#lanes[lane]!.advance(reading);
    if (!this.#ledger.isEmpty) this.#ledger.settleBefore(reading[readingAt]! - waitSecondsMax);
    this.#watch.advance(reading);
  }

  /** A sensor that repeats itself shows nobody: what it seemed to show is a path of its own making. */
  #dropFrozen(slot: number): void {
    if (!this.#laneOf[slot]!.drop()) return;
    this.#findings.rejection({ atSeconds: this.#reading[readingAt]!, reason: 'sensor-fault' });
  }

  drain(sink: CrossingSink): void {
    this.#findings.drain(sink);
  }

  finish(): void {
    for (const lane of this.#lanes) lane.close();
    this.#ledger.settleBefore(Number.POSITIVE_INFINITY);
  }

  #read(slot: number, isGood: boolean): void {
    const reading = this.#reading;
    const health = this.#watch.zones[slot]!;
    health.answered(reading, isGood);
    if (!isGood) return;
    health.measured(reading);
    if (health.isFrozen) {
      // What the other zones see afterwards is theirs: only what was open when it froze is dropped.
      if (this.#isFrozen[slot] === 0) this.#dropFrozen(slot);
      this.#isFrozen[slot] = 1;
      return;
    }
    this.#isFrozen[slot] = 0;
    const floor = this.#floors[slot]!;
    floor.take(reading);
    const height = floor.floorMm - reading[readingDistance]!;
    // Where the floor is not known yet, only something too near to be one is told apart.
    if (Number.isNaN(height)) {
      health.covered(reading, reading[readingDistance]! < this.#body.nearestFloorMm);
      return;
    }
    health.covered(reading, height > this.#body.coveredMm);
    reading[readingHeight] = height < this.#body.tallestMm ? height : this.#body.tallestMm;
    const isFloor = height < floor.clearMm && height > -floor.clearMm;
    this.#strengths[slot]!.judge(reading, floor.floorMm, isFloor);
    this.#laneOf[slot]!.take(slot, reading, floor);
  }
}

/** The network has seen two regions of one VL53L1X side by side, looking down; nothing else. */
function isWhatTheNetworkKnows({ kind, geometry, zones }: CountingSite): boolean {
  const [one, other] = zones;
  if (zones.length !== 2 || one === undefined || other === undefined) return false;
  return kind === 'vl53l1x' && geometry === 'ceiling' && one.lane === other.lane && one.side !== other.side;
}

/** From the side all beams are one lane: lanes there are heights of the same body. */
function laneNumber(site: CountingSite, lane: number): number {
  return site.geometry === 'ceiling' ? lane : 0;
}

function lanesOf(site: CountingSite, body: BodyModel, found: (path: PathCandidate) => void) {
  const isInside = site.zones.map((zone) => zone.side === 'inside');
  const heightMm = site.mountingHeightMm ?? usualHeightMm;
  const lanes = new Map<number, Lane>();
  for (const { lane } of site.zones) {
    const number = laneNumber(site, lane);
    if (lanes.has(number)) continue;
    const inLane = (path: PathCandidate) => {
      path.lane = number;
      found(path);
    };
    lanes.set(
      number,
      site.geometry === 'ceiling'
        ? new HeadLane(body, { heightMm, isInside }, inLane)
        : new BeamLane(body, isInside, inLane),
    );
  }
  return lanes;
}

/** The counting engine for a place; see docs for what it does with people, doors and objects. */
export function createCrossingEngine(site: CountingSite): CrossingCounter {
  return new CrossingEngine(site);
}

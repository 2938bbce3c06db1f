import type { DistanceChunk } from '../../hardware/sensor.ts';
import { type BodyModel, bodyModel } from './body-model.ts';
import type { CrossingCounter, CrossingSink } from './counter.ts';
import type { CountingSite } from './counting-site.ts';
import { FindingQueue } from './finding-queue.ts';
import { FloorTracker } from './floor-tracker.ts';
import { LaneTracker } from './lane-tracker.ts';
import type { PathCandidate } from './path-candidate.ts';
import { PathLedger, waitSecondsMax } from './path-ledger.ts';

/** Farther than this is no reading of any sensor we serve (TF-Luna: 8 m, TFmini-S: 12 m). */
const rangeMm = 12_000;

/** Zone ids are bytes. */
const zoneIds = 256;

/** Sensors hang between 2.2 and 3 m; taken where nobody measured it and no floor has been seen. */
const usualHeightMm = 2500;

/** A zone's place in the arrays, or none. */
const noZone = -1;

class CrossingEngine implements CrossingCounter {
  readonly engine = 'crossing/1';
  readonly #body: BodyModel;
  readonly #findings = new FindingQueue();
  readonly #ledger = new PathLedger(this.#findings);
  readonly #slotOf = new Int8Array(zoneIds).fill(noZone);
  readonly #floors: FloorTracker[] = [];
  readonly #lanes: LaneTracker[] = [];
  readonly #laneOf: LaneTracker[] = [];
  readonly #isInside: boolean[] = [];
  readonly #lastAt: Float64Array;
  #now = Number.NEGATIVE_INFINITY;

  constructor(site: CountingSite) {
    this.#body = bodyModel(site);
    this.#lastAt = new Float64Array(site.zones.length).fill(Number.NEGATIVE_INFINITY);
    const lanes = new Map<number, LaneTracker>();
    site.zones.forEach((zone, slot) => {
      this.#slotOf[zone.id] = slot;
      this.#floors.push(
        new FloorTracker(
          zone.idleMm ?? site.mountingHeightMm,
          zone.idleDeviationMm,
          this.#body.nearestFloorMm,
        ),
      );
      let lane = lanes.get(zone.lane);
      if (lane === undefined) {
        lane = new LaneTracker(this.#body, site.mountingHeightMm ?? usualHeightMm, (path) =>
          this.#found(path),
        );
        lanes.set(zone.lane, lane);
        this.#lanes.push(lane);
      }
      this.#laneOf.push(lane);
      this.#isInside.push(zone.side === 'inside');
    });
  }

  get live(): { readonly in: number; readonly out: number } {
    return this.#ledger.live;
  }

  take(chunk: DistanceChunk): void {
    const { length, atSeconds, zone, distanceMm, status } = chunk;
    for (let index = 0; index < length; index++) {
      const at = atSeconds[index]!;
      const slot = this.#slotOf[zone[index]!]!;
      if (slot === noZone || !(at > this.#lastAt[slot]!) || !(at >= this.#now) || at === Infinity) continue;
      this.#lastAt[slot] = at;
      this.advance(at);
      const distance = distanceMm[index]!;
      if (status[index] !== 0 || !(distance > 0 && distance < rangeMm)) continue;
      this.#read(slot, at, distance);
    }
  }

  advance(atSeconds: number): void {
    if (!(atSeconds >= this.#now) || atSeconds === Number.POSITIVE_INFINITY) return;
    this.#now = atSeconds;
    for (let lane = 0; lane < this.#lanes.length; lane++) this.#lanes[lane]!.advance(atSeconds);
    if (!this.#ledger.isEmpty) this.#ledger.settleBefore(atSeconds - waitSecondsMax);
  }

  drain(sink: CrossingSink): void {
    this.#findings.drain(sink);
  }

  finish(): void {
    for (const lane of this.#lanes) lane.close();
    this.#ledger.settleBefore(Number.POSITIVE_INFINITY);
  }

  #read(slot: number, at: number, distance: number): void {
    const floor = this.#floors[slot]!;
    floor.take(at, distance);
    const height = floor.floorMm - distance;
    // Not known yet where the floor is: nothing can be said.
    if (Number.isNaN(height)) return;
    this.#laneOf[slot]!.take(this.#isInside[slot]!, at, Math.min(height, this.#body.tallestMm), floor);
  }

  #found(path: PathCandidate): void {
    this.#ledger.add(path);
  }
}

/** The counting engine for a place; see docs for what it does with people, doors and objects. */
export function createCrossingEngine(site: CountingSite): CrossingCounter {
  return new CrossingEngine(site);
}

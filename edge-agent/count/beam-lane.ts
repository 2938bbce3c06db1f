import type { BodyModel } from './body-model.ts';
import { type CurrentReading, readingAt, readingHeight } from './current-reading.ts';
import type { Lane, ZoneNoise } from './lane.ts';
import { emptyPath, type PathCandidate } from './path-candidate.ts';

/** An echo lost on a coat is no gap: a zone is free after so many free readings in a row … */
const freeReadings = 3;

/** … and nobody follows so soon: less than the gap between two bodies at a run. */
const freeSeconds = 0.06;

/** Shorter than two readings at the slowest rate we serve: noise, not a body. */
const shortestPathSeconds = 0.05;

/** Longer than anybody walks through. */
const standingSeconds = 2.2;

/** Centres of both sides that differ by less than this share of the path tell no direction. */
const centreShare = 0.03;

/** Sides that begin or end within this share of the path of each other began or ended together. */
const clearShare = 0.25;

/** What has been seen of one side of the line during a path. */
class BeamSide {
  firstOnSeconds = Number.NaN;
  lastOnSeconds = Number.NaN;
  /** Sums over covered readings: the centre of the time in which the side was covered. */
  covered = 0;
  coveredSeconds = 0;

  get centreSeconds(): number {
    return this.coveredSeconds / this.covered;
  }

  cover(atSeconds: number, startSeconds: number): void {
    if (Number.isNaN(this.firstOnSeconds)) this.firstOnSeconds = atSeconds;
    this.lastOnSeconds = atSeconds;
    this.covered += 1;
    this.coveredSeconds += atSeconds - startSeconds;
  }

  clear(): void {
    this.firstOnSeconds = Number.NaN;
    this.lastOnSeconds = Number.NaN;
    this.covered = 0;
    this.coveredSeconds = 0;
  }
}

/**
 * Beams across a passage: there are no heads, only bodies that break beams on both sides of the
 * line. A path lasts until every beam is free; where it began, where it ended and which side was
 * covered earlier on the whole tell the direction.
 */
export class BeamLane implements Lane {
  readonly #body: BodyModel;
  readonly #found: (path: PathCandidate) => void;
  readonly #sides = [new BeamSide(), new BeamSide()] as const;
  /** Free readings in a row, by zone. */
  readonly #free: Uint32Array;
  readonly #isInside: readonly boolean[];
  #isOccupied = false;
  #startSeconds = 0;
  #lastOnSeconds = 0;
  /** Readings of the path in which a body answered. */
  #broken = 0;

  constructor(body: BodyModel, isInside: readonly boolean[], found: (path: PathCandidate) => void) {
    this.#body = body;
    this.#isInside = isInside;
    this.#free = new Uint32Array(isInside.length).fill(freeReadings);
    this.#found = found;
  }

  take(slot: number, reading: CurrentReading, floor: ZoneNoise): void {
    const atSeconds = reading[readingAt]!;
    const reachMm = reading[readingHeight]!;
    const free = this.#free;
    const level = free[slot]! < freeReadings ? this.#body.skirtMm : this.#body.enterMm;
    const isBroken = reachMm >= Math.max(level, floor.notableMm);
    // Where the far post always answers, no answer means a body that throws the echo elsewhere.
    if (!isBroken && reachMm > -this.#body.lostEchoMm) {
      free[slot] = free[slot]! + 1;
      return;
    }
    free[slot] = 0;
    if (isBroken) this.#broken += 1;
    if (!this.#isOccupied) {
      this.#isOccupied = true;
      this.#startSeconds = atSeconds;
    }
    this.#lastOnSeconds = atSeconds;
    this.#sides[this.#isInside[slot] ? 1 : 0].cover(atSeconds, this.#startSeconds);
  }

  advance(reading: CurrentReading): void {
    const atSeconds = reading[readingAt]!;
    if (!this.#isOccupied || atSeconds - this.#lastOnSeconds < freeSeconds) return;
    for (let slot = 0; slot < this.#free.length; slot++) if (this.#free[slot]! < freeReadings) return;
    this.close();
  }

  close(): void {
    if (!this.#isOccupied) return;
    this.#isOccupied = false;
    if (this.#broken > 0) this.#judge();
    this.#broken = 0;
    for (const side of this.#sides) side.clear();
  }

  drop(): boolean {
    const wasOccupied = this.#isOccupied;
    this.#isOccupied = false;
    this.#broken = 0;
    this.#free.fill(freeReadings);
    for (const side of this.#sides) side.clear();
    return wasOccupied;
  }

  #judge(): void {
    const [outside, inside] = this.#sides;
    const duration = this.#lastOnSeconds - this.#startSeconds;
    const path = emptyPath(0, this.#startSeconds + 0.5 * duration);
    path.startSeconds = this.#startSeconds;
    path.endSeconds = this.#lastOnSeconds;
    path.widthSeconds = duration;
    const order = this.#order(outside, inside, duration);
    if (duration < shortestPathSeconds) path.reason = 'too-short';
    else if (outside.covered === 0 || inside.covered === 0 || order === 0) {
      path.reason = duration > standingSeconds ? 'lingered' : 'turned-back';
    } else {
      path.direction = order > 0 ? 'in' : 'out';
      path.confidence = Math.abs(order) > 1 ? 0.97 : 0.85;
    }
    this.#found(path);
  }

  /**
   * Above zero from outside to inside, 0 for somebody who went back: then the first side is also the
   * last one by a clear margin at both ends, and neither side was covered earlier on the whole.
   */
  #order(outside: BeamSide, inside: BeamSide, duration: number): number {
    const onset = inside.firstOnSeconds - outside.firstOnSeconds;
    const offset = inside.lastOnSeconds - outside.lastOnSeconds;
    const centre = inside.centreSeconds - outside.centreSeconds;
    if (onset * offset > 0) return 2 * Math.sign(onset);
    const clear = clearShare * duration;
    if (Math.min(Math.abs(onset), Math.abs(offset)) < clear) return Math.sign(onset + offset + centre);
    return Math.abs(centre) < centreShare * duration ? 0 : Math.sign(centre);
  }
}

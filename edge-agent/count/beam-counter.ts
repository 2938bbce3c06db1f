import type { DistanceChunk, Side } from '../../hardware/sensor.ts';
import type { CrossingCounter, CrossingSink, Direction } from './counter.ts';
import type { CountingSite } from './counting-site.ts';
import { FindingQueue } from './finding-queue.ts';

/** A zone is entered below this share of its idle distance and left above the other (hysteresis). */
const enterShare = 0.82;
const leaveShare = 0.9;

/** Shorter than two readings at the slowest rate we serve: noise, not a body. */
const shortestPathSeconds = 0.05;

/** A path ends when both sides have been empty for so long: less than the gap between two people. */
const emptySeconds = 0.06;

/** Nobody stands in a door for longer; whoever does blocks the view. */
const standingSecondsMax = 60;

interface SideState {
  occupied: boolean;
  firstOnSeconds: number;
  lastOffSeconds: number;
}

interface ZoneState {
  readonly side: Side;
  idleMm: number | null;
  readonly guessed: boolean;
  occupied: boolean;
}

/** Counts whole paths over two sides by which was entered first and left last. */
class BeamCounter implements CrossingCounter {
  readonly engine = 'beams/1';
  readonly live = { in: 0, out: 0 };
  readonly #findings = new FindingQueue();
  readonly #zones = new Map<number, ZoneState>();
  readonly #sides: Record<Side, SideState> = { outside: emptySide(), inside: emptySide() };
  #startedSeconds: number | null = null;
  #nowSeconds = Number.NEGATIVE_INFINITY;

  constructor(site: CountingSite) {
    for (const zone of site.zones) {
      this.#zones.set(zone.id, {
        side: zone.side,
        idleMm: zone.idleMm ?? site.mountingHeightMm,
        guessed: (zone.idleMm ?? site.mountingHeightMm) === null,
        occupied: false,
      });
    }
  }

  take(chunk: DistanceChunk): void {
    for (let index = 0; index < chunk.length; index++) {
      const atSeconds = chunk.atSeconds[index]!;
      const distanceMm = chunk.distanceMm[index]!;
      if (!(atSeconds >= this.#nowSeconds)) continue;
      this.advance(atSeconds);
      if (chunk.status[index] !== 0 || !(distanceMm > 0)) continue;
      this.#read(chunk.zone[index]!, distanceMm, atSeconds);
    }
  }

  advance(atSeconds: number): void {
    if (!(atSeconds >= this.#nowSeconds)) return;
    this.#nowSeconds = atSeconds;
    const { outside, inside } = this.#sides;
    if (this.#startedSeconds === null || outside.occupied || inside.occupied) return;
    if (atSeconds - Math.max(outside.lastOffSeconds, inside.lastOffSeconds) >= emptySeconds) this.#judge();
  }

  drain(sink: CrossingSink): void {
    this.#findings.drain(sink);
  }

  finish(): void {
    if (this.#startedSeconds !== null) this.#judge();
  }

  #read(id: number, distanceMm: number, atSeconds: number): void {
    const zone = this.#zones.get(id);
    if (zone === undefined) return;
    // Without profile and mounting height the farthest distance so far is the best guess.
    if (zone.idleMm === null || (zone.guessed && distanceMm > zone.idleMm)) zone.idleMm = distanceMm;
    const share = distanceMm / zone.idleMm;
    const occupied = share < (zone.occupied ? leaveShare : enterShare);
    if (occupied === zone.occupied) return;
    zone.occupied = occupied;
    this.#update(zone.side, atSeconds);
  }

  #update(side: Side, atSeconds: number): void {
    let occupied = false;
    for (const zone of this.#zones.values()) occupied ||= zone.side === side && zone.occupied;
    const state = this.#sides[side];
    if (occupied && !state.occupied) {
      this.#startedSeconds ??= atSeconds;
      if (Number.isNaN(state.firstOnSeconds)) state.firstOnSeconds = atSeconds;
    }
    if (!occupied && state.occupied) state.lastOffSeconds = atSeconds;
    state.occupied = occupied;
  }

  #judge(): void {
    const { outside, inside } = this.#sides;
    const endSeconds = Math.max(outside.lastOffSeconds, inside.lastOffSeconds, this.#startedSeconds!);
    const durationSeconds = endSeconds - this.#startedSeconds!;
    const atSeconds = (this.#startedSeconds! + endSeconds) / 2;
    const direction = directionOf(outside, inside);
    if (direction !== null && durationSeconds >= shortestPathSeconds) {
      this.live[direction] += 1;
      this.#findings.crossing({ atSeconds, direction, confidence: 0.9 });
    } else {
      const reason =
        durationSeconds > standingSecondsMax
          ? 'blocked'
          : durationSeconds < shortestPathSeconds
            ? 'too-short'
            : 'turned-back';
      this.#findings.rejection({ atSeconds, reason });
    }
    this.#startedSeconds = null;
    Object.assign(outside, emptySide());
    Object.assign(inside, emptySide());
  }
}

function emptySide(): SideState {
  return {
    occupied: false,
    firstOnSeconds: Number.NaN,
    lastOffSeconds: Number.NEGATIVE_INFINITY,
  };
}

/** First side on and last side off must differ; a tie at one end is decided by the other. */
function directionOf(outside: SideState, inside: SideState): Direction | null {
  if (Number.isNaN(outside.firstOnSeconds) || Number.isNaN(inside.firstOnSeconds)) return null;
  const onset = Math.sign(inside.firstOnSeconds - outside.firstOnSeconds);
  const offset = Math.sign(inside.lastOffSeconds - outside.lastOffSeconds);
  if (onset + offset === 0) return null;
  return onset + offset > 0 ? 'in' : 'out';
}

/** A simple counter of whole paths; a path ends when both sides are empty. */
export function createBeamCounter(site: CountingSite): CrossingCounter {
  return new BeamCounter(site);
}

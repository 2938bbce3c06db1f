import {
  type CurrentReading,
  readingAmbient,
  readingAt,
  readingDistance,
  readingSignal,
} from './current-reading.ts';

/**
 * What one zone's readings say about the sensor's health. Plain numbers, updated a reading at a
 * time; `SensorWatch` turns the zones' states into flags.
 */

/** Equal readings a moving air and a photon count cannot give: 4 mm of noise repeat once in ten. */
const frozenSeconds = 10;

/** Lidars tell whole centimetres and repeat them for long over a still floor. */
const frozenCoarseSeconds = 180;

/** Fewer equal readings than this are chance, however slow the sensor. */
const frozenReadings = 50;

/** Weight of a reading in the share of bad statuses: some two seconds at 20 readings a second. */
const statusShare = 0.025;

/** Ambient light (kcps) above which bad statuses are the sun's; a lit room has some tens. */
export const sunAmbientKcps = 800;

/** First readings that tell whether somebody stands underneath at start. */
const startReadings = 12;

export class ZoneWatch {
  firstSeconds = Number.NaN;
  lastSeconds = Number.NEGATIVE_INFINITY;
  /** When the present run of equal readings began. */
  sameSinceSeconds = 0;
  /** Share of bad statuses during the last seconds. */
  badShare = 0;
  badSinceSeconds = 0;
  /** When the zone was last seen free, or when watching began. */
  occupiedSinceSeconds = Number.NaN;
  startState: 'unknown' | 'free' | 'occupied' | 'over' = 'unknown';
  #ambientKcps = Number.NaN;
  #sameReadings = 0;
  #lastDistanceMm = Number.NaN;
  #lastSignalKcps = Number.NaN;
  #isCoarse = true;
  #startReadings = 0;
  #startHigh = 0;

  /** Every reading, whatever its status. */
  answered(reading: CurrentReading, isGood: boolean): void {
    const atSeconds = reading[readingAt]!;
    const ambientKcps = reading[readingAmbient]!;
    if (Number.isNaN(this.firstSeconds)) this.firstSeconds = atSeconds;
    this.lastSeconds = atSeconds;
    if (this.badShare < statusShare / 2) this.badSinceSeconds = atSeconds;
    this.badShare += statusShare * ((isGood ? 0 : 1) - this.badShare);
    if (!Number.isNaN(ambientKcps)) this.#ambientKcps = ambientKcps;
  }

  /** Every good reading. */
  measured(reading: CurrentReading): void {
    const atSeconds = reading[readingAt]!;
    const distanceMm = reading[readingDistance]!;
    const signalKcps = reading[readingSignal]!;
    if (distanceMm % 10 !== 0) this.#isCoarse = false;
    const isSame =
      distanceMm === this.#lastDistanceMm &&
      (signalKcps === this.#lastSignalKcps ||
        (Number.isNaN(signalKcps) && Number.isNaN(this.#lastSignalKcps)));
    if (isSame) {
      this.#sameReadings += 1;
      return;
    }
    this.#lastDistanceMm = distanceMm;
    this.#lastSignalKcps = signalKcps;
    this.#sameReadings = 0;
    this.sameSinceSeconds = atSeconds;
  }

  /** Whether the zone is covered, told for every good reading whose height is known. */
  covered(reading: CurrentReading, isCovered: boolean): void {
    const atSeconds = reading[readingAt]!;
    if (!isCovered) this.occupiedSinceSeconds = Number.NaN;
    else if (Number.isNaN(this.occupiedSinceSeconds)) this.occupiedSinceSeconds = atSeconds;
    if (this.startState === 'occupied' && !isCovered) this.startState = 'over';
    if (this.startState !== 'unknown') return;
    this.#startReadings += 1;
    if (isCovered) this.#startHigh += 1;
    if (this.#startReadings < startReadings) return;
    this.startState = 2 * this.#startHigh > startReadings ? 'occupied' : 'free';
  }

  get isFrozen(): boolean {
    const needed = this.#isCoarse ? frozenCoarseSeconds : frozenSeconds;
    return this.#sameReadings >= frozenReadings && this.lastSeconds - this.sameSinceSeconds >= needed;
  }

  /** Bad statuses in bright light; where the sensor does not tell the light, bad statuses alone. */
  get isSunny(): boolean {
    return Number.isNaN(this.#ambientKcps) || this.#ambientKcps >= sunAmbientKcps;
  }
}

import { type CurrentReading, readingDistance, readingSignal, readingStrength } from './current-reading.ts';

/**
 * How much of the view a body fills, from the strength of the echo. A surface that fills the view sends
 * back light in proportion to its reflectance and to 1 / distance² (ST UM2600); compared with the
 * bare floor of the same zone only reflectance and the filled share remain. Two half bodies at the
 * rims of the view and one off its axis read the same distance, but not the same strength.
 */

/** The floor's strength follows with this weight: a second or two of readings. */
const followShare = 1 / 64;

/** Readings of the floor before its strength is believed. */
const readingsMin = 8;

/** Nothing is a dozen times as bright as a floor, or as dark: logarithms. */
const strengthMax = 2.5;

export class EchoStrength {
  /** Natural logarithm of the floor's signal; 0 until known. */
  #floorLog = 0;
  #readings = 0;

  /** Writes the strength of the current reading: 0 where signals are missing or the floor's is unknown. */
  judge(reading: CurrentReading, floorMm: number, isFloor: boolean): void {
    const signal = reading[readingSignal]!;
    reading[readingStrength] = 0;
    if (!(signal > 0)) return;
    const log = Math.log(signal);
    if (isFloor) {
      this.#readings = Math.min(this.#readings + 1, readingsMin + 1 / followShare);
      this.#floorLog += Math.max(followShare, 1 / this.#readings) * (log - this.#floorLog);
    }
    if (this.#readings < readingsMin) return;
    const strength = log - this.#floorLog + 2 * Math.log(reading[readingDistance]! / floorMm);
    reading[readingStrength] = Math.min(strengthMax, Math.max(-strengthMax, strength));
  }
}

import { type CurrentReading, readingAt, readingHeight, readingStrength } from './current-reading.ts';

/**
 * The heights of one side while somebody is there, and a little before. Linear, of fixed size:
 * what nobody needs any more is dropped from the front, and where somebody stands for minutes the
 * older half is thinned, because a standing body changes slowly.
 */

/** Ten seconds at the densest rate kept (lidars are averaged to 125 a second). */
const traceReadings = 1280;

/** Kept while nothing is there: the first slope of the next body begins in it. */
const leadReadings = 24;

/** Lidars of 250 Hz are averaged to this spacing: a walker moves 2 cm within it. */
const spacingSeconds = 0.0078;

export class HeightTrace {
  length = 0;
  readonly at = new Float64Array(traceReadings);
  readonly height = new Float32Array(traceReadings);
  readonly strength = new Float32Array(traceReadings);
  #merged = 1;

  push(reading: CurrentReading): void {
    const atSeconds = reading[readingAt]!;
    const heightMm = reading[readingHeight]!;
    const strength = reading[readingStrength]!;
    const last = this.length - 1;
    if (last >= 0 && atSeconds - this.at[last]! < spacingSeconds) {
      this.#merged += 1;
      this.height[last] = this.height[last]! + (heightMm - this.height[last]!) / this.#merged;
      this.strength[last] = this.strength[last]! + (strength - this.strength[last]!) / this.#merged;
      return;
    }
    if (this.length === traceReadings) this.#thin();
    this.at[this.length] = atSeconds;
    this.height[this.length] = heightMm;
    this.strength[this.length] = strength;
    this.length += 1;
    this.#merged = 1;
  }

  /** Forgets everything before `index`. */
  dropBefore(index: number): void {
    if (index <= 0) return;
    const kept = Math.max(0, this.length - index);
    this.at.copyWithin(0, this.length - kept, this.length);
    this.height.copyWithin(0, this.length - kept, this.length);
    this.strength.copyWithin(0, this.length - kept, this.length);
    this.length = kept;
  }

  /** Keeps only the lead; called while nothing is there. */
  trim(): void {
    if (this.length >= 4 * leadReadings) this.dropBefore(this.length - leadReadings);
  }

  /** The first index whose time is not before `atSeconds`. */
  indexAt(atSeconds: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at[middle]! < atSeconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #thin(): void {
    const half = this.length >> 1;
    let to = 1;
    for (let from = 1; from < this.length; from++) {
      if (from < half && from % 2 === 1) continue;
      this.at[to] = this.at[from]!;
      this.height[to] = this.height[from]!;
      this.strength[to] = this.strength[from]!;
      to += 1;
    }
    this.length = to;
  }
}

/**
 * The upper edges of door leaves that have been seen to open and close. A leaf reads the same to a
 * few millimetres every time, so that a leaf that is held open, or opens while somebody passes, is
 * known again without its way back.
 */

/** A door, its other leaf, and one to spare. */
const leavesMax = 4;

/** The same leaf reads the same within noise and drift. */
const sameLeafMm = 18;

/** A tall person may go in and come out once; a third time it is a leaf. */
const swingsMin = 3;

export class LeafMemory {
  readonly #heightMm = new Float64Array(leavesMax);
  readonly #swings = new Uint32Array(leavesMax);

  /** Whether a leaf of this height is known. */
  knows(heightMm: number): boolean {
    for (let leaf = 0; leaf < leavesMax; leaf++) {
      if (this.#swings[leaf]! >= swingsMin && Math.abs(this.#heightMm[leaf]! - heightMm) < sameLeafMm)
        return true;
    }
    return false;
  }

  /** A leaf of this height has opened and closed. */
  learn(heightMm: number): void {
    let place = 0;
    for (let leaf = 0; leaf < leavesMax; leaf++) {
      if (this.#swings[leaf]! > 0 && Math.abs(this.#heightMm[leaf]! - heightMm) < sameLeafMm) {
        this.#swings[leaf] = this.#swings[leaf]! + 1;
        this.#heightMm[leaf] = this.#heightMm[leaf]! + 0.2 * (heightMm - this.#heightMm[leaf]!);
        return;
      }
      if (this.#swings[leaf]! < this.#swings[place]!) place = leaf;
    }
    this.#heightMm[place] = heightMm;
    this.#swings[place] = 1;
  }
}

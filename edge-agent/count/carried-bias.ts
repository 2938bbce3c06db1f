/**
 * What was counted too little or too much, where it does not cancel. A counter that takes every other
 * couple for one person is wrong the same way each time, so the error of a sum grows like the sum and
 * not like its root. What is left over of the expectation is carried along, and each new part
 * brings the square it adds to, so that the variances of an interval sum up to the square of its bias.
 */

/** The part of an earlier bias that still belongs to the same interval fades with this time. */
const biasSeconds = 300;

export class CarriedBias {
  #bias = 0;
  #atSeconds = Number.NEGATIVE_INFINITY;

  /**
   * People² that `left` more people than were counted add to the squared bias; negative where it makes
   * up for an earlier part of the other sign.
   */
  add(left: number, atSeconds: number): number {
    this.#bias *= Math.exp(-Math.max(0, atSeconds - this.#atSeconds) / biasSeconds);
    this.#atSeconds = Math.max(this.#atSeconds, atSeconds);
    const added = left * left + 2 * left * this.#bias;
    this.#bias += left;
    return added;
  }
}

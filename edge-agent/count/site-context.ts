/**
 * What usually comes through here. At a passage with a swing door most of what is seen is a leaf; at one
 * that couples use, two come abreast; where many turn back, the next one may. One sight alone cannot
 * tell a broad walker from two, but what the last two dozen sights were like shifts the odds: the network
 * gets the weighted means of their forms as inputs that stay the same over a sight. What was counted is
 * left out on purpose: a place would come to believe its own mistakes. Nothing about anybody is
 * kept but these few means, and old sights fade.
 */

/** Means, and how many sights they are made of. */
export const contextInputs = 5;

/** A sight's weight falls to a third after so many. */
const sightsRemembered = 24;

/** Before anything was seen the means are those of all places: as if so many usual sights had been seen. */
const usualSights = 3;

/** Sights after which the means are half as good as they get. */
const sightsForTrust = 8;

/** Collects one sight after the other and forgets slowly. Allocates nothing while it runs. */
export class SiteContext {
  readonly values = new Float32Array(contextInputs);
  readonly #sums = new Float64Array(contextInputs - 1);
  #weight = 0;
  #sights = 0;
  // The sight that goes on.
  #steps = 0;
  #outsideSum = 0;
  #insideSum = 0;
  #outsideMoment = 0;
  #insideMoment = 0;
  #topM = 0;

  /** One step of the sight: heights of both sides in metres. */
  step(outsideM: number, insideM: number): void {
    const outside = outsideM > 0 ? outsideM : 0;
    const inside = insideM > 0 ? insideM : 0;
    this.#outsideSum += outside;
    this.#insideSum += inside;
    this.#outsideMoment += outside * this.#steps;
    this.#insideMoment += inside * this.#steps;
    this.#topM = Math.max(this.#topM, outside, inside);
    this.#steps += 1;
  }

  /** The sight is over; `stepSeconds` is the length of its steps. */
  end(stepSeconds: number): void {
    const both = this.#outsideSum + this.#insideSum;
    const lagSteps =
      this.#outsideSum > 0 && this.#insideSum > 0
        ? this.#outsideMoment / this.#outsideSum - this.#insideMoment / this.#insideSum
        : 0;
    const keep = Math.exp(-1 / sightsRemembered);
    this.#weight = this.#weight * keep + 1;
    this.#sights += 1;
    for (let at = 0; at < this.#sums.length; at++) this.#sums[at]! *= keep;
    // Each is about 0 where single adults walk through, and between -2 and 2.
    this.#sums[0]! += (Math.log(this.#steps * stepSeconds) - 0.8) / 0.7;
    this.#sums[1]! += (this.#topM - 1.65) / 0.3;
    this.#sums[2]! += Math.tanh((Math.abs(lagSteps) * stepSeconds) / 0.3);
    this.#sums[3]! += both > 0 ? Math.abs(this.#outsideSum - this.#insideSum) / both : 1;
    for (let at = 0; at < this.#sums.length; at++) {
      this.values[at] = this.#sums[at]! / (this.#weight + usualSights);
    }
    this.values[contextInputs - 1] = this.#sights / (this.#sights + sightsForTrust);
    this.#drop();
  }

  #drop(): void {
    this.#steps = 0;
    this.#outsideSum = 0;
    this.#insideSum = 0;
    this.#outsideMoment = 0;
    this.#insideMoment = 0;
    this.#topM = 0;
  }
}

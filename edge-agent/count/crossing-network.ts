import type { HeightTrace } from './height-trace.ts';
import { contextInputs } from './site-context.ts';

/**
 * Reads the heights of both sides of the line and says, step by step, how many people passed it
 * inwards and outwards: expected crossings a step, so that their sum over a time is the expected
 * count. A small recurrent network (gated recurrent units, Cho et al. 2014, arXiv:1406.1078),
 * trained on simulated walks (scripts/train) and built so that it cannot prefer a side or a
 * direction of time: exchanging the sides exchanges in and out, and so does playing time backwards.
 */

/** Steps are so long: a walker of 1.4 m/s moves 6 cm, a third of the way between the zones. */
export const stepSeconds = 0.04;

/** The longest time that can be judged at once, ten seconds: bounds memory and work. */
export const stepsMax = 250;

/** Between good readings of one side this far apart nothing is known. */
const unknownSeconds = 0.5;
/** Beyond the first or last reading the height is taken to stay for so long. */
const holdSeconds = 0.15;

/** Height, "is it known" and strength of the echo, each outside and inside, at each step. */
export const inputs = 6;

/** The mounting height, "are strengths known" and the place: the same for all steps of a run. */
export const constants = 2 + contextInputs;

/** Weights, in the order in which training writes them. */
export interface NetworkWeights {
  readonly hidden: number;
  readonly mixed: number;
  readonly values: Float32Array;
}

/** Number of weights of a network. */
export function weightCount(hidden: number, mixed: number): number {
  return 3 * hidden * (inputs + constants + hidden + 1) + hidden + mixed * (2 * hidden + 2) + 1;
}

/** Puts what one side (0 outside, 1 inside) saw onto `steps` steps from the time `from` on. */
export function layHeights(
  { at, height, strength, length }: Pick<HeightTrace, 'at' | 'height' | 'strength' | 'length'>,
  side: 0 | 1,
  { from, steps }: { readonly from: number; readonly steps: number },
  input: Float32Array | Float64Array,
): void {
  let right = 0;
  for (let step = 0; step < steps; step++) {
    const time = from + step * stepSeconds;
    while (right < length && at[right]! < time) right += 1;
    const left = right - 1;
    let value = Number.NaN;
    let bright = 0;
    if (left >= 0 && right < length && at[right]! - at[left]! < unknownSeconds) {
      const share = (time - at[left]!) / (at[right]! - at[left]!);
      value = height[left]! + share * (height[right]! - height[left]!);
      bright = strength[left]! + share * (strength[right]! - strength[left]!);
    } else {
      const near =
        left >= 0 && time - at[left]! < holdSeconds
          ? left
          : right < length && at[right]! - time < holdSeconds
            ? right
            : -1;
      if (near >= 0) {
        value = height[near]!;
        bright = strength[near]!;
      }
    }
    const isKnown = !Number.isNaN(value);
    input[step * inputs + side] = isKnown ? Math.max(-0.1, value / 1000) : 0;
    input[step * inputs + 2 + side] = isKnown ? 1 : 0;
    input[step * inputs + 4 + side] = bright;
  }
}

/** One network with room for the states of `stepsMax` steps; allocates nothing while it runs. */
export class CrossingNetwork {
  /** Expected crossings inwards in each step since the `from` of the last run. */
  readonly expectedIn = new Float64Array(stepsMax);
  readonly expectedOut = new Float64Array(stepsMax);
  readonly #weights: NetworkWeights;
  /** The weights as 64-bit floats: nothing has to be widened while it runs. */
  readonly #values: Float64Array;
  readonly #input = new Float64Array(stepsMax * inputs);
  /** States after each step of the four readings: forwards and backwards, as seen and exchanged. */
  readonly #states: readonly Float64Array[];
  /** States of the two forward readings at the beginning of the next run: all that came before. */
  readonly #carried: readonly Float64Array[];
  /** Constants of the next runs. Who knows the sensor and the place writes the second and those after it. */
  readonly constants = new Float32Array(constants);
  /** Bias and constants of the three gates, worked out once a run. */
  readonly #base: Float64Array;

  constructor(weights: NetworkWeights, mountingHeightMm: number) {
    const { hidden, mixed, values } = weights;
    if (values.length !== weightCount(hidden, mixed)) throw new RangeError('weights do not fit the network');
    this.#weights = weights;
    this.#states = [0, 1, 2, 3].map(() => new Float64Array((stepsMax + 1) * hidden));
    this.#carried = [0, 1].map(() => new Float64Array(hidden));
    this.#base = new Float64Array(3 * hidden);
    this.#values = Float64Array.from(values);
    this.constants[0] = (mountingHeightMm - 2500) / 500;
  }

  /** Forgets everything: the scene was empty. */
  begin(): void {
    for (const states of this.#carried) states.fill(0);
  }

  /** Remembers what the last run knew before `step`: the next run begins there. */
  carry(step: number): void {
    const { hidden } = this.#weights;
    this.#carried[0]!.set(this.#states[0]!.subarray(step * hidden, (step + 1) * hidden));
    this.#carried[1]!.set(this.#states[2]!.subarray(step * hidden, (step + 1) * hidden));
  }

  /** Judges `steps` steps from `fromSeconds` on. The results stand in `expectedIn` and `expectedOut`. */
  run(outside: HeightTrace, inside: HeightTrace, fromSeconds: number, steps: number): void {
    const span = { from: fromSeconds, steps };
    layHeights(outside, 0, span, this.#input);
    layHeights(inside, 1, span, this.#input);
    this.#prepare();
    this.#read(0, 2, steps, false);
    this.#read(3, 1, steps, true);
    this.#mix(0, 1, steps, this.expectedIn);
    this.#mix(2, 3, steps, this.expectedOut);
  }

  /** Heights of a step of the last run, metres: 0 outside, 1 inside. */
  heightAt(step: number, side: 0 | 1): number {
    return this.#input[step * inputs + side]!;
  }

  #prepare(): void {
    const { hidden } = this.#weights;
    const values = this.#values;
    const from = 3 * hidden * inputs;
    const bias = from + 3 * hidden * (constants + hidden);
    for (let gate = 0; gate < 3 * hidden; gate++) {
      let sum = values[bias + gate]!;
      for (let at = 0; at < constants; at++)
        sum += values[from + gate * constants + at]! * this.constants[at]!;
      this.#base[gate] = sum;
    }
  }

  /**
   * Runs the recurrent layer over the steps, as seen and with exchanged sides at once: both share every
   * weight that is fetched. `seen` and `exchanged` name the states; `backwards` turns time.
   */
  #read(seen: number, exchanged: number, steps: number, backwards: boolean): void {
    const { hidden } = this.#weights;
    const values = this.#values;
    const input = this.#input;
    const one = this.#states[seen]!;
    const two = this.#states[exchanged]!;
    const base = this.#base;
    const square = hidden * hidden;
    const recurrent = 3 * hidden * (inputs + constants);
    const candidateBias = recurrent + 3 * square + 3 * hidden;
    if (backwards) {
      one.fill(0, 0, hidden);
      two.fill(0, 0, hidden);
    } else {
      one.set(this.#carried[0]!);
      two.set(this.#carried[1]!);
    }
    for (let step = 0; step < steps; step++) {
      const x = (backwards ? steps - 1 - step : step) * inputs;
      const before = step * hidden;
      const after = before + hidden;
      for (let unit = 0; unit < hidden; unit++) {
        let update1 = base[unit]!;
        let update2 = update1;
        let reset1 = base[hidden + unit]!;
        let reset2 = reset1;
        let fresh1 = base[2 * hidden + unit]!;
        let fresh2 = fresh1;
        for (let at = 0; at < inputs; at++) {
          // Inputs come in pairs, outside and inside; exchanging them exchanges the sides.
          const x1 = input[x + at]!;
          const x2 = input[x + (at ^ 1)]!;
          const row = unit * inputs + at;
          const updateWeight = values[row]!;
          const resetWeight = values[row + hidden * inputs]!;
          const freshWeight = values[row + 2 * hidden * inputs]!;
          update1 += updateWeight * x1;
          update2 += updateWeight * x2;
          reset1 += resetWeight * x1;
          reset2 += resetWeight * x2;
          fresh1 += freshWeight * x1;
          fresh2 += freshWeight * x2;
        }
        let remembered1 = values[candidateBias + unit]!;
        let remembered2 = remembered1;
        const row = recurrent + unit * hidden;
        for (let at = 0; at < hidden; at++) {
          const state1 = one[before + at]!;
          const state2 = two[before + at]!;
          const updateWeight = values[row + at]!;
          const resetWeight = values[row + square + at]!;
          const rememberedWeight = values[row + 2 * square + at]!;
          update1 += updateWeight * state1;
          update2 += updateWeight * state2;
          reset1 += resetWeight * state1;
          reset2 += resetWeight * state2;
          remembered1 += rememberedWeight * state1;
          remembered2 += rememberedWeight * state2;
        }
        const share1 = 1 / (1 + Math.exp(-update1));
        const share2 = 1 / (1 + Math.exp(-update2));
        const new1 = Math.tanh(fresh1 + remembered1 / (1 + Math.exp(-reset1)));
        const new2 = Math.tanh(fresh2 + remembered2 / (1 + Math.exp(-reset2)));
        one[after + unit] = share1 * new1 + (1 - share1) * one[before + unit]!;
        two[after + unit] = share2 * new2 + (1 - share2) * two[before + unit]!;
      }
    }
  }

  /** Joins what was read before and after each step into the expected crossings of that step. */
  #mix(before: number, after: number, steps: number, expected: Float64Array): void {
    const { hidden, mixed } = this.#weights;
    const values = this.#values;
    const earlier = this.#states[before]!;
    const later = this.#states[after]!;
    const layer = 3 * hidden * (inputs + constants + hidden + 1) + hidden;
    const bias = layer + 2 * hidden * mixed;
    const output = bias + mixed;
    const outputBias = values[output + mixed]!;
    for (let step = 0; step < steps; step++) {
      const a = (step + 1) * hidden;
      const b = (steps - step) * hidden;
      let sum = outputBias;
      for (let unit = 0; unit < mixed; unit++) {
        let value = values[bias + unit]!;
        const row = layer + unit * 2 * hidden;
        for (let at = 0; at < hidden; at++) {
          const one = earlier[a + at]!;
          const other = later[b + at]!;
          value += values[row + at]! * (one + other) + values[row + hidden + at]! * one * other;
        }
        sum += values[output + unit]! * Math.tanh(value);
      }
      expected[step] = sum > 30 ? sum : Math.log1p(Math.exp(sum));
    }
  }
}

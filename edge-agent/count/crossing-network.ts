import type { HeightTrace } from './height-trace.ts';

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

/** Height and "is it known" of both sides, and the mounting height. */
export const inputs = 5;

/** Weights, in the order in which training writes them. */
export interface NetworkWeights {
  readonly hidden: number;
  readonly mixed: number;
  readonly values: Float32Array;
}

/** Number of weights of a network. */
export function weightCount(hidden: number, mixed: number): number {
  return 3 * hidden * (inputs + hidden + 1) + hidden + mixed * (2 * hidden + 2) + 1;
}

/** Puts the heights of one side (0 outside, 1 inside) onto `steps` steps from the time `from` on. */
export function layHeights(
  { at, height, length }: Pick<HeightTrace, 'at' | 'height' | 'length'>,
  side: 0 | 1,
  { from, steps }: { readonly from: number; readonly steps: number },
  input: Float32Array,
): void {
  let right = 0;
  for (let step = 0; step < steps; step++) {
    const time = from + step * stepSeconds;
    while (right < length && at[right]! < time) right += 1;
    const left = right - 1;
    let value = Number.NaN;
    if (left >= 0 && right < length && at[right]! - at[left]! < unknownSeconds) {
      const share = (time - at[left]!) / (at[right]! - at[left]!);
      value = height[left]! + share * (height[right]! - height[left]!);
    } else if (left >= 0 && time - at[left]! < holdSeconds) value = height[left]!;
    else if (right < length && at[right]! - time < holdSeconds) value = height[right]!;
    const isKnown = !Number.isNaN(value);
    input[step * inputs + side] = isKnown ? Math.max(-0.1, value / 1000) : 0;
    input[step * inputs + 2 + side] = isKnown ? 1 : 0;
  }
}

/** One network with room for the states of `stepsMax` steps; allocates nothing while it runs. */
export class CrossingNetwork {
  /** Expected crossings inwards in each step since the `from` of the last run. */
  readonly expectedIn = new Float64Array(stepsMax);
  readonly expectedOut = new Float64Array(stepsMax);
  readonly #weights: NetworkWeights;
  readonly #input = new Float32Array(stepsMax * inputs);
  /** States after each step of the four readings: forwards and backwards, as seen and exchanged. */
  readonly #states: readonly Float32Array[];
  /** States of the two forward readings at the beginning of the next run: all that came before. */
  readonly #carried: readonly Float32Array[];
  readonly #mountingHeight: number;

  constructor(weights: NetworkWeights, mountingHeightMm: number) {
    const { hidden, mixed, values } = weights;
    if (values.length !== weightCount(hidden, mixed)) throw new RangeError('weights do not fit the network');
    this.#weights = weights;
    this.#states = [0, 1, 2, 3].map(() => new Float32Array((stepsMax + 1) * hidden));
    this.#carried = [0, 1].map(() => new Float32Array(hidden));
    this.#mountingHeight = (mountingHeightMm - 2500) / 500;
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
    for (let step = 0; step < steps; step++) this.#input[step * inputs + 4] = this.#mountingHeight;
    this.#read(0, steps, false, false);
    this.#read(1, steps, true, true);
    this.#read(2, steps, true, false);
    this.#read(3, steps, false, true);
    this.#mix(0, 1, steps, this.expectedIn);
    this.#mix(2, 3, steps, this.expectedOut);
  }

  /** Runs the recurrent layer over the steps; `exchanged` swaps the sides, `backwards` turns time. */
  #read(run: number, steps: number, exchanged: boolean, backwards: boolean): void {
    const { hidden, values } = this.#weights;
    const input = this.#input;
    const states = this.#states[run]!;
    const recurrent = 3 * hidden * inputs;
    const bias = recurrent + 3 * hidden * hidden;
    const candidateBias = bias + 3 * hidden;
    const first = exchanged ? 1 : 0;
    const second = 1 - first;
    if (backwards) states.fill(0, 0, hidden);
    else states.set(this.#carried[exchanged ? 1 : 0]!);
    for (let step = 0; step < steps; step++) {
      const from = (backwards ? steps - 1 - step : step) * inputs;
      const x0 = input[from + first]!;
      const x1 = input[from + second]!;
      const x2 = input[from + 2 + first]!;
      const x3 = input[from + 2 + second]!;
      const x4 = input[from + 4]!;
      const before = step * hidden;
      for (let unit = 0; unit < hidden; unit++) {
        let update = values[bias + unit]!;
        let reset = values[bias + hidden + unit]!;
        let candidate = values[bias + 2 * hidden + unit]!;
        let remembered = values[candidateBias + unit]!;
        let at = unit * inputs;
        update += values[at]! * x0 + values[at + 1]! * x1 + values[at + 2]! * x2;
        update += values[at + 3]! * x3 + values[at + 4]! * x4;
        at += hidden * inputs;
        reset += values[at]! * x0 + values[at + 1]! * x1 + values[at + 2]! * x2;
        reset += values[at + 3]! * x3 + values[at + 4]! * x4;
        at += hidden * inputs;
        candidate += values[at]! * x0 + values[at + 1]! * x1 + values[at + 2]! * x2;
        candidate += values[at + 3]! * x3 + values[at + 4]! * x4;
        const updateRow = recurrent + unit * hidden;
        const resetRow = updateRow + hidden * hidden;
        const candidateRow = resetRow + hidden * hidden;
        for (let other = 0; other < hidden; other++) {
          const state = states[before + other]!;
          update += values[updateRow + other]! * state;
          reset += values[resetRow + other]! * state;
          remembered += values[candidateRow + other]! * state;
        }
        const share = 1 / (1 + Math.exp(-update));
        const fresh = Math.tanh(candidate + remembered / (1 + Math.exp(-reset)));
        states[before + hidden + unit] = share * fresh + (1 - share) * states[before + unit]!;
      }
    }
  }

  /** Joins what was read before and after each step into the expected crossings of that step. */
  #mix(before: number, after: number, steps: number, expected: Float64Array): void {
    const { hidden, mixed, values } = this.#weights;
    const earlier = this.#states[before]!;
    const later = this.#states[after]!;
    const layer = 3 * hidden * (inputs + hidden + 1) + hidden;
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

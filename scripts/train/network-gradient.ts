import {
  constants,
  inputs,
  type NetworkWeights,
  weightCount,
} from '../../edge-agent/count/crossing-network.ts';
import { firstAddress, openKernel, type RecurrentKernel } from './open-kernel.ts';

/** Sequences that are worked on at once: two vectors of four. */
export const lanes = 8;

/** Readings of a sequence: as seen and exchanged, each forwards and backwards. */
const readings = [
  { exchanged: false, backwards: false },
  { exchanged: true, backwards: true },
  { exchanged: true, backwards: false },
  { exchanged: false, backwards: true },
] as const;
const columns = readings.length * lanes;

/** Less is taken for this: the logarithm of nothing teaches nothing. */
const expectedMin = 1e-7;

/** One sequence as it is learned; `input` has `inputs` numbers a step, `passed` and `expected` two. */
export interface LearnedSequence {
  readonly steps: number;
  readonly input: Float32Array;
  readonly constants: Float32Array;
  readonly passed: Float32Array;
}

/** First weights: small and random, remembering rather than forgetting, expecting nobody. */
export function firstWeights(hidden: number, mixed: number, normal: () => number): NetworkWeights {
  const recurrent = 3 * hidden * (inputs + constants);
  const bias = recurrent + 3 * hidden * hidden;
  const mix = bias + 4 * hidden;
  const mixBias = mix + 2 * hidden * mixed;
  const output = mixBias + mixed;
  const values = new Float32Array(weightCount(hidden, mixed));
  const draw = (from: number, to: number, size: number) => {
    for (let index = from; index < to; index++) values[index] = size * normal();
  };
  draw(0, 3 * hidden * inputs, 0.5);
  draw(3 * hidden * inputs, recurrent, 0.1);
  draw(recurrent, bias, 1 / Math.sqrt(hidden));
  values.fill(-1, bias, bias + hidden);
  draw(mix, mixBias, 1 / Math.sqrt(2 * hidden));
  draw(output, output + mixed, 1 / Math.sqrt(mixed));
  values[output + mixed] = -4;
  return { hidden, mixed, values };
}

/** Runs eight sequences forwards and backwards: loss and its gradient (backpropagation through time). */
export class NetworkGradient {
  /** Expected crossings of the last call: [direction][step][lane]. */
  expected = new Float32Array(0);
  readonly #kernel: RecurrentKernel;
  readonly #weights: NetworkWeights;
  readonly #input: Float32Array;
  readonly #constants: Float32Array;
  readonly #output: Float32Array;
  readonly #outputSlope: Float32Array;
  readonly #kernelWeights: Float32Array;
  readonly #gradient: Float32Array;
  readonly #lengths: Int32Array;

  /** Compiles nothing; `binary` is from compileKernel. */
  static async open(binary: Uint8Array<ArrayBuffer>, weights: NetworkWeights, stepsMax: number) {
    const sizes = arraySizes(weights, stepsMax);
    const bytes = sizes.reduce((sum, size) => sum + 4 * size, 0) + 16 * sizes.length;
    return new NetworkGradient(await openKernel(binary, bytes), weights, stepsMax);
  }

  private constructor(kernel: RecurrentKernel, weights: NetworkWeights, stepsMax: number) {
    this.#kernel = kernel;
    this.#weights = weights;
    kernel.size(weights.hidden, weights.mixed, inputs, constants);
    const places: number[] = [];
    let address = firstAddress;
    const sizes = arraySizes(weights, stepsMax);
    for (const [index, size] of sizes.entries()) {
      kernel.place(index, address);
      places.push(address);
      address += Math.ceil((4 * size) / 16) * 16;
    }
    const view = (index: number) => new Float32Array(kernel.memory.buffer, places[index]!, sizes[index]!);
    this.#input = view(0);
    this.#constants = view(1);
    this.#output = view(15);
    this.#outputSlope = view(16);
    this.#kernelWeights = view(18);
    this.#gradient = view(19);
    this.#lengths = new Int32Array(kernel.memory.buffer, places[22]!, lanes);
  }

  /**
   * Adds the gradient of up to eight sequences to `gradient` and returns their loss: the negative
   * logarithm of a Poisson process's likelihood, so that what is learned is an expected number.
   */
  add(sequences: readonly LearnedSequence[], gradient: Float64Array): number {
    const steps = this.#lay(sequences);
    this.#kernelWeights.set(this.#weights.values);
    this.#kernel.read(steps);
    this.#kernel.mix(steps);
    const loss = this.#judge(sequences, steps);
    this.#gradient.fill(0);
    this.#kernel.unmix(steps);
    this.#kernel.unread(steps);
    for (let at = 0; at < gradient.length; at++) gradient[at]! += this.#gradient[at]!;
    return loss;
  }

  /** Lays the sequences into the kernel's columns; returns the longest one's steps. */
  #lay(sequences: readonly LearnedSequence[]): number {
    const steps = sequences.reduce((most, sequence) => Math.max(most, sequence.steps), 0);
    this.#input.fill(0, 0, steps * inputs * columns);
    this.#lengths.fill(0);
    for (const [lane, sequence] of sequences.entries()) {
      this.#lengths[lane] = sequence.steps;
      for (const [reading, { exchanged, backwards }] of readings.entries()) {
        const column = reading * lanes + lane;
        for (let at = 0; at < constants; at++)
          this.#constants[at * columns + column] = sequence.constants[at]!;
        const one = exchanged ? 1 : 0;
        for (let step = 0; step < sequence.steps; step++) {
          const from = (backwards ? sequence.steps - 1 - step : step) * inputs;
          const to = step * inputs * columns + column;
          this.#input[to] = sequence.input[from + one]!;
          this.#input[to + columns] = sequence.input[from + 1 - one]!;
          this.#input[to + 2 * columns] = sequence.input[from + 2 + one]!;
          this.#input[to + 3 * columns] = sequence.input[from + 3 - one]!;
          this.#input[to + 4 * columns] = sequence.input[from + 4 + one]!;
          this.#input[to + 5 * columns] = sequence.input[from + 5 - one]!;
        }
      }
    }
    return steps;
  }

  #judge(sequences: readonly LearnedSequence[], steps: number): number {
    if (this.expected.length < 2 * steps * lanes) this.expected = new Float32Array(4 * steps * lanes);
    this.#outputSlope.fill(0, 0, 2 * steps * lanes);
    let loss = 0;
    for (const direction of [0, 1]) {
      for (const [lane, sequence] of sequences.entries()) {
        for (let step = 0; step < sequence.steps; step++) {
          const at = (direction * steps + step) * lanes + lane;
          const sum = this.#output[at]!;
          const expected = Math.max(expectedMin, sum > 30 ? sum : Math.log1p(Math.exp(sum)));
          const truth = sequence.passed[step * 2 + direction]!;
          this.expected[at] = expected;
          if (truth > 0) loss -= truth * Math.log(expected);
          loss += expected;
          this.#outputSlope[at] = (1 - truth / expected) / (1 + Math.exp(-sum));
        }
      }
    }
    return loss;
  }
}

/** Numbers of each array, in the order of the kernel's places. */
function arraySizes({ hidden, mixed, values }: NetworkWeights, steps: number): number[] {
  const states = (steps + 1) * hidden * columns;
  const pairs = 2 * steps * lanes;
  return [
    steps * inputs * columns,
    constants * columns,
    ...Array<number>(10).fill(states),
    3 * hidden * columns,
    pairs * hidden,
    pairs * hidden,
    pairs,
    pairs,
    pairs * mixed,
    values.length,
    values.length,
    3 * hidden * hidden,
    2 * mixed * hidden * 4,
    lanes,
  ];
}

import { inputs, type NetworkWeights, weightCount } from '../../edge-agent/count/crossing-network.ts';
import type { WalkSequence } from './walk-sequences.ts';

/** Readings of a sequence: as seen, exchanged and backwards, exchanged, backwards. */
const readings = [
  { exchanged: false, backwards: false },
  { exchanged: true, backwards: true },
  { exchanged: true, backwards: false },
  { exchanged: false, backwards: true },
] as const;

/** Less is taken for this: the logarithm of nothing teaches nothing. */
const expectedMin = 1e-7;

/** Where the weights of each part begin, in the order of edge-agent/count/crossing-network.ts. */
function layout(hidden: number, mixed: number) {
  const recurrent = 3 * hidden * inputs;
  const bias = recurrent + 3 * hidden * hidden;
  const candidateBias = bias + 3 * hidden;
  const mix = candidateBias + hidden;
  const mixBias = mix + 2 * hidden * mixed;
  const output = mixBias + mixed;
  return { recurrent, bias, candidateBias, mix, mixBias, output, outputBias: output + mixed };
}

/** First weights: small and random, remembering rather than forgetting, expecting nobody. */
export function firstWeights(hidden: number, mixed: number, normal: () => number): NetworkWeights {
  const at = layout(hidden, mixed);
  const values = new Float32Array(weightCount(hidden, mixed));
  const draw = (from: number, to: number, size: number) => {
    for (let index = from; index < to; index++) values[index] = size * normal();
  };
  draw(0, at.recurrent, 0.5);
  draw(at.recurrent, at.bias, 1 / Math.sqrt(hidden));
  values.fill(-1, at.bias, at.bias + hidden);
  draw(at.mix, at.mixBias, 1 / Math.sqrt(2 * hidden));
  draw(at.output, at.outputBias, 1 / Math.sqrt(mixed));
  values[at.outputBias] = -4;
  return { hidden, mixed, values };
}

/** Runs one sequence forwards and backwards: loss and its gradient (backpropagation through time). */
export class NetworkGradient {
  readonly #weights: NetworkWeights;
  readonly #steps: number;
  readonly #at: ReturnType<typeof layout>;
  readonly #input: Float32Array[];
  readonly #state: Float32Array[];
  readonly #stateGradient: Float32Array[];
  readonly #update: Float32Array[];
  readonly #reset: Float32Array[];
  readonly #candidate: Float32Array[];
  readonly #remembered: Float32Array[];
  readonly #mixed: Float32Array;
  readonly #expected: Float64Array;
  readonly #slope: Float64Array;

  constructor(weights: NetworkWeights, stepsMax: number) {
    const { hidden, mixed } = weights;
    this.#weights = weights;
    this.#steps = stepsMax;
    this.#at = layout(hidden, mixed);
    const four = (size: number) => readings.map(() => new Float32Array(size));
    this.#input = four(stepsMax * inputs);
    this.#state = four((stepsMax + 1) * hidden);
    this.#stateGradient = four((stepsMax + 1) * hidden);
    this.#update = four(stepsMax * hidden);
    this.#reset = four(stepsMax * hidden);
    this.#candidate = four(stepsMax * hidden);
    this.#remembered = four(stepsMax * hidden);
    this.#mixed = new Float32Array(2 * stepsMax * mixed);
    this.#expected = new Float64Array(2 * stepsMax);
    this.#slope = new Float64Array(2 * stepsMax);
  }

  /**
   * Adds the gradient of one sequence to `gradient` and returns its loss: the negative logarithm of
   * a Poisson process's likelihood, so that what is learned is an expected number.
   */
  add(sequence: WalkSequence, gradient: Float64Array): number {
    for (const [run, { exchanged, backwards }] of readings.entries()) {
      this.#turn(run, sequence, exchanged, backwards);
      this.#read(run, sequence.steps);
      this.#stateGradient[run]!.fill(0, 0, (sequence.steps + 1) * this.#weights.hidden);
    }
    this.#mix(0, sequence.steps);
    this.#mix(1, sequence.steps);
    const loss = this.#unmix(0, sequence, gradient) + this.#unmix(1, sequence, gradient);
    for (const run of readings.keys()) this.#unread(run, sequence.steps, gradient);
    return loss;
  }

  #turn(run: number, { input, steps }: WalkSequence, exchanged: boolean, backwards: boolean): void {
    const turned = this.#input[run]!;
    const one = exchanged ? 1 : 0;
    for (let step = 0; step < steps; step++) {
      const from = (backwards ? steps - 1 - step : step) * inputs;
      const to = step * inputs;
      turned[to] = input[from + one]!;
      turned[to + 1] = input[from + 1 - one]!;
      turned[to + 2] = input[from + 2 + one]!;
      turned[to + 3] = input[from + 3 - one]!;
      turned[to + 4] = input[from + 4]!;
    }
  }

  #read(run: number, steps: number): void {
    const { hidden, values } = this.#weights;
    const at = this.#at;
    const input = this.#input[run]!;
    const state = this.#state[run]!;
    state.fill(0, 0, hidden);
    for (let step = 0; step < steps; step++) {
      const before = step * hidden;
      for (let unit = 0; unit < hidden; unit++) {
        const sums = [0, 0, 0];
        for (let gate = 0; gate < 3; gate++) {
          const row = (gate * hidden + unit) * inputs;
          let sum = values[at.bias + gate * hidden + unit]!;
          for (let from = 0; from < inputs; from++) sum += values[row + from]! * input[step * inputs + from]!;
          sums[gate] = sum;
        }
        let [update, reset] = [sums[0]!, sums[1]!];
        let remembered = values[at.candidateBias + unit]!;
        const row = at.recurrent + unit * hidden;
        for (let other = 0; other < hidden; other++) {
          const value = state[before + other]!;
          update += values[row + other]! * value;
          reset += values[row + hidden * hidden + other]! * value;
          remembered += values[row + 2 * hidden * hidden + other]! * value;
        }
        const share = 1 / (1 + Math.exp(-update));
        const kept = 1 / (1 + Math.exp(-reset));
        const candidate = Math.tanh(sums[2]! + kept * remembered);
        this.#update[run]![before + unit] = share;
        this.#reset[run]![before + unit] = kept;
        this.#candidate[run]![before + unit] = candidate;
        this.#remembered[run]![before + unit] = remembered;
        state[before + hidden + unit] = share * candidate + (1 - share) * state[before + unit]!;
      }
    }
  }

  #mix(direction: 0 | 1, steps: number): void {
    const { hidden, mixed, values } = this.#weights;
    const at = this.#at;
    const earlier = this.#state[2 * direction]!;
    const later = this.#state[2 * direction + 1]!;
    for (let step = 0; step < steps; step++) {
      const a = (step + 1) * hidden;
      const b = (steps - step) * hidden;
      let sum = values[at.outputBias]!;
      for (let unit = 0; unit < mixed; unit++) {
        const row = at.mix + unit * 2 * hidden;
        let value = values[at.mixBias + unit]!;
        for (let index = 0; index < hidden; index++) {
          const one = earlier[a + index]!;
          const other = later[b + index]!;
          value += values[row + index]! * (one + other) + values[row + hidden + index]! * one * other;
        }
        const bent = Math.tanh(value);
        this.#mixed[(direction * this.#steps + step) * mixed + unit] = bent;
        sum += values[at.output + unit]! * bent;
      }
      this.#expected[direction * this.#steps + step] = sum > 30 ? sum : Math.log1p(Math.exp(sum));
      this.#slope[direction * this.#steps + step] = 1 / (1 + Math.exp(-sum));
    }
  }

  /** Loss of one direction, and the gradient as far as the states. */
  #unmix(direction: 0 | 1, { steps, passed }: WalkSequence, gradient: Float64Array): number {
    const { hidden, mixed, values } = this.#weights;
    const at = this.#at;
    const [earlier, later] = [this.#state[2 * direction]!, this.#state[2 * direction + 1]!];
    const earlierGradient = this.#stateGradient[2 * direction]!;
    const laterGradient = this.#stateGradient[2 * direction + 1]!;
    let loss = 0;
    for (let step = 0; step < steps; step++) {
      const expected = Math.max(expectedMin, this.#expected[direction * this.#steps + step]!);
      const truth = passed[step * 2 + direction]!;
      loss += expected - truth * Math.log(expected);
      const slope = (1 - truth / expected) * this.#slope[direction * this.#steps + step]!;
      gradient[at.outputBias]! += slope;
      const a = (step + 1) * hidden;
      const b = (steps - step) * hidden;
      for (let unit = 0; unit < mixed; unit++) {
        const bent = this.#mixed[(direction * this.#steps + step) * mixed + unit]!;
        gradient[at.output + unit]! += slope * bent;
        const inner = slope * values[at.output + unit]! * (1 - bent * bent);
        gradient[at.mixBias + unit]! += inner;
        const row = at.mix + unit * 2 * hidden;
        for (let index = 0; index < hidden; index++) {
          const one = earlier[a + index]!;
          const other = later[b + index]!;
          gradient[row + index]! += inner * (one + other);
          gradient[row + hidden + index]! += inner * one * other;
          const sum = values[row + index]!;
          const product = values[row + hidden + index]!;
          earlierGradient[a + index]! += inner * (sum + product * other);
          laterGradient[b + index]! += inner * (sum + product * one);
        }
      }
    }
    return loss;
  }

  /** The gradient of one reading, from the last step to the first. */
  #unread(run: number, steps: number, gradient: Float64Array): void {
    const { hidden, values } = this.#weights;
    const at = this.#at;
    const square = hidden * hidden;
    const [state, input, back] = [this.#state[run]!, this.#input[run]!, this.#stateGradient[run]!];
    for (let step = steps - 1; step >= 0; step--) {
      const before = step * hidden;
      for (let unit = 0; unit < hidden; unit++) {
        const slope = back[before + hidden + unit]!;
        if (slope === 0) continue;
        const share = this.#update[run]![before + unit]!;
        const kept = this.#reset[run]![before + unit]!;
        const candidate = this.#candidate[run]![before + unit]!;
        const updateSlope = slope * (candidate - state[before + unit]!) * share * (1 - share);
        const candidateSlope = slope * share * (1 - candidate * candidate);
        const resetSlope = candidateSlope * this.#remembered[run]![before + unit]! * kept * (1 - kept);
        const rememberedSlope = candidateSlope * kept;
        back[before + unit]! += slope * (1 - share);
        gradient[at.candidateBias + unit]! += rememberedSlope;
        const slopes = [updateSlope, resetSlope, candidateSlope];
        for (let gate = 0; gate < 3; gate++) {
          gradient[at.bias + gate * hidden + unit]! += slopes[gate]!;
          const row = (gate * hidden + unit) * inputs;
          for (let from = 0; from < inputs; from++) {
            gradient[row + from]! += slopes[gate]! * input[step * inputs + from]!;
          }
        }
        const row = at.recurrent + unit * hidden;
        for (let other = 0; other < hidden; other++) {
          const value = state[before + other]!;
          gradient[row + other]! += updateSlope * value;
          gradient[row + square + other]! += resetSlope * value;
          gradient[row + 2 * square + other]! += rememberedSlope * value;
          back[before + other]! +=
            updateSlope * values[row + other]! +
            resetSlope * values[row + square + other]! +
            rememberedSlope * values[row + 2 * square + other]!;
        }
      }
    }
  }
}

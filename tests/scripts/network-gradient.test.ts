import { expect, test } from 'vitest';
import { CrossingNetwork, constants, inputs, layHeights } from '../../edge-agent/count/crossing-network.ts';
import {
  newCurrentReading,
  readingAt,
  readingHeight,
  readingStrength,
} from '../../edge-agent/count/current-reading.ts';
import { HeightTrace } from '../../edge-agent/count/height-trace.ts';
import { simulateWalks } from '../../hardware/emulated/walks/walk-simulation.ts';
import { seededRandom } from '../../scripts/demo/seeded-random.ts';
import { firstWeights, lanes, NetworkGradient } from '../../scripts/train/network-gradient.ts';
import { compileKernel } from '../../scripts/train/open-kernel.ts';
import { sequencesOf } from '../../scripts/train/walk-sequences.ts';

const random = seededRandom(5);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

test('the gradient of sequences of different lengths is the slope of their loss', {
  timeout: 90_000,
}, async () => {
  const weights = firstWeights(4, 2, normal);
  const sequences = [9, 4, 13].map((steps) => ({
    steps,
    input: Float32Array.from({ length: steps * inputs }, random),
    constants: Float32Array.from({ length: constants }, random),
    passed: Float32Array.from({ length: steps * 2 }, () => (random() < 0.2 ? 0.5 : 0)),
  }));
  const network = await NetworkGradient.open(await compileKernel(), weights, 13);
  const gradient = new Float64Array(weights.values.length);
  network.add(sequences, gradient);
  const unused = new Float64Array(weights.values.length);
  const step = 1e-2;
  for (let at = 0; at < weights.values.length; at += 3) {
    const value = weights.values[at]!;
    weights.values[at] = value + step;
    const above = network.add(sequences, unused);
    weights.values[at] = value - step;
    const below = network.add(sequences, unused);
    weights.values[at] = value;
    expect(gradient[at]).toBeCloseTo((above - below) / (2 * step), 2);
  }
});

test('training and the engine expect the same of the same sight', { timeout: 90_000 }, async () => {
  const steps = 40;
  const weights = firstWeights(8, 4, normal);
  const engine = new CrossingNetwork(weights, 2500);
  const [outside, inside] = [heightsOf(0.6), heightsOf(0.8)];
  engine.run(outside, inside, 0, steps);
  const input = new Float32Array(steps * inputs);
  layHeights(outside, 0, { from: 0, steps }, input);
  layHeights(inside, 1, { from: 0, steps }, input);
  const network = await NetworkGradient.open(await compileKernel(), weights, steps);
  const sequence = {
    steps,
    input,
    constants: new Float32Array(constants),
    passed: new Float32Array(2 * steps),
  };
  network.add([sequence], new Float64Array(weights.values.length));
  for (let step = 0; step < steps; step++) {
    expect(network.expected[step * lanes]).toBeCloseTo(engine.expectedIn[step]!, 5);
    expect(network.expected[(steps + step) * lanes]).toBeCloseTo(engine.expectedOut[step]!, 5);
  }
});

/** A body that passes at a time, read every 50 ms. */
function heightsOf(middleSeconds: number): HeightTrace {
  const trace = new HeightTrace();
  const reading = newCurrentReading();
  for (let at = 0; at < 1.7; at += 0.05) {
    reading[readingAt] = at;
    reading[readingStrength] = 0.3 * at;
    reading[readingHeight] = 1700 * Math.exp(-0.5 * ((at - middleSeconds) / 0.15) ** 2);
    trace.push(reading);
  }
  return trace;
}

test('sequences hold everybody who passed', () => {
  const simulation = simulateWalks({ profile: 'easy', seed: 4, mountingHeightMm: 2500, minutes: 3 });
  let passed = 0;
  for (const sequence of sequencesOf(simulation)) {
    expect(sequence.input).toHaveLength(sequence.steps * inputs);
    for (const share of sequence.passed) passed += share;
  }
  expect(passed).toBeCloseTo(simulation.truth.crossings.length, 3);
  expect(simulation.truth.crossings.length).toBeGreaterThan(10);
});

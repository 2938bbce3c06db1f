import { expect, test } from 'vitest';
import { inputs } from '../../edge-agent/count/crossing-network.ts';
import { simulateWalks } from '../../hardware/emulated/walks/walk-simulation.ts';
import { seededRandom } from '../../scripts/demo/seeded-random.ts';
import { firstWeights, NetworkGradient } from '../../scripts/train/network-gradient.ts';
import { sequencesOf } from '../../scripts/train/walk-sequences.ts';

const random = seededRandom(5);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

test('the gradient is the slope of the loss', () => {
  const steps = 9;
  const weights = firstWeights(4, 3, normal);
  const sequence = {
    steps,
    input: Float32Array.from({ length: steps * inputs }, random),
    passed: Float32Array.from({ length: steps * 2 }, () => (random() < 0.2 ? 0.5 : 0)),
  };
  const network = new NetworkGradient(weights, steps);
  const gradient = new Float64Array(weights.values.length);
  network.add(sequence, gradient);
  const unused = new Float64Array(weights.values.length);
  const step = 1e-2;
  for (let at = 0; at < weights.values.length; at += 3) {
    const value = weights.values[at]!;
    weights.values[at] = value + step;
    const above = network.add(sequence, unused);
    weights.values[at] = value - step;
    const below = network.add(sequence, unused);
    weights.values[at] = value;
    expect(gradient[at]).toBeCloseTo((above - below) / (2 * step), 2);
  }
});

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

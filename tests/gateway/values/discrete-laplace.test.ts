import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type DrawBelow,
  discreteLaplace,
  discreteLaplaceVariance,
  exactEpsilon,
} from '../../../gateway/values/discrete-laplace.ts';

const draw: DrawBelow = (below) => randomInt(below);
const runs = 100_000;

/** Probability of a value, from the definition. */
function probability(value: number, epsilon: number): number {
  const alpha = Math.exp(-epsilon);
  return ((1 - alpha) / (1 + alpha)) * alpha ** Math.abs(value);
}

describe('the noise', () => {
  test.each([0.25, 0.5, 1, 2])('has the distribution that is asked for at ε = %d', (epsilon) => {
    const counts = new Map<number, number>();
    let sum = 0;
    let squares = 0;
    for (let run = 0; run < runs; run += 1) {
      const value = discreteLaplace(exactEpsilon(epsilon), draw);
      expect(Number.isSafeInteger(value)).toBe(true);
      counts.set(value, (counts.get(value) ?? 0) + 1);
      sum += value;
      squares += value ** 2;
    }
    // Pearson's χ² over values that are expected at least fifty times: mean its degrees of freedom, variance twice that.
    let chiSquared = 0;
    let degrees = -1;
    for (let value = -60; value <= 60; value += 1) {
      const expected = runs * probability(value, epsilon);
      if (expected < 50) continue;
      chiSquared += ((counts.get(value) ?? 0) - expected) ** 2 / expected;
      degrees += 1;
    }
    expect(chiSquared).toBeLessThan(degrees + 6 * Math.sqrt(2 * degrees));
    const variance = discreteLaplaceVariance(epsilon);
    expect(Math.abs(sum / runs)).toBeLessThan(6 * Math.sqrt(variance / runs));
    expect(squares / runs / variance).toBeGreaterThan(0.93);
    expect(squares / runs / variance).toBeLessThan(1.07);
  });

  test('has the variance of its definition', () => {
    for (const epsilon of [0.25, 0.5, 1, 2]) {
      let variance = 0;
      for (let value = -400; value <= 400; value += 1) variance += value ** 2 * probability(value, epsilon);
      expect(discreteLaplaceVariance(epsilon)).toBeCloseTo(variance, 6);
    }
  });

  test('asks its source for whole numbers only, and is drawn from nothing else', () => {
    const asked: number[] = [];
    const recorded: number[] = [];
    const recording: DrawBelow = (below) => {
      asked.push(below);
      recorded.push(randomInt(below));
      return recorded.at(-1)!;
    };
    const values = Array.from({ length: 200 }, () => discreteLaplace(exactEpsilon(1), recording));
    for (const below of asked) expect(Number.isSafeInteger(below) && below > 0).toBe(true);
    let position = 0;
    const replayed = Array.from({ length: 200 }, () =>
      discreteLaplace(exactEpsilon(1), () => recorded[position++]!),
    );
    expect(replayed).toEqual(values);
  });

  test('is not drawn with a budget that is no exact fraction', () => {
    for (const epsilon of [0.1, 0, -1, Number.NaN]) expect(() => exactEpsilon(epsilon)).toThrow(RangeError);
  });
});

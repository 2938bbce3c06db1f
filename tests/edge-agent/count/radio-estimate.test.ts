import { describe, expect, test } from 'vitest';
import { estimateRadios } from '../../../edge-agent/count/radio-estimate.ts';
import { simulateEstimates, trialRadios } from '../../simulation/radio-estimates.ts';

const bits = 256;
const seeds = 2000;

describe('the estimate of distinct radios', () => {
  describe.each([1, 2, 4])('with epsilon %i', (epsilon) => {
    test.each(trialRadios(bits))('is unbiased and honest about its error for %i radios', (radios) => {
      const summary = simulateEstimates({ bits, epsilon, radios, seeds });
      expect(Math.abs(summary.meanError)).toBeLessThanOrEqual(2 * summary.meanErrorStandardError);
      expect(summary.intervalCoverage).toBeGreaterThanOrEqual(0.93);
      expect(summary.intervalCoverage).toBeLessThanOrEqual(0.97);
    });
  });

  test('is about 9 radios uncertain at 65 phones, and less so with fewer bits', () => {
    const common = { epsilon: 2, radios: 65, seeds: 400 };
    const few = simulateEstimates({ ...common, bits: 256 });
    const many = simulateEstimates({ ...common, bits: 1024 });
    expect(few.standardDeviation).toBeLessThan(10.5);
    expect(many.standardDeviation).toBeGreaterThan(few.standardDeviation * 1.2);
  });

  test('is saturated above one and a half radios a bit, with a lower bound that holds', () => {
    const summary = simulateEstimates({ bits, epsilon: 2, radios: 3 * bits, seeds: 500 });
    expect(summary.saturatedShare).toBeGreaterThan(0.99);
    expect(summary.lowerBoundHolds).toBeGreaterThan(0.93);
  });

  test('of a hundred thousand invented addresses is flagged', () => {
    const summary = simulateEstimates({ bits, epsilon: 2, radios: 50_000, seeds: 3 });
    expect(summary.saturatedShare).toBe(1);
  });

  test('may be negative, because cutting at zero would bias sums', () => {
    const { radios, saturated } = estimateRadios(10, bits, 2);
    expect(radios).toBeLessThan(0);
    expect(saturated).toBe(false);
  });

  test.each([1, 2, 4])('is a finite number whatever the number of set bits, epsilon %i', (epsilon) => {
    for (let set = 0; set <= bits; set += 1) {
      const { radios, standardError } = estimateRadios(set, bits, epsilon);
      expect(Number.isFinite(radios) && standardError > 0).toBe(true);
    }
  });
});

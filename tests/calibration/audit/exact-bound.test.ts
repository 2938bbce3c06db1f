import { describe, expect, test } from 'vitest';
import { provenShare, trialsToProve } from '../../../calibration/audit/exact-bound.ts';

describe('what passages prove', () => {
  test('without an error it is 2.5 % to the power of one by the number of passages', () => {
    for (const trials of [1, 10, 60, 100, 183, 1000]) {
      expect(provenShare(trials, trials)).toBeCloseTo(0.025 ** (1 / trials), 9);
    }
  });

  test('60 without an error prove 94 % and not 98 %; 98 % need 183, 99 % need 368', () => {
    expect(Math.floor(provenShare(60, 60) * 100)).toBe(94);
    expect(Math.floor(provenShare(59, 59) * 100)).toBe(93);
    expect(trialsToProve(0.94, 60, 60)).toBe(0);
    expect(trialsToProve(0.98, 60, 60)).toBe(123);
    expect(trialsToProve(0.98, 0, 0)).toBe(183);
    expect(trialsToProve(0.99, 0, 0)).toBe(368);
  });

  test('agrees with the published Clopper–Pearson limits', () => {
    // Newcombe, Statistics in Medicine 17 (1998) 857, table I: 81/263, 15/148, 0/20, 1/29.
    expect(provenShare(81, 263)).toBeCloseTo(0.2527, 4);
    expect(provenShare(15, 148)).toBeCloseTo(0.0578, 4);
    expect(provenShare(0, 20)).toBe(0);
    expect(provenShare(1, 29)).toBeCloseTo(0.0009, 4);
  });

  test('an error costs passages, and a claim out of reach is said to be so', () => {
    const after = trialsToProve(0.98, 59, 60)!;
    expect(provenShare(59 + after, 60 + after)).toBeGreaterThanOrEqual(0.98);
    expect(provenShare(59 + after - 1, 60 + after - 1)).toBeLessThan(0.98);
    expect(after).toBeGreaterThan(123);
    expect(trialsToProve(0.9999, 0, 0)).toBeNull();
    expect(trialsToProve(0.5, 0, 0)).toBe(6);
  });

  test('holds in at least 97.5 % of tests for every share: it never promises too much', () => {
    for (const [trials, share] of [
      [60, 0.97],
      [200, 0.9],
    ] as const) {
      let mass = 0;
      let term = (1 - share) ** trials;
      for (let k = 0; k <= trials; k++) {
        if (provenShare(k, trials) <= share) mass += term;
        term *= ((trials - k) / (k + 1)) * (share / (1 - share));
      }
      expect(mass).toBeGreaterThanOrEqual(0.975);
    }
  });
});

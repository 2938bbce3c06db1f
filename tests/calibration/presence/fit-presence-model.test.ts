import { describe, expect, test } from 'vitest';
import {
  fitPresenceLine,
  fitPresenceModel,
  type JudgedWindow,
  peopleByLine,
} from '../../../calibration/presence/fit-presence-model.ts';

/** Windows of a place with stationary devices (floor 12) and 4 units a person, with a little noise. */
const windows = (peoples: readonly number[]): JudgedWindow[] =>
  peoples.map((people, n) => ({ people, indicator: 12 + 4 * people + ((n * 7) % 5) - 2 }));

const day = [0, 0, 0, 0, 2, 5, 8, 12, 15, 20, 22, 25, 24, 18, 9, 4, 1, 0, 0];

describe('the fit of a presence model', () => {
  test('learns the floor from the empty place and the factor from the rest', () => {
    const line = fitPresenceLine(windows(day));
    expect(line.floor).toBeGreaterThan(10);
    expect(line.floor).toBeLessThan(14);
    expect(1 / line.factor).toBeCloseTo(4, 0);
    expect(peopleByLine(line, line.floor - 5)).toBe(0);
  });

  test('finds a floor by regression where the place was never empty', () => {
    const line = fitPresenceLine(windows(day.filter((people) => people > 3)));
    expect(line.floor).toBeGreaterThan(8);
    expect(line.floor).toBeLessThan(16);
  });

  test('is not bent by noise in the indicator, as a least-squares slope would be', () => {
    const noisy = Array.from({ length: 200 }, (_, n) => {
      const people = n % 2 === 0 ? 0 : 20;
      return { people, indicator: 4 * people + (people === 0 ? 0 : (((n * 37) % 101) - 50) * 0.8) };
    });
    expect(1 / fitPresenceLine(noisy).factor).toBeCloseTo(4, 0);
  });

  test('states the error of windows it has not seen', () => {
    const fitted = fitPresenceModel(windows(day));
    if (fitted.kind !== 'fitted') throw new Error(fitted.reason);
    expect(fitted.meanAbsoluteError).toBeLessThan(0.6);
    expect(fitted.meanAbsoluteDeviation).toBeGreaterThan(6);
    expect(fitted.correlation).toBeGreaterThan(0.99);
  });

  test.each([
    ['too-few-windows', windows(day.slice(0, 8))],
    ['no-variation', windows(Array.from({ length: 40 }, (_, n) => 10 + (n % 2)))],
    ['no-relation', day.map((people, n) => ({ people, indicator: (n * 53) % 31 }))],
    ['no-relation', day.map((people) => ({ people, indicator: 100 - people }))],
    ['too-few-windows', []],
  ] as const)('refuses: %s', (reason, data) => {
    expect(fitPresenceModel(data)).toMatchObject({ kind: 'refused', reason });
  });
});

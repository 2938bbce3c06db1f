import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  calibrated,
  indexOf,
  interval95,
  measured,
  ratioOf,
  scaled,
  standardErrorOf,
  sumOf,
  type Uncertain,
} from '../../../gateway/values/uncertain.ts';
import { seededRandom } from '../../../scripts/demo/seeded-random.ts';

const door = { id: 'door', factor: 1.1 };

describe('errors', () => {
  test('of independent hours grow with the root, of one calibration with the sum', () => {
    const hour = calibrated(measured(100, 25), door);
    const four = sumOf([hour, hour, hour, hour]);
    expect(four.value).toBeCloseTo(440, 9);
    expect(standardErrorOf(four, {})).toBeCloseTo(1.1 * 10, 9);
    expect(standardErrorOf(four, { door: 0.05 })).toBeCloseTo(Math.hypot(11, 400 * 0.05), 9);
  });

  test('of a calibration that both sides of a ratio share cancel', () => {
    const ratio = ratioOf(calibrated(measured(30), door), calibrated(measured(120), door));
    expect(ratio?.value).toBeCloseTo(0.25, 12);
    expect(standardErrorOf(ratio!, { door: 0.2 })).toBeCloseTo(0, 12);
  });

  test('of a ratio to nothing are no number', () => {
    expect(ratioOf(measured(3), measured(0))).toBeNull();
    expect(indexOf(measured(3), measured(0))).toBeNull();
  });

  test('do not depend on how a sum is put together', () => {
    const number: fc.Arbitrary<Uncertain> = fc
      .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'b'))
      .map(([value, variance, id]) => calibrated(measured(value, variance), { id, factor: 1.2 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 12 }), fc.nat(), (numbers, cut) => {
        const at = cut % numbers.length;
        const [whole, parts] = [
          sumOf(numbers),
          sumOf([sumOf(numbers.slice(0, at)), sumOf(numbers.slice(at))]),
        ];
        expect(parts.value).toBeCloseTo(whole.value, 6);
        const errors = { a: 0.1, b: 0.3 };
        expect(standardErrorOf(parts, errors)).toBeCloseTo(standardErrorOf(whole, errors), 6);
      }),
    );
  });
});

describe('against simulation', () => {
  const runs = 20_000;
  const random = seededRandom(20_260_302);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

  /** Spread of a function of two counts and one calibration factor when all of them are drawn anew. */
  function simulated(of: (week: number, last: number, factor: number) => number): number {
    let sum = 0;
    let squares = 0;
    for (let run = 0; run < runs; run += 1) {
      const value = of(900 + 12 * normal(), 1_000 + 15 * normal(), 1.1 + 0.04 * normal());
      sum += value;
      squares += value ** 2;
    }
    return Math.sqrt(squares / runs - (sum / runs) ** 2);
  }
  const [week, last] = [measured(900, 144), measured(1_000, 225)];
  const errors = { door: 0.04 };

  test('the error of a corrected sum is the spread of simulated ones', () => {
    const sum = sumOf([calibrated(week, door), calibrated(last, door)]);
    const spread = simulated((one, other, factor) => factor * (one + other));
    expect(standardErrorOf(sum, errors) / spread).toBeCloseTo(1, 1);
  });

  test('the error of an index against an uncorrected base is the spread of simulated ones', () => {
    const index = indexOf(calibrated(week, door), last)!;
    const spread = simulated((one, other, factor) => (100 * factor * one) / other);
    expect(standardErrorOf(index, errors) / spread).toBeCloseTo(1, 1);
  });

  test('95 % intervals hold the truth in 95 of 100 simulated campaigns', () => {
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const factor = 1.1 + 0.04 * normal();
      const counted = measured(900 + 12 * normal(), 144);
      const [low, high] = interval95(calibrated(counted, { id: 'door', factor }), errors);
      if (low <= 990 && 990 <= high) held += 1;
    }
    expect(held / runs).toBeGreaterThan(0.94);
    expect(held / runs).toBeLessThan(0.96);
  });

  test('an exact factor scales the error', () => {
    expect(standardErrorOf(scaled(measured(10, 4), 3), {})).toBe(6);
  });
});

import { expect, test } from 'vitest';
import { wilsonInterval } from '../../../calibration/audit/wilson-interval.ts';

test('a hundred of a hundred proves only 96 %', () => {
  const [low, high] = wilsonInterval(100, 100);
  expect(low).toBeCloseTo(0.963, 3);
  expect(high).toBe(1);
});

test('agrees with the textbook example of 81 of 263', () => {
  const [low, high] = wilsonInterval(81, 263);
  expect(low).toBeCloseTo(0.2553, 3);
  expect(high).toBeCloseTo(0.3662, 3);
});

test('nothing tried says nothing', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1]);
});

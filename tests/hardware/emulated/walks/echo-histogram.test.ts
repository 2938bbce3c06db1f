import { expect, test } from 'vitest';
import { type Echo, EchoHistogram } from '../../../../hardware/emulated/walks/echo-histogram.ts';

const options = { windowM: 0.35, firstShare: 0.06 };

function lockOf(...echoes: readonly (readonly [number, number])[]): Echo {
  const histogram = new EchoHistogram();
  for (const [distance, weight] of echoes) histogram.add(distance, weight);
  const echo = { distanceM: 0, spreadM: 0 };
  histogram.lock(options, echo);
  return echo;
}

test('one surface is read where it is', () => {
  expect(lockOf([2.5, 1]).distanceM).toBeCloseTo(2.5, 6);
  expect(lockOf([2.5, 1]).spreadM).toBeCloseTo(0, 6);
});

test('two surfaces less than a pulse apart melt into one between them', () => {
  const { distanceM } = lockOf([1, 1], [1.2, 1]);
  expect(distanceM).toBeCloseTo(1.1, 2);
});

test('the nearer of two far surfaces wins even when the farther sends more light', () => {
  const { distanceM } = lockOf([1, 1], [2.5, 5]);
  expect(distanceM).toBeGreaterThan(1);
  expect(distanceM).toBeLessThan(1.1);
});

test('a surface that sends next to nothing is not seen', () => {
  expect(lockOf([1, 0.02], [2.5, 1]).distanceM).toBeGreaterThan(2.45);
});

test('a cleared histogram remembers nothing', () => {
  const histogram = new EchoHistogram();
  histogram.add(0.5, 3);
  histogram.clear();
  histogram.add(2, 1);
  const echo = { distanceM: 0, spreadM: 0 };
  histogram.lock(options, echo);
  expect(echo.distanceM).toBeCloseTo(2, 6);
});

test('a child of many depths over a brighter floor is read within a pulse of its head, not at the floor', () => {
  const child = [1.9, 2, 2.1, 2.2, 2.3, 2.4].map((distanceM) => [distanceM, 1] as const);
  const { distanceM } = lockOf(...child, [2.83, 7]);
  expect(distanceM).toBeGreaterThan(1.9);
  expect(distanceM).toBeLessThan(2.35);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LineKind } from '../../../gateway/contract/http-api.ts';
import {
  type Contribution,
  type Observation,
  observe,
  type SensorSums,
} from '../../../gateway/values/line-counts.ts';

const quarterMs = 900_000;
const cells = [0, 1, 2, 3].map((index) => ({ fromMs: index * quarterMs, toMs: (index + 1) * quarterMs }));

function sums(quarter: number, changes: Partial<SensorSums> = {}): SensorSums {
  return {
    startMs: quarter * quarterMs,
    measured: 15,
    coverageSeconds: 900,
    in: 0,
    out: 0,
    varianceIn: 0,
    varianceOut: 0,
    activations: 0,
    activeSeconds: 0,
    orderedIn: 0,
    orderedOut: 0,
    frames: 0,
    indicator: 0,
    variance: 0,
    flags: 0,
    ...changes,
  };
}

const cellsOf = <K extends LineKind>(observed: Observation<K>) =>
  observed.cells.map((_, position) => observed.at(position));

const alone = (own: readonly SensorSums[], changes: Partial<Contribution> = {}): Contribution => ({
  lane: 0,
  sign: 1,
  sums: own,
  ...changes,
});

describe('the counts of a line', () => {
  test('are null where nobody looked and zero where somebody looked and nobody came', () => {
    const unseen = sums(1, { coverageSeconds: 0, measured: 0 });
    const observation = observe(cells, [alone([sums(0, { in: 4 }), unseen, sums(2)])], 'crossing');
    const [observed, total] = [cellsOf(observation), observation.total];
    expect(observed.map((cell) => cell.values.in)).toEqual([4, null, 0, null]);
    expect(observed.map((cell) => cell.coverage)).toEqual([1, 0, 1, 0]);
    expect(total.values.in).toBe(4);
    expect(total.coverage).toBe(0.5);
  });

  test('of a line that nobody ever looked at are null', () => {
    const { total } = observe(cells, [], 'crossing');
    expect(total).toMatchObject({ coverage: 0, values: { in: null, out: null, standardErrorIn: null } });
  });

  test('exchange in and out where the sensor hangs the other way round, errors and order too', () => {
    const own = sums(0, { in: 4, out: 1, varianceIn: 9, varianceOut: 4, orderedIn: 3, orderedOut: 2 });
    const { total } = observe(cells, [alone([own], { sign: -1 })], 'crossing');
    expect(total.values).toEqual({ in: 1, out: 4, standardErrorIn: 2, standardErrorOut: 3 });
    const motion = observe(cells, [alone([own], { sign: -1 })], 'motion');
    expect(motion.total.values).toMatchObject({ orderedIn: 2, orderedOut: 3 });
  });

  test('of lanes add, and their coverage is the mean', () => {
    const wide = [
      alone([sums(0, { in: 4, varianceIn: 9 })], { lane: 1 }),
      alone([sums(0, { in: 6, varianceIn: 16, coverageSeconds: 450 })], { lane: 2 }),
    ];
    const [cell] = cellsOf(observe(cells, wide, 'crossing'));
    expect(cell).toMatchObject({ coverage: 0.75, values: { in: 10, standardErrorIn: 5 } });
  });

  test('of a device that replaced another do not halve the coverage', () => {
    const replaced = [alone([sums(0, { in: 4 })]), alone([sums(1, { in: 5 })])];
    const observed = cellsOf(observe(cells, replaced, 'crossing'));
    expect(observed.slice(0, 2).map((cell) => [cell.values.in, cell.coverage])).toEqual([
      [4, 1],
      [5, 1],
    ]);
  });

  test('never cover more than the cell', () => {
    const { total } = observe([cells[0]!], [alone([sums(0, { coverageSeconds: 960 })])], 'crossing');
    expect(total.coverage).toBe(1);
  });

  test('sum to the total whatever the cells are', () => {
    const numbers = fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(900)), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(numbers, (values) => {
        const own = values.map(([into, out, coverageSeconds], quarter) =>
          coverageSeconds === 0
            ? sums(quarter, { coverageSeconds })
            : sums(quarter, { in: into, out, coverageSeconds }),
        );
        const fine = observe(cells, [alone(own)], 'crossing');
        const coarse = observe([{ fromMs: 0, toMs: 4 * quarterMs }], [alone(own)], 'crossing');
        const sum = (name: 'in' | 'out') =>
          cellsOf(fine).reduce((total, cell) => total + (cell.values[name] ?? 0), 0);
        expect(coarse.total).toEqual(fine.total);
        expect([fine.total.values.in ?? 0, fine.total.values.out ?? 0]).toEqual([sum('in'), sum('out')]);
      }),
    );
  });
});

test('a presence indicator is a mean over its intervals, frames are a sum', () => {
  const own = [
    sums(0, { measured: 3, frames: 30, indicator: 60, variance: 27 }),
    sums(1, { measured: 1, frames: 5, indicator: 10, variance: 9 }),
  ];
  const observation = observe(cells, [alone(own)], 'presence');
  const [observed, total] = [cellsOf(observation), observation.total];
  expect(observed[0]?.values).toEqual({ frames: 30, indicator: 20, standardError: 1.7321 });
  expect(total.values).toEqual({ frames: 35, indicator: 17.5, standardError: 1.5 });
});

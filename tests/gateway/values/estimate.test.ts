import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimate, type LineCalibration } from '../../../gateway/values/estimate.ts';
import { imputeGaps } from '../../../gateway/values/impute.ts';
import type { LineSums } from '../../../gateway/values/line-sums.ts';
import { cellsOf } from '../../../gateway/values/local-time.ts';
import { interval95, standardErrorOf } from '../../../gateway/values/uncertain.ts';
import { seededRandom } from '../../../scripts/demo/seeded-random.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const timeZone = 'Europe/Berlin';
const monday = Date.parse('2026-03-02T00:00:00+01:00');

function hour(startMs: number, changes: Partial<LineSums> = {}): LineSums {
  return {
    startMs,
    in: 10,
    out: 9,
    varianceIn: 1,
    varianceOut: 1,
    coverageSeconds: 3600,
    flags: 0,
    ...changes,
  };
}

function calibration(changes: Partial<LineCalibration> = {}): LineCalibration {
  return {
    id: 'a',
    direction: 'both',
    factor: 1.2,
    standardError: 0.05,
    fromMs: monday,
    untilMs: null,
    recordedMs: 0,
    ...changes,
  };
}

const hours = (count: number) => Array.from({ length: count }, (_, index) => hour(monday + index * hourMs));
const none = new Map();

describe('a corrected number', () => {
  test('is what was counted times the factor in force, and says that it is corrected', () => {
    const cells = cellsOf({ fromMs: monday - hourMs, toMs: monday + hourMs }, '1h', timeZone);
    const sums = [hour(monday - hourMs), hour(monday)];
    const estimated = estimate(cells, { sums, lanes: 1, calibrations: [calibration()], fillings: none });
    expect(estimated.cells.map(({ in: ins, value }) => [ins?.value, value])).toEqual([
      [10, 'observed'],
      [12, 'corrected'],
    ]);
    expect(estimated.total).toMatchObject({ value: 'corrected', coverage: 1 });
    expect(standardErrorOf(estimated.total.in!, estimated.errors)).toBeCloseTo(
      Math.sqrt(1 + 1.44 + (10 * 0.05) ** 2),
      9,
    );
  });

  test('of a direction without calibration stays, and of two that overlap the later record holds', () => {
    const cells = cellsOf({ fromMs: monday, toMs: monday + hourMs }, '1h', timeZone);
    const calibrations = [
      calibration({ direction: 'in', recordedMs: 5 }),
      calibration({ id: 'b', direction: 'in', factor: 2, recordedMs: 9 }),
      calibration({ id: 'c', direction: 'in', factor: 3, recordedMs: 99, untilMs: monday }),
    ];
    const { total } = estimate(cells, { sums: hours(1), lanes: 1, calibrations, fillings: none });
    expect([total.in?.value, total.out?.value]).toEqual([20, 9]);
  });

  test('is null where nobody looked and 0 where nobody came', () => {
    const cells = cellsOf({ fromMs: monday, toMs: monday + 3 * hourMs }, '1h', timeZone);
    const sums = [
      hour(monday, { in: 0, out: 0 }),
      hour(monday + hourMs, { in: 0, out: 0, coverageSeconds: 0 }),
    ];
    const { cells: estimated } = estimate(cells, { sums, lanes: 1, calibrations: [], fillings: none });
    expect(estimated.map(({ in: ins }) => ins?.value ?? null)).toEqual([0, null, null]);
    expect(estimated.map(({ coverage }) => coverage)).toEqual([1, 0, 0]);
  });

  test('sums to the same over hours, days, weeks and months, errors included', () => {
    const range = {
      fromMs: Date.parse('2026-03-01T00:00:00+01:00'),
      toMs: Date.parse('2026-05-01T00:00:00+02:00'),
    };
    const random = seededRandom(7);
    const sums = Array.from({ length: (range.toMs - range.fromMs) / hourMs }, (_, index) =>
      hour(range.fromMs + index * hourMs, { in: Math.floor(50 * random()), varianceIn: random() }),
    );
    const calibrations = [
      calibration({ untilMs: monday + 20 * dayMs }),
      calibration({ id: 'b', factor: 0.9, fromMs: monday + 20 * dayMs }),
    ];
    const totals = (['1h', '1d', '1mo'] as const).map((resolution) => {
      const cells = cellsOf(range, resolution, timeZone);
      const {
        cells: parts,
        total,
        errors,
      } = estimate(cells, { sums, lanes: 1, calibrations, fillings: none });
      expect(parts.reduce((sum, part) => sum + part.in!.value, 0)).toBeCloseTo(total.in!.value, 6);
      return [total.in!.value, standardErrorOf(total.in!, errors)];
    });
    for (const [value, error] of totals.slice(1)) {
      expect(value).toBeCloseTo(totals[0]![0]!, 6);
      expect(error).toBeCloseTo(totals[0]![1]!, 6);
    }
  });
});

describe('a gap', () => {
  const weekBack = (startMs: number, weeks: number) => startMs - weeks * 7 * dayMs;
  /** Eight weeks of Mondays at nine and ten with people, the last Monday without. */
  const history = (counts: readonly number[]) =>
    counts.flatMap((count, index) =>
      [9, 10].map((clock) => hour(weekBack(monday + clock * hourMs, index + 1), { in: count, out: count })),
    );
  const around = [8, 11].map((clock) => hour(monday + clock * hourMs));
  const range = { fromMs: monday + 8 * hourMs, toMs: monday + 12 * hourMs };
  const source = (sums: readonly LineSums[]) => ({ sums, cellMs: hourMs, lanes: 1, timeZone });

  test('of two hours is filled with the same weekday of the weeks before, with an error', () => {
    const sums = [...history([20, 22, 18, 20, 21, 19, 20, 20]), ...around];
    const fillings = imputeGaps(range, source(sums));
    expect([...fillings.keys()]).toEqual([monday + 9 * hourMs, monday + 10 * hourMs]);
    expect(fillings.get(monday + 9 * hourMs)?.in).toBeCloseTo(20, 9);
    const cells = cellsOf(range, '1h', timeZone);
    const { cells: estimated, errors } = estimate(cells, { sums, lanes: 1, calibrations: [], fillings });
    expect(estimated.map(({ value }) => value)).toEqual(['observed', 'imputed', 'imputed', 'observed']);
    expect(estimated[1]).toMatchObject({ coverage: 0 });
    const [low, high] = interval95(estimated[1]!.in!, errors);
    expect(low).toBeLessThan(18);
    expect(high).toBeGreaterThan(22);
  });

  test('is filled for its share where the hour was looked at in part', () => {
    const half = hour(monday + 9 * hourMs, { in: 6, out: 6, coverageSeconds: 1800 });
    const fillings = imputeGaps(
      { fromMs: range.fromMs, toMs: monday + 10 * hourMs },
      source([...history([20, 20, 20, 20]), around[0]!, half]),
    );
    expect(fillings.get(half.startMs)?.in).toBeCloseTo(10, 9);
  });

  test.each([
    [
      'longer than three hours',
      { fromMs: monday + 8 * hourMs, toMs: monday + 12 * hourMs },
      [] as LineSums[],
    ],
    ['over midnight', { fromMs: monday - hourMs, toMs: monday + hourMs }, []],
  ])('%s stays a gap', (_, longer, sums) => {
    expect(imputeGaps(longer, source(sums)).size).toBe(0);
  });

  test('without four weeks to learn from stays a gap', () => {
    expect(imputeGaps(range, source([...history([20, 20, 20]), ...around])).size).toBe(0);
  });

  test('that is filled holds the truth in about 95 of 100 weeks', () => {
    const random = seededRandom(11);
    const poisson = (mean: number) => {
      let count = 0;
      for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
      return count;
    };
    let held = 0;
    const weeks = 2_000;
    for (let week = 0; week < weeks; week += 1) {
      const sums = [...history(Array.from({ length: 8 }, () => poisson(30))), ...around];
      const filling = imputeGaps(range, source(sums)).get(monday + 9 * hourMs)!;
      const half = 1.96 * Math.sqrt(filling.varianceIn);
      const truth = poisson(30);
      if (Math.abs(filling.in - truth) <= half) held += 1;
    }
    expect(held / weeks).toBeGreaterThan(0.93);
    expect(held / weeks).toBeLessThan(0.98);
  });

  test('is never filled with a negative number of people', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 4, maxLength: 8 }), (counts) => {
        for (const filling of imputeGaps(range, source([...history(counts), ...around])).values()) {
          expect(filling.in).toBeGreaterThanOrEqual(0);
          expect(filling.varianceIn).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

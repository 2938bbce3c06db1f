import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localClock } from '../../../../gateway/values/local-time.ts';
import { captureRate, findLag } from '../../../../gateway/values/measures/measure-capture-rate.ts';
import { changeOf, growthOf, pairsOf } from '../../../../gateway/values/measures/measure-change.ts';
import { measureDwell } from '../../../../gateway/values/measures/measure-dwell.ts';
import { measureOccupancy } from '../../../../gateway/values/measures/measure-occupancy.ts';
import { measurePeakHour } from '../../../../gateway/values/measures/measure-peak-hour.ts';
import { meanOfWeeks, measureWeekProfile } from '../../../../gateway/values/measures/measure-week-profile.ts';
import { studentQuantile, twoSidedTail } from '../../../../gateway/values/measures/student-distribution.ts';
import { interval95, measured, standardErrorOf } from '../../../../gateway/values/uncertain.ts';
import { SeededRandom } from '../../../../hardware/emulated/walks/seeded-random.ts';
import { cellsWith, winter, zone } from './people-cells.ts';

const hourOf = (atMs: number) => Math.floor(localClock(atMs, zone).minuteOfDay / 60);

describe('Student’s t', () => {
  // Critical values of the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
  test.each([
    [0.975, 1, 12.706],
    [0.975, 7, 2.365],
    [0.95, 10, 1.812],
    [0.99, 30, 2.457],
    [0.975, 100, 1.984],
  ])('has its quantile of %f at %i degrees where tables have it', (share, freedom, expected) => {
    expect(studentQuantile(share, freedom)).toBeCloseTo(expected, 3);
  });

  test('quantile and tail undo each other', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.51, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (share, n) => {
          expect(twoSidedTail(studentQuantile(share, n), n)).toBeCloseTo(2 * (1 - share), 8);
        },
      ),
    );
  });
});

describe('occupancy', () => {
  const range = winter('2026-03-02T00:00', '2026-03-04T04:00');

  test('is in minus out since four o’clock, begins anew every night, and its error grows till then', () => {
    const cells = cellsWith(range, '1h', ({ atMs }) => {
      const hour = hourOf(atMs);
      return { in: hour === 10 ? 30 : 0, out: hour === 15 ? 28 : 0, variance: hour === 10 ? 4 : 0 };
    });
    const { cells: inside, residuals } = measureOccupancy(cells, zone);
    const at = (index: number) => inside[index]!.estimate;
    // Who was inside when the range began, at midnight, nobody knows.
    expect(at(3)).toBeNull();
    expect(at(11)?.value).toBe(30);
    expect(standardErrorOf(at(11)!, {})).toBeCloseTo(Math.sqrt(8));
    expect(at(24)?.value).toBe(2);
    expect(at(28)?.value).toBe(0);
    expect(residuals.map(({ value }) => value)).toEqual([2, 2]);
  });

  test('goes below 0 where exits were counted too much, and is unknown after a gap until the reset', () => {
    const cells = cellsWith(range, '1h', ({ index }) =>
      index === 6 ? { in: 0, out: 3 } : index === 8 ? null : { in: 0, out: 0 },
    );
    const { cells: inside } = measureOccupancy(cells, zone);
    expect(inside[7]!.estimate?.value).toBe(-3);
    expect(inside.slice(8, 28).every(({ estimate }) => estimate === null)).toBe(true);
    expect(inside[28]!.estimate?.value).toBe(0);
  });

  test('has a 95 % interval that holds the truth of noisy counts in 95 of 100 days', () => {
    const seeded = new SeededRandom(7);
    const random = () => seeded.next();
    const coin = () => (random() < 0.5 ? -1 : 1);
    let held = 0;
    const days = 400;
    for (let day = 0; day < days; day += 1) {
      let truth = 0;
      const cells = cellsWith(winter('2026-03-02T04:00', '2026-03-02T20:00'), '1h', () => {
        const [came, left] = [Math.floor(random() * 50), Math.floor(random() * 50)];
        truth += came - left;
        return { in: came + 2 * coin(), out: left + 2 * coin(), variance: 4 };
      });
      const [low, high] = interval95(measureOccupancy(cells, zone).cells.at(-1)!.estimate!, {});
      if (low <= truth && truth <= high) held += 1;
    }
    expect(held / days).toBeGreaterThan(0.92);
  });
});

describe('dwell of the crowd', () => {
  test('is the mean of what everybody stayed, within its interval, for random days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const seeded = new SeededRandom(seed);
        const random = () => seeded.next();
        const range = winter('2026-03-02T00:00', '2026-03-03T00:00');
        const visits = Array.from({ length: 200 }, () => {
          const inAt = 9 * 60 + random() * 480;
          return { inAt, outAt: inAt + 5 + random() * 60 };
        });
        const truth = visits.reduce((sum, { inAt, outAt }) => sum + outAt - inAt, 0) / visits.length;
        const cells = cellsWith(range, '15m', ({ index }) => ({
          in: visits.filter(({ inAt }) => Math.floor(inAt / 15) === index).length,
          out: visits.filter(({ outAt }) => Math.floor(outAt / 15) === index).length,
        }));
        const dwell = measureDwell(cells)!;
        // Beyond three deviations lies one day in 370, beyond 4.5 one in 150,000: fifty days must not fail by chance.
        expect(Math.abs(dwell.value - truth)).toBeLessThan(4.5 * standardErrorOf(dwell, {}) + 0.01);
        expect(standardErrorOf(dwell, {})).toBeLessThan(1);
      }),
      { numRuns: 50 },
    );
  });

  test('a constant factor of the door changes nothing', () => {
    const cells = cellsWith(winter('2026-03-02T00:00', '2026-03-03T00:00'), '15m', ({ index }) => ({
      in: index >= 36 && index < 60 ? index - 30 : 0,
      out: index >= 38 && index < 62 ? index - 32 : 0,
    }));
    const doubled = cells.map((cell) => ({
      ...cell,
      in: { value: 2 * cell.in!.value, variance: 0, sensitivities: { door: cell.in!.value } },
    }));
    expect(measureDwell(cells)!.value).toBeCloseTo(30);
    expect(measureDwell(doubled)!.value).toBeCloseTo(30);
    expect(measureDwell(doubled)!.sensitivities['door']).toBeCloseTo(0);
  });

  test('is unknown where part of the day was not looked at, or nobody left', () => {
    const range = winter('2026-03-02T00:00', '2026-03-03T00:00');
    const gap = cellsWith(range, '1h', ({ index }) =>
      index === 12 ? null : { in: index === 10 ? 5 : 0, out: index === 14 ? 5 : 0 },
    );
    expect(measureDwell(gap)).toBeNull();
    expect(measureDwell(cellsWith(range, '1h', () => ({ in: 1, out: 0 })))).toBeNull();
    expect(measureDwell(cellsWith(range, '1h', () => null))).toBeNull();
  });
});

describe('the lag between street and door', () => {
  test('is found where the door follows the street, and not invented where it does not', () => {
    const seeded = new SeededRandom(3);
    const random = () => seeded.next();
    const street = Array.from({ length: 2_000 }, (_, at) => 40 + 30 * Math.sin(at / 46) + 25 * random());
    const following = street.map((_, at) => 0.1 * (street[at - 3] ?? 40) + 0.3 * random());
    const stranger = street.map((_, at) => 4 + 3 * Math.sin(at / 46) + 2.5 * random());
    expect(findLag(street, following, 12)).toMatchObject({ cells: 3 });
    expect(findLag(street, stranger, 12)).toBeNull();
    expect(findLag(street.slice(0, 100), following.slice(0, 100), 12)).toBeNull();
  });

  test('survives missing cells', () => {
    const seeded = new SeededRandom(4);
    const random = () => seeded.next();
    const street = Array.from({ length: 2_000 }, () => 60 * random());
    const door = street.map((_, at) => 0.1 * (street[at - 5] ?? 0));
    const holed = street.map((value, at) => (at % 7 === 0 ? Number.NaN : value));
    expect(findLag(holed, door, 12)).toMatchObject({ cells: 5 });
  });

  test('a capture rate is entrances per hundred, its errors joined; nobody passing gives none', () => {
    const rate = captureRate(measured(50, 25), measured(1_000, 400))!;
    expect(rate.value).toBe(5);
    expect(standardErrorOf(rate, {})).toBeCloseTo(5 * Math.hypot(5 / 50, 20 / 1_000));
    expect(captureRate(measured(5), measured(0))).toBeNull();
    expect(captureRate(null, measured(10))).toBeNull();
  });
});

describe('peak hour', () => {
  const range = winter('2026-03-02T00:00', '2026-03-04T00:00');
  const at = { role: 'entrance' as const, timeZone: zone };

  test('is the hour of the local clock with most people on average, certain only beyond the error', () => {
    const people = (atMs: number) => (hourOf(atMs) === 16 ? 40 : hourOf(atMs) === 11 ? 38 : 2);
    const sharp = cellsWith(range, '1h', ({ atMs }) => ({ in: people(atMs), out: 0, variance: 0.1 }));
    expect(measurePeakHour(range, sharp, at)).toMatchObject({ localHour: 16, certain: true, samples: 2 });
    const dull = cellsWith(range, '1h', ({ atMs }) => ({ in: people(atMs), out: 0, variance: 9 }));
    expect(measurePeakHour(range, dull, at)).toMatchObject({ localHour: 16, certain: false });
  });

  test('is unknown where nobody looked', () => {
    expect(
      measurePeakHour(
        range,
        cellsWith(range, '1h', () => null),
        at,
      ).estimate,
    ).toBeNull();
  });
});

describe('week profile', () => {
  test('takes the hours of the local clock, through the change of the clock', () => {
    const range = {
      fromMs: Date.parse('2026-03-02T00:00:00+01:00'),
      toMs: Date.parse('2026-04-27T00:00:00+02:00'),
    };
    const cells = cellsWith(range, '1h', ({ atMs }) => ({ in: hourOf(atMs) === 9 ? 10 : 0, out: 0 }));
    const slots = measureWeekProfile(range, cells, { role: 'entrance', timeZone: zone });
    expect(slots).toHaveLength(168);
    for (const { localHour, estimate } of slots) expect(estimate!.value).toBe(localHour === 9 ? 10 : 0);
    // Two o'clock of the Sunday on which it is skipped was seen once less.
    expect(slots.find(({ weekday, localHour }) => weekday === 7 && localHour === 2)!.samples).toBe(7);
  });

  test('an interval of few weeks is neither too narrow nor much too wide', () => {
    const seeded = new SeededRandom(11);
    const normal = () => seeded.normal();
    for (const weeks of [5, 8, 20]) {
      let held = 0;
      for (let trial = 0; trial < 2_000; trial += 1) {
        const mean = meanOfWeeks(Array.from({ length: weeks }, () => measured(100 + 10 * normal(), 1)))!;
        const [low, high] = interval95(mean, {});
        if (low <= 100 && 100 <= high) held += 1;
      }
      expect(held / 2_000, `${weeks} weeks`).toBeGreaterThan(0.93);
      expect(held / 2_000, `${weeks} weeks`).toBeLessThan(0.985);
    }
    expect(meanOfWeeks([measured(1), measured(2), measured(3)])).toBeNull();
  });
});

describe('change and growth', () => {
  test('compare only what was looked at both times', () => {
    const range = winter('2026-03-02T00:00', '2026-03-03T00:00');
    const now = cellsWith(range, '1h', ({ index }) => (index === 5 ? null : { in: 12, out: 0 }));
    const base = cellsWith(range, '1h', ({ index }) => (index === 7 ? null : { in: 10, out: 0 }));
    const pairs = pairsOf(now, base, (cell) => cell.in).filter((pair) => pair !== null);
    expect(pairs).toHaveLength(22);
    expect(changeOf(pairs)!.value).toBeCloseTo(20);
    expect(changeOf([])).toBeNull();
  });

  test('a door whose factor is unknown grows by a factor that is known: the shared error cancels', () => {
    const week = (people: number) => ({ value: people, variance: 0, sensitivities: { door: people } });
    const weeks = [90, 110, 100, 105].map((people) => ({ now: week(1.2 * people), base: week(people) }));
    const { estimate } = growthOf(weeks);
    expect(estimate!.value).toBeCloseTo(20);
    expect(standardErrorOf(estimate!, { door: 0.1 })).toBeCloseTo(0);
  });

  test('chance is called growth in five of a hundred cases at the level of five', () => {
    const seeded = new SeededRandom(13);
    const normal = () => seeded.normal();
    let called = 0;
    for (let trial = 0; trial < 2_000; trial += 1) {
      const weeks = Array.from({ length: 8 }, () => ({
        now: measured(1_000 + 60 * normal()),
        base: measured(1_000 + 60 * normal()),
      }));
      if (growthOf(weeks).pValue! < 0.05) called += 1;
    }
    expect(called / 2_000).toBeGreaterThan(0.03);
    expect(called / 2_000).toBeLessThan(0.07);
    expect(growthOf([{ now: measured(2), base: measured(1) }])).toEqual({ estimate: null, pValue: null });
  });
});

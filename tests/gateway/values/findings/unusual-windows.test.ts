import { describe, expect, test } from 'vitest';
import { findUnusual } from '../../../../gateway/values/findings/unusual-windows.ts';
import { localClock } from '../../../../gateway/values/local-time.ts';
import { SeededRandom } from '../../../../hardware/emulated/walks/seeded-random.ts';
import { cellsWith, winter, zone } from '../measures/people-cells.ts';

const whole = winter('2026-01-05T00:00', '2026-03-09T00:00');
const range = winter('2026-03-02T00:00', '2026-03-09T00:00');

/** Nine weeks of a shop, and in the last of them `change` times as many at some hours. */
function weeksOf(seed: number, change: (clock: ReturnType<typeof localClock>) => number) {
  const random = new SeededRandom(seed);
  return cellsWith(whole, '1h', ({ atMs }) => {
    const clock = localClock(atMs, zone);
    const open = clock.minuteOfDay >= 600 && clock.minuteOfDay < 1080;
    const mean = open ? 60 * (atMs >= range.fromMs ? change(clock) : 1) : 0;
    // Twice the scatter of Poisson's: weather and neighbours.
    return { in: Math.max(0, Math.round(mean + Math.sqrt(2 * mean) * random.normal())), out: 0 };
  });
}

describe('unusual windows', () => {
  const source = { role: 'entrance' as const, timeZone: zone };

  test('are hardly ever found where nothing is unusual: in at most 5 of 100 weeks', () => {
    let loud = 0;
    const trials = 40;
    for (let seed = 0; seed < trials; seed += 1) {
      const hours = weeksOf(seed, () => 1);
      if (findUnusual(range, 'hours', { ...source, hours }).length > 0) loud += 1;
    }
    // Two are expected at most; more than seven of 40 have a chance of one in a thousand.
    expect(loud).toBeLessThanOrEqual(7);
  });

  test('are found where two hours have twice as many', () => {
    let found = 0;
    for (let seed = 0; seed < 8; seed += 1) {
      const hours = weeksOf(seed, ({ weekday, minuteOfDay }) =>
        weekday === 6 && minuteOfDay >= 840 && minuteOfDay < 960 ? 2 : 1,
      );
      const [first] = findUnusual(range, 'hours', { ...source, hours });
      if (first && localClock(first.span.fromMs, zone).minuteOfDay === 840) found += 1;
    }
    expect(found).toBeGreaterThanOrEqual(7);
  });

  test('need four weeks before them, and twenty people', () => {
    const short = weeksOf(1, () => 3).filter(({ span }) => span.fromMs >= range.fromMs - 3 * 7 * 86_400_000);
    expect(findUnusual(range, 'hours', { ...source, hours: short })).toEqual([]);
    const few = cellsWith(whole, '1h', ({ atMs }) => ({ in: atMs >= range.fromMs ? 6 : 1, out: 0 }));
    expect(findUnusual(range, 'hours', { ...source, hours: few })).toEqual([]);
  });
});

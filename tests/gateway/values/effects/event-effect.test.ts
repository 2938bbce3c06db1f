import { describe, expect, test } from 'vitest';
import { type EventEffect, estimateEffect } from '../../../../gateway/values/effects/event-effect.ts';
import { ridgeFit } from '../../../../gateway/values/effects/ridge-fit.ts';
import { windowDays } from '../../../../gateway/values/effects/window-days.ts';
import { cellsWith, zone } from '../measures/people-cells.ts';
import { type SimulatedTown, simulateDays } from './simulated-days.ts';

/** How often the interval holds where nothing happened, rolling the origin through the second half. */
function coverageOf(town: SimulatedTown, length: number): { held: number; judged: number } {
  const days = simulateDays(town);
  let [held, judged] = [0, 0];
  for (let first = 110; first + length < days.length; first += 12) {
    const effect = estimateEffect(days, { first, length });
    if (typeof effect === 'string') continue;
    judged += 1;
    if (Math.abs(effect.logEffect) <= effect.logHalfWidth) held += 1;
  }
  return { held, judged };
}

function effectOf(...args: Parameters<typeof estimateEffect>): EventEffect {
  const effect = estimateEffect(...args);
  if (typeof effect === 'string') throw new Error(effect);
  return effect;
}

describe('the effect of an event', () => {
  const town = { days: 300, people: 800, surprise: 0.12, lasting: 0.3 };

  test.each([
    ['a quiet street', { ...town, surprise: 0.08, lasting: 0 }, 1],
    ['weather and days that resemble the day before', { ...town, weather: true, lasting: 0.5 }, 1],
    ['wild days', { ...town, wild: true }, 1],
    ['a shop of forty a day', { ...town, people: 40 }, 1],
    ['a weekend', town, 3],
  ] as const)('is none where nothing happened, in 90 of 100 cases and more: %s', (_, changes, length) => {
    // Two towns of sixteen days are too few: one unlucky town would decide.
    const runs = [1, 2, 3, 4, 5, 6].map((seed) => coverageOf({ ...changes, seed }, length));
    const judged = runs.reduce((sum, run) => sum + run.judged, 0);
    const held = runs.reduce((sum, run) => sum + run.held, 0);
    expect(judged).toBeGreaterThan(80);
    expect(held / judged).toBeGreaterThanOrEqual(0.9);
  });

  test('is found in its size, and a control that was not touched makes it sharper', () => {
    const first = 250;
    const lifted = (days: ReturnType<typeof simulateDays>) =>
      days.map((day, at) => (at === first ? { ...day, people: Math.round(day.people! * 1.6) } : day));
    const alone = effectOf(lifted(simulateDays({ ...town, seed: 5 })), { first, length: 1 });
    const withControl = effectOf(lifted(simulateDays({ ...town, seed: 5, control: true })), {
      first,
      length: 1,
    });
    for (const effect of [alone, withControl]) {
      expect(effect.logEffect - effect.logHalfWidth).toBeLessThan(Math.log(1.6));
      expect(effect.logEffect + effect.logHalfWidth).toBeGreaterThan(Math.log(1.6));
      expect(effect.placeboPValue).toBeLessThan(0.05);
    }
    expect(withControl.choices.controls).toEqual([0]);
    expect(withControl.logHalfWidth).toBeLessThan(alone.logHalfWidth);
  });

  test('is not blurred by two days on which the counter stood still', () => {
    const days = simulateDays({ ...town, seed: 9 });
    const dead = days.map((day, at) => (at === 180 || at === 181 ? { ...day, people: 0 } : day));
    const at = { first: 240, length: 1 };
    expect(effectOf(dead, at).logHalfWidth).toBeLessThan(1.2 * effectOf(days, at).logHalfWidth);
    expect(effectOf(dead, at).expected / effectOf(days, at).expected).toBeCloseTo(1, 1);
  });

  test('does not look at the future: later days change nothing', () => {
    const days = simulateDays({ ...town, seed: 6 });
    const changed = days.map((day, at) => (at > 200 ? { ...day, people: 5 * day.people! } : day));
    const at = { first: 200, length: 1 };
    expect(estimateEffect(changed, at)).toEqual(estimateEffect(days, at));
  });

  test('days of other events teach nothing', () => {
    const days = simulateDays({ ...town, seed: 7 });
    const marked = (people: number) =>
      days.map((day, at) =>
        at % 14 === 3 && at < 200 ? { ...day, isEvent: true, people: day.people! * people } : day,
      );
    const at = { first: 201, length: 1 };
    expect(estimateEffect(marked(4), at)).toEqual(estimateEffect(marked(1), at));
  });

  test('is refused without history, without looking, and for a handful of people', () => {
    const days = simulateDays({ ...town, seed: 8 });
    expect(estimateEffect(days, { first: 30, length: 1 })).toBe('too-little-history');
    expect(estimateEffect(days.with(200, { ...days[200]!, people: null }), { first: 200, length: 1 })).toBe(
      'event-not-looked-at',
    );
    expect(estimateEffect(simulateDays({ ...town, people: 6, seed: 8 }), { first: 200, length: 1 })).toBe(
      'too-few-people',
    );
    expect(estimateEffect(days, { first: 299, length: 2 })).toBe('event-not-looked-at');
  });
});

describe('ridge regression', () => {
  test('gives back what made the numbers, less a little, and 0 for what never varied', () => {
    const rows = Array.from({ length: 200 }, (_, row) =>
      Float64Array.from([1, (row % 7) / 7, Math.sin(row), 0]),
    );
    const targets = rows.map((row) => 2 + 3 * row[1]! - row[2]!);
    const fit = ridgeFit({ features: rows, targets, weights: rows.map(() => 1) }, 0.09);
    for (const [at, expected] of [2, 3, -1, 0].entries()) expect(fit[at]).toBeCloseTo(expected, 1);
  });

  test('believes heavy rows', () => {
    const features = [Float64Array.from([1]), Float64Array.from([1])];
    expect(ridgeFit({ features, targets: [0, 10], weights: [1, 9] }, 0.09)[0]).toBeCloseTo(9);
  });
});

describe('windows of days', () => {
  const base = {
    timeZone: zone,
    controls: [],
    weather: new Map(),
    isPublicHoliday: () => false,
    isSchoolHoliday: () => false,
    isEvent: () => false,
  };
  const range = {
    fromMs: Date.parse('2026-03-28T00:00:00+01:00'),
    toMs: Date.parse('2026-03-31T00:00:00+02:00'),
  };

  test('are hours of the local clock, through its change, and unknown where one hour is', () => {
    const cells = cellsWith(range, '1h', () => ({ in: 1, out: 0 }));
    const people = new Map(cells.map(({ span }) => [span.fromMs, 1]));
    const whole = windowDays(range, { ...base, people, window: { fromHour: 0, toHour: 24 } });
    expect(whole.map(({ date, people: sum }) => [date, sum])).toEqual([
      ['2026-03-28', 24],
      ['2026-03-29', 23],
      ['2026-03-30', 24],
    ]);
    people.delete(Date.parse('2026-03-29T15:00:00+02:00'));
    const afternoon = windowDays(range, { ...base, people, window: { fromHour: 14, toHour: 18 } });
    expect(afternoon.map(({ people: sum }) => sum)).toEqual([4, null, 4]);
  });
});

import { expect, test } from 'vitest';
import { RunningDay } from '../../edge-agent/running-day.ts';

const nothing = () => ({ in: 0, out: 0 });
const at = (text: string) => Date.parse(text) / 1000;

test('totals begin again at local midnight', () => {
  const day = new RunningDay('Europe/Berlin', nothing);
  expect(day.totals(at('2026-03-02T22:59:00Z'), { in: 40, out: 38 })).toEqual({ in: 40, out: 38 });
  expect(day.totals(at('2026-03-02T23:00:00Z'), { in: 41, out: 40 })).toEqual({ in: 0, out: 0 });
  expect(day.totals(at('2026-03-03T09:00:00Z'), { in: 44, out: 41 })).toEqual({ in: 3, out: 1 });
});

test('after a restart they go on with what was counted earlier today, and not with yesterday', () => {
  const asked: number[] = [];
  const day = new RunningDay('Europe/Berlin', (midnight) => {
    asked.push(midnight);
    return { in: 300, out: 290 };
  });
  expect(day.totals(null, { in: 2, out: 0 })).toEqual({ in: 2, out: 0 });
  expect(day.totals(at('2026-03-02T12:00:00Z'), { in: 3, out: 0 })).toEqual({ in: 303, out: 290 });
  expect(day.totals(at('2026-03-02T13:00:00Z'), { in: 4, out: 0 })).toEqual({ in: 304, out: 290 });
  expect(asked).toEqual([at('2026-03-01T23:00:00Z')]);
});

test.each([
  ['2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z'],
  ['2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z'],
])('midnight of the day on which the clocks change is found: %s', (now, midnight) => {
  let asked = 0;
  const day = new RunningDay('Europe/Berlin', (seconds) => {
    asked = seconds;
    return { in: 0, out: 0 };
  });
  day.totals(at(now), { in: 0, out: 0 });
  expect(asked).toBe(at(midnight));
});

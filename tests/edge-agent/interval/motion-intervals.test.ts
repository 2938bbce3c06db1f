import { expect, test } from 'vitest';
import { MotionIntervals } from '../../../edge-agent/interval/motion-intervals.ts';
import { motionChunk } from '../../../hardware/sensor.ts';

const source = { sensor: 'pir', engine: 'motion/1', profile: '0000000000000000' };
const eightSeconds = Date.UTC(2026, 2, 2, 8) / 1000;

function open(): MotionIntervals {
  return new MotionIntervals({
    source,
    startSeconds: 0,
    calendar: { trust: 'synced', offsetSeconds: eightSeconds },
  });
}

function edges(
  intervals: MotionIntervals,
  ...told: readonly [atSeconds: number, zone: number, active: 0 | 1][]
) {
  const chunk = motionChunk(told.length);
  for (const [at, [atSeconds, zone, active]] of told.entries()) {
    chunk.atSeconds[at] = atSeconds;
    chunk.zone[at] = zone;
    chunk.active[at] = active;
  }
  chunk.length = told.length;
  intervals.take(chunk);
}

test('a detector that says nothing is looking, and its silence is a minute of zero', () => {
  const intervals = open();
  intervals.advance(130);
  expect(intervals.close(130)).toMatchObject([
    { kind: 'motion', sensor: 'pir', activations: 0, activeSeconds: 0, coverageSeconds: 60 },
    { coverageSeconds: 60, durationSeconds: 60 },
  ]);
});

test('activity is shared between the minutes it lies in, and counted once where zones overlap', () => {
  const intervals = open();
  edges(intervals, [50, 0, 1], [55, 1, 1], [58, 0, 0], [65, 1, 0]);
  intervals.activation({ atSeconds: 50, order: null });
  intervals.activation({ atSeconds: 55, order: 'in' });
  intervals.activation({ atSeconds: 64, order: 'out' });
  expect(intervals.finish(120)).toMatchObject([
    { activations: 2, activeSeconds: 10, orderedIn: 1, orderedOut: 0 },
    { activations: 1, activeSeconds: 5, orderedIn: 0, orderedOut: 1 },
  ]);
});

test('while it warms up it does not look, also when that is told late', () => {
  const intervals = open();
  intervals.advance(20);
  intervals.flag({ flag: 'warming-up', fromSeconds: 0, toSeconds: null });
  intervals.advance(70);
  intervals.flag({ flag: 'warming-up', fromSeconds: 0, toSeconds: 60 });
  expect(intervals.finish(120).map(({ coverageSeconds, flags }) => [coverageSeconds, flags])).toEqual([
    [0, ['warming-up']],
    [60, []],
  ]);
});

test('a detector whose driver has lost it is not looking until it is watched again', () => {
  const intervals = open();
  const watched = (atSeconds: number) => intervals.take({ ...motionChunk(1), progressSeconds: atSeconds });
  for (let second = 1; second <= 120; second += 1) {
    if (second <= 20 || second > 50) watched(second);
    intervals.advance(second);
  }
  const [first, next] = intervals.finish(120).map(({ coverageSeconds }) => coverageSeconds);
  // The driver speaks every second; two and a half of silence are granted it.
  expect(first).toBeGreaterThanOrEqual(30);
  expect(first).toBeLessThanOrEqual(33);
  expect(next).toBe(60);
});

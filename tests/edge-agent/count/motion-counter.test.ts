import { expect, test } from 'vitest';
import type { Direction, FlagSpan } from '../../../edge-agent/count/counter.ts';
import { createMotionCounter, warmUpSeconds } from '../../../edge-agent/count/motion-counter.ts';
import { motionChunk } from '../../../hardware/sensor.ts';

type Edge = readonly [t: number, zone: number, active: 0 | 1];

const pair = [
  { id: 0, side: 'outside' },
  { id: 1, side: 'inside' },
] as const;

function play(counter: ReturnType<typeof createMotionCounter>, edges: readonly Edge[]) {
  const found = {
    orders: [] as (Direction | null)[],
    spans: [] as [number, number][],
    flags: [] as FlagSpan[],
  };
  const chunk = motionChunk(1);
  for (const [t, zone, active] of edges) {
    chunk.length = 1;
    chunk.atSeconds[0] = t;
    chunk.zone[0] = zone;
    chunk.active[0] = active;
    counter.take(chunk);
  }
  counter.finish();
  counter.drain({
    activation: ({ order }) => found.orders.push(order),
    active: ({ fromSeconds, toSeconds }) => found.spans.push([fromSeconds, toSeconds]),
    flag: (span) => found.flags.push(span),
  });
  return found;
}

test('pulses of the first minute are no motion and the warm-up is flagged', () => {
  const counter = createMotionCounter({ zones: [pair[0]], type: 'hc-sr501' });
  const found = play(counter, [
    [5, 0, 1],
    [8, 0, 0],
    [70, 0, 1],
    [73, 0, 0],
  ]);
  expect(found.orders).toHaveLength(1);
  expect(found.spans).toEqual([[70, 73]]);
  expect(found.flags.map((span) => span.toSeconds)).toEqual([null, warmUpSeconds]);
});

test('a rise within the lock-out time belongs to the motion before it', () => {
  const counter = createMotionCounter({ zones: [pair[0]], type: 'hc-sr501' });
  const found = play(counter, [
    [70, 0, 1],
    [73, 0, 0],
    [74, 0, 1],
    [75, 0, 0],
    [90, 0, 1],
    [93, 0, 0],
  ]);
  expect(found.orders).toHaveLength(2);
});

test('a flickering element is one activation while the hold lasts', () => {
  const counter = createMotionCounter({ zones: [pair[0]], type: 'ekmc', holdSeconds: 2 });
  const found = play(counter, [
    [70, 0, 1],
    [70.2, 0, 0],
    [70.9, 0, 1],
    [71.1, 0, 0],
    [75, 0, 1],
    [75.2, 0, 0],
  ]);
  expect(found.orders).toHaveLength(2);
});

test('a pair tells the order in which it fired', () => {
  const counter = createMotionCounter({ zones: pair, type: 'am312' });
  const found = play(counter, [
    [70, 0, 1],
    [70.5, 1, 1],
    [72, 0, 0],
    [72.5, 1, 0],
    [90, 1, 1],
    [90.4, 0, 1],
    [92, 1, 0],
    [92.4, 0, 0],
    [120, 0, 1],
    [122, 0, 0],
  ]);
  expect(found.orders).toEqual(['in', 'out', null]);
});

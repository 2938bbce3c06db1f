import { expect, test } from 'vitest';
import type { Crossing } from '../../../edge-agent/count/counter.ts';
import { createCounter } from '../../../edge-agent/count/create-counter.ts';
import { emulatedLidarBinding } from '../../../hardware/emulated/emulated-lidar-binding.ts';
import { VirtualClock } from '../../../hardware/emulated/virtual-clock.ts';
import { openLidarOn } from '../../../hardware/tf-luna/open-lidar.ts';

const total = (crossings: readonly { direction: string }[], direction: string) =>
  crossings.filter((crossing) => crossing.direction === direction).length;

test.each([
  ['side', 1200],
  ['side', 1600],
] as const)(
  'bytes of a pair of emulated beams, %s at %i mm, are counted as the scene says',
  async (geometry, mm) => {
    const minutes = 3;
    const config = {
      kind: 'tf-luna',
      outsidePort: '/dev/outside',
      insidePort: '/dev/inside',
      geometry,
      mountingHeightMm: mm,
    } as const;
    const clock = new VirtualClock();
    const binding = emulatedLidarBinding(config, { profile: 'easy', seed: 21, minutes }, clock);
    const sensor = await openLidarOn(config, binding, clock);
    const made = createCounter(sensor.description, null);
    if (made.kind !== 'crossing') throw new Error('not a crossing counter');
    const stop = new AbortController();
    for await (const chunk of sensor.chunks(stop.signal)) {
      if (chunk.kind === 'distance') made.counter.take(chunk);
      if (clock.nowSeconds() > minutes * 60) stop.abort();
    }
    const crossings: Crossing[] = [];
    made.counter.finish();
    made.counter.drain({
      crossing: (crossing) => crossings.push(crossing),
      rejection: () => {},
      doubt: () => {},
      flag: () => {},
    });
    const truth = binding.scenario.truth.crossings;
    expect(truth.length).toBeGreaterThan(15);
    for (const direction of ['in', 'out']) {
      const right = total(truth, direction);
      expect(
        Math.abs(total(crossings, direction) - right),
        `${direction}: ${right} in truth`,
      ).toBeLessThanOrEqual(1);
    }
  },
  60_000,
);

import { expect, test } from 'vitest';
import type { Crossing } from '../../../edge-agent/count/counter.ts';
import { createCounter } from '../../../edge-agent/count/create-counter.ts';
import { EmulatedI2cBus } from '../../../hardware/emulated/emulated-i2c-bus.ts';
import { EmulatedVl53l1x } from '../../../hardware/emulated/emulated-vl53l1x.ts';
import { VirtualClock } from '../../../hardware/emulated/virtual-clock.ts';
import { WalkSceneView } from '../../../hardware/emulated/walk-scene-view.ts';
import { openSensor } from '../../../hardware/open-sensor.ts';
import { sensorOptions } from '../../../hardware/vl53l1x/open-vl53l1x.ts';
import { Vl53l1xBus } from '../../../hardware/vl53l1x/vl53l1x-bus.ts';
import { Vl53l1xSensor } from '../../../hardware/vl53l1x/vl53l1x-sensor.ts';

/** A driver on an emulated chip in virtual time, and the counter behind it. */
async function countWalks(options: { minutes: number; firstLooks: 'outside' | 'inside' }) {
  const clock = new VirtualClock();
  const config = {
    kind: 'vl53l1x',
    mountingHeightMm: 2500,
    walkAlong: 'rows',
    firstLooks: options.firstLooks,
  } as const;
  const scene = new WalkSceneView({
    profile: 'easy',
    seed: 11,
    minutes: options.minutes,
    mountingHeightMm: 2500,
    startsAtSeconds: 0,
  });
  const chip = new EmulatedVl53l1x({ scene, mounting: config });
  const bus = new Vl53l1xBus({
    bus: new EmulatedI2cBus({ targets: [chip], clock }),
    clock,
    openLine: () => chip.xshutLine(() => clock.nowSeconds()),
  });
  const sensor = new Vl53l1xSensor({
    ...sensorOptions(config),
    bus,
    clock,
    simulated: true,
    release: async () => {},
  });
  const made = createCounter(sensor.description, null);
  if (made.kind !== 'crossing') throw new Error('not a crossing counter');
  const crossings: Crossing[] = [];
  const stop = new AbortController();
  for await (const chunk of sensor.chunks(stop.signal)) {
    if (chunk.kind === 'distance') made.counter.take(chunk);
    if (clock.nowSeconds() > options.minutes * 60) stop.abort();
  }
  made.counter.finish();
  made.counter.drain({
    crossing: (crossing) => crossings.push(crossing),
    rejection: () => {},
    doubt: () => {},
    flag: () => {},
  });
  return { crossings, truth: scene.scenario.truth.crossings };
}

const total = (crossings: readonly { direction: string }[], direction: string) =>
  crossings.filter((crossing) => crossing.direction === direction).length;

test.each(['outside', 'inside'] as const)(
  'bytes of the emulated chip are counted as the scene says, first rows looking %s',
  async (firstLooks) => {
    const { crossings, truth } = await countWalks({ minutes: 4, firstLooks });
    expect(truth.length).toBeGreaterThan(20);
    for (const direction of ['in', 'out']) {
      const right = total(truth, direction);
      // Four minutes of single adults: one in twenty may be missed or doubled, the engine's own goals are finer.
      expect(Math.abs(total(crossings, direction) - right)).toBeLessThanOrEqual(Math.ceil(right / 20));
    }
  },
);

test('an emulated sensor opens by configuration and gives readings in real time', async () => {
  const sensor = await openSensor({
    kind: 'vl53l1x',
    mountingHeightMm: 2400,
    emulated: { profile: 'quiet', seed: 3 },
  });
  expect(sensor.description).toMatchObject({ simulated: true, mountingHeightMm: 2400 });
  const stop = new AbortController();
  let good = 0;
  for await (const chunk of sensor.chunks(stop.signal)) {
    if (chunk.kind === 'distance' && chunk.status[0] === 0) good += 1;
    if (good === 10) stop.abort();
  }
  await sensor.close();
  await sensor.close();
  expect(good).toBe(10);
});

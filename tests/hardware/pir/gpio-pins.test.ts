import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { GpiosetOutputLine } from '../../../hardware/gpio/gpioset-output-line.ts';
import { openSensor } from '../../../hardware/open-sensor.ts';
import { GpiomonIo } from '../../../hardware/pir/gpiomon-io.ts';
import type { PirSensor } from '../../../hardware/pir/pir-sensor.ts';
import { FakeGpioPrograms, type GpioScript } from '../../doubles/fake-gpio-programs.ts';

let programs: FakeGpioPrograms | null = null;
afterEach(() => {
  programs?.remove();
  programs = null;
});

const install = (version: '1.6.3' | '2.2.1', script: GpioScript) => {
  programs = new FakeGpioPrograms(version, script);
  return programs;
};
const openPair = async () => (await openSensor({ kind: 'pir', outsidePin: 17, insidePin: 27 })) as PirSensor;

interface Edge {
  readonly zone: number;
  readonly active: number;
  readonly atSeconds: number;
}

async function edgesOf(sensor: PirSensor, enough: (edges: readonly Edge[]) => boolean): Promise<Edge[]> {
  const stop = new AbortController();
  const edges: Edge[] = [];
  for await (const chunk of sensor.chunks(stop.signal)) {
    if (chunk.kind !== 'motion') continue;
    for (let at = 0; at < chunk.length; at += 1) {
      edges.push({ zone: chunk.zone[at]!, active: chunk.active[at]!, atSeconds: chunk.atSeconds[at]! });
    }
    if (enough(edges)) stop.abort();
  }
  await sensor.close();
  return edges;
}

describe('detectors on pins of the machine, through johnny-five on gpiomon', () => {
  test.each([
    ['1.6.3', 'gpiomon --line-buffered --bias=pull-down --format=%e %o gpiochip0 17 27', '0'],
    ['2.2.1', 'gpiomon --chip gpiochip0 --bias pull-down --format %e %o 17 27', '2'],
  ] as const)(
    'libgpiod %s is called its own way and its edges come in order',
    async (version, call, falling) => {
      const lines = ['1 17', '1 27', `${falling} 17`, `${falling} 27`];
      const fakes = install(version, { kind: 'edges', lines, everyMs: 10 });
      const edges = await edgesOf(await openPair(), (seen) => seen.length === 4);
      expect(edges.map(({ zone, active }) => [zone, active])).toEqual([
        [0, 1],
        [1, 1],
        [0, 0],
        [1, 0],
      ]);
      expect(fakes.calls).toEqual([call]);
    },
  );

  test('1,000 pulses, none lost', async () => {
    const lines = Array.from({ length: 1000 }, (_, pulse) => {
      const pin = (pulse * 7) % 3 === 0 ? 27 : 17;
      return [`1 ${pin}`, `0 ${pin}`];
    }).flat();
    install('1.6.3', { kind: 'edges', lines, everyMs: 1 });
    const edges = await edgesOf(await openPair(), (seen) => seen.length === 2000);
    expect(edges.map(({ zone, active }) => `${active} ${zone === 0 ? 17 : 27}`)).toEqual(lines);
  });

  test('a pair that is quiet says every second that it is watched', async () => {
    install('2.2.1', { kind: 'edges', lines: [], everyMs: 10 });
    const sensor = await openPair();
    const progress: number[] = [];
    const stop = new AbortController();
    for await (const chunk of sensor.chunks(stop.signal)) {
      if (chunk.kind === 'motion') progress.push(chunk.progressSeconds!);
      if (progress.length === 2) stop.abort();
    }
    await sensor.close();
    expect(progress[1]! - progress[0]!).toBeGreaterThan(0.9);
  });

  test('when gpiomon dies an active detector falls, and it is started again', async () => {
    const fakes = install('1.6.3', { kind: 'dies-after', line: '1 17', afterMs: 150 });
    const sensor = await openPair();
    const edges = await edgesOf(sensor, (seen) => seen.length === 4);
    expect(edges.map(({ zone, active }) => [zone, active])).toEqual([
      [0, 1],
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(fakes.calls.length).toBeGreaterThanOrEqual(2);
    expect(sensor.health.lastFault).toMatch(/gpiomon ended/);
  });

  test.each([
    ['gpiomon: error waiting for events: Device or resource busy', 'device-busy'],
    ['gpiomon: unable to open chip: Permission denied', 'permission-denied'],
    ["gpiomon: cannot find GPIO chip character device 'gpiochip0'", 'device-missing'],
  ] as const)('%s is an error with its code', async (complaint, code) => {
    install('1.6.3', { kind: 'refuses', complaint });
    await expect(openPair()).rejects.toMatchObject({ code });
    await expect(openPair()).rejects.toThrow(/^gpiochip0: gpiomon/);
  });

  test('a missing gpiomon is named with its package', async () => {
    install('1.6.3', { kind: 'edges', lines: [], everyMs: 1 });
    process.env['PATH'] = '/nowhere';
    await expect(openPair()).rejects.toMatchObject({ code: 'program-missing' });
    await expect(openPair()).rejects.toThrow(/package gpiod/);
  });

  test('outputs are refused: the plugin has inputs only', () => {
    const io = new GpiomonIo({ program: { command: 'gpiomon', leadingArguments: [] }, chip: 'gpiochip0' });
    expect(() => io.pinMode(17, io.MODES.OUTPUT)).toThrow(/inputs only/);
    expect(() => io.digitalWrite(17)).toThrow(/inputs only/);
  });

  test('unmodified johnny-five takes the plugin for a board with buttons', async () => {
    install('2.2.1', { kind: 'edges', lines: ['1 4', '2 4'], everyMs: 400 });
    const five = createRequire(import.meta.url)('johnny-five');
    const io = new GpiomonIo({ program: { command: 'gpiomon', leadingArguments: [] }, chip: 'gpiochip0' });
    const board = new five.Board({ io, repl: false, debug: false, sigint: false });
    const ready = new Promise((resolve) => board.once('ready', resolve));
    await io.open();
    await ready;
    const button = new five.Button({ pin: 4, board });
    await new Promise((resolve) => button.once('press', resolve));
    expect(button.isDown).toBe(true);
    io.stop();
  });
});

describe('XSHUT pins through gpioset', () => {
  test.each([
    ['1.6.3', 'gpioset --mode=wait --drive=open-drain gpiochip0 22='],
    ['2.2.1', 'gpioset --chip gpiochip0 --drive open-drain 22='],
  ] as const)('libgpiod %s holds the line for as long as it lives', async (version, call) => {
    const fakes = install(version, { kind: 'edges', lines: [], everyMs: 10 });
    const line = new GpiosetOutputLine('gpiochip0', 22);
    await line.set('low');
    await line.set('released');
    await line.close();
    expect(fakes.calls).toEqual([`${call}0`, `${call}1`]);
  });

  test('a line in use is an error that names it', async () => {
    install('1.6.3', {
      kind: 'refuses',
      complaint: 'gpioset: error setting values: Device or resource busy',
    });
    const line = new GpiosetOutputLine('gpiochip0', 22);
    await expect(line.set('low')).rejects.toMatchObject({ code: 'device-busy' });
    await expect(line.set('low')).rejects.toThrow(/gpiochip0 line 22/);
  });
});

test('emulated detectors open by configuration and see people walk', async () => {
  const sensor = (await openSensor({
    kind: 'pir',
    outsidePin: 17,
    insidePin: 27,
    emulated: { profile: 'busy', seed: 4 },
  })) as PirSensor;
  expect(sensor.description).toMatchObject({ kind: 'pir', simulated: true });
  const edges = await edgesOf(sensor, (seen) => seen.length >= 1);
  expect(edges[0]).toMatchObject({ active: 1 });
}, 20_000);

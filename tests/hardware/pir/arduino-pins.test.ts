import { createRequire } from 'node:module';
import { SerialPort } from 'serialport';
import { describe, expect, onTestFinished, test } from 'vitest';
import { monotonicClock } from '../../../hardware/clock.ts';
import { EmulatedArduino } from '../../../hardware/emulated/emulated-arduino.ts';
import { EmulatedSerialBinding } from '../../../hardware/emulated/emulated-serial-binding.ts';
import { VirtualClock } from '../../../hardware/emulated/virtual-clock.ts';
import { openSensor } from '../../../hardware/open-sensor.ts';
import { ArduinoPinWatch } from '../../../hardware/pir/arduino-pin-watch.ts';
import { PirSensor } from '../../../hardware/pir/pir-sensor.ts';
import { PtyPair } from '../../doubles/pty-pair.ts';
import { PulseTrain } from '../../doubles/pulse-train.ts';
import { requirePrograms } from '../../require-programs.ts';

const require = createRequire(import.meta.url);

interface Edge {
  readonly zone: number;
  readonly active: number;
  readonly atSeconds: number;
}

/** Edges until `enough`; `alive` is called with each time up to which the pins were watched. */
async function edgesOf(
  sensor: PirSensor,
  enough: (edges: readonly Edge[], progressSeconds: number) => boolean,
): Promise<Edge[]> {
  const stop = new AbortController();
  const edges: Edge[] = [];
  let progressSeconds = 0;
  for await (const chunk of sensor.chunks(stop.signal)) {
    if (chunk.kind !== 'motion') continue;
    for (let at = 0; at < chunk.length; at += 1) {
      edges.push({ zone: chunk.zone[at]!, active: chunk.active[at]!, atSeconds: chunk.atSeconds[at]! });
    }
    progressSeconds = chunk.progressSeconds ?? progressSeconds;
    if (enough(edges, progressSeconds)) stop.abort();
  }
  await sensor.close();
  return edges;
}

describe('the genuine StandardFirmata, executed', () => {
  test('1,000 random pulses on two pins, none lost, each told within milliseconds', async () => {
    const clock = new VirtualClock();
    const pulses = new PulseTrain();
    pulses.addRandom(2, 4, 500, 11);
    pulses.addRandom(8, 4, 500, 12);
    const binding = new EmulatedSerialBinding(new Map([['/dev/uno', new EmulatedArduino(pulses)]]), clock);
    const watch = new ArduinoPinWatch({ port: '/dev/uno', pins: [2, 8], clock, binding });
    const sensor = new PirSensor({ watch, pins: [2, 8], simulated: true });
    const edges = await edgesOf(sensor, (seen) => seen.length === 2000 || clock.nowSeconds() > 30);
    const sent = pulses.all;
    expect(edges.filter(({ active }) => active === 1)).toHaveLength(1000);
    for (const zone of [0, 1]) {
      const heard = edges.filter((edge) => edge.zone === zone);
      const wired = sent.filter(({ pin }) => pin === [2, 8][zone]);
      expect(heard.map(({ active }) => active)).toEqual(wired.map(({ level }) => level));
      const delays = heard.map(({ atSeconds }, place) => atSeconds - wired[place]!.atSeconds);
      expect(Math.max(...delays)).toBeLessThan(0.02);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    }
    expect(sensor.health.losses).toBe(0);
  }, 60_000);

  test('a board that is unplugged falls silent, then is found and watched again', async (context) => {
    requirePrograms(context, 'socat');
    const pair = new PtyPair();
    onTestFinished(() => pair.remove());
    await pair.plugIn();
    const now = () => performance.now() / 1000;
    const pulses = new PulseTrain();
    await pair.connect(new EmulatedArduino(pulses));
    const sensor = (await openSensor({ kind: 'pir', arduinoPort: pair.ours, outsidePin: 2 })) as PirSensor;
    let step: 'waiting' | 'pulsed' | 'pulled' | 'back' = 'waiting';
    const edges = await edgesOf(sensor, (seen) => {
      if (step === 'waiting') {
        step = 'pulsed';
        pulses.add(2, now() + 0.05, 60); // a long one, cut off by the plug
      } else if (step === 'pulsed' && seen.length === 1) {
        step = 'pulled';
        void pair.pull().then(async () => {
          await pair.plugIn();
          const again = new PulseTrain();
          again.add(2, now() + 3.5, 0.01);
          await pair.connect(new EmulatedArduino(again));
        });
      }
      return seen.length === 4;
    });
    expect(edges.map(({ active }) => active)).toEqual([1, 0, 1, 0]);
    expect(sensor.health.losses).toBeGreaterThan(0);
  }, 40_000);

  // johnny-five gives up on a board after ten seconds of the machine's time, and firmware, terminal and
  // test share two cores with everything else: a late board is tried again, a lost pulse would fail again.
  const patient = { retry: 2, timeout: 25_000 };

  test(
    'unmodified johnny-five is ready on it through a pseudo-terminal and counts a 10 ms pulse',
    patient,
    async (context) => {
      requirePrograms(context, 'socat');
      const pair = new PtyPair();
      onTestFinished(() => pair.remove());
      await pair.plugIn();
      const pulses = new PulseTrain();
      await pair.connect(new EmulatedArduino(pulses));
      const five = require('johnny-five');
      const { Firmata } = require('firmata-io');
      const port = new SerialPort({ path: pair.ours, baudRate: 57_600 });
      const io = new Firmata(port);
      const board = new five.Board({ io, repl: false, debug: false, sigint: false });
      await new Promise((resolve, reject) => {
        board.once('ready', resolve);
        board.once('error', reject);
      });
      expect(board.io.firmware.name).toMatch(/^StandardFirmata/);
      expect(board.pins.length).toBe(20);
      board.pinMode(2, board.MODES.INPUT);
      const levels: number[] = [];
      const both = new Promise<void>((resolve) => {
        board.digitalRead(2, (value: number) => {
          if (value !== (levels.at(-1) ?? 0)) levels.push(value);
          if (levels.length === 2) resolve();
        });
      });
      pulses.add(2, performance.now() / 1000 + 0.1, 0.01);
      await both;
      expect(levels).toEqual([1, 0]);
      await new Promise((resolve) => port.close(resolve));
    },
  );

  test('another device on the port is told as no board', async (context) => {
    requirePrograms(context, 'socat');
    const pair = new PtyPair();
    onTestFinished(() => pair.remove());
    await pair.plugIn();
    await pair.connect({ receive: () => {}, transmit: () => new Uint8Array(0) });
    const watch = new ArduinoPinWatch({ port: pair.ours, pins: [2], clock: monotonicClock });
    await watch.open();
    const stop = new AbortController();
    for await (const event of watch.events(stop.signal)) {
      if (event.kind === 'lost') {
        expect(event.error.message).toMatch(/silent for 6 s/);
        stop.abort();
      }
    }
    await watch.close();
  }, 40_000);
});

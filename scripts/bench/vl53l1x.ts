import { EmulatedI2cBus } from '../../hardware/emulated/emulated-i2c-bus.ts';
import { EmulatedVl53l1x } from '../../hardware/emulated/emulated-vl53l1x.ts';
import { VirtualClock } from '../../hardware/emulated/virtual-clock.ts';
import { WalkSceneView } from '../../hardware/emulated/walk-scene-view.ts';
import { openSensor } from '../../hardware/open-sensor.ts';
import type { Sensor } from '../../hardware/sensor.ts';
import { sensorOptions } from '../../hardware/vl53l1x/open-vl53l1x.ts';
import { Vl53l1xBus } from '../../hardware/vl53l1x/vl53l1x-bus.ts';
import { Vl53l1xSensor } from '../../hardware/vl53l1x/vl53l1x-sensor.ts';

/** Device time of the virtual runs, and real time of the live one. */
const virtualSeconds = 60;
const liveSeconds = 15;

interface RateRow {
  readonly clock: 'virtual' | 'real';
  readonly busKHz: number | null;
  readonly mode: string;
  readonly lanes: number;
  readonly rangesPerSecond: number;
  /** With a known region and any honest status. */
  readonly attributedPerSecond: number;
}

type Mode = {
  readonly distanceMode: 'short' | 'long';
  readonly timingBudgetMs: 15 | 20 | 33 | 50;
  readonly lanes: 1 | 2;
};

/** Readings a second of the driver on an emulated chip with true times of bus and ranges. */
export async function run(): Promise<RateRow[]> {
  const rows: RateRow[] = [];
  for (const lanes of [1, 2] as const) {
    for (const mode of [
      { distanceMode: 'short', timingBudgetMs: 15 },
      { distanceMode: 'long', timingBudgetMs: 20 },
      { distanceMode: 'long', timingBudgetMs: 33 },
    ] as const) {
      for (const busKHz of [400, 100]) rows.push(await virtualRate({ ...mode, lanes }, busKHz));
    }
  }
  rows.push(await liveRate());
  return rows;
}

async function virtualRate(mode: Mode, busKHz: number): Promise<RateRow> {
  const clock = new VirtualClock();
  const scene = new WalkSceneView({
    profile: 'easy',
    seed: 1,
    minutes: 2,
    mountingHeightMm: 2500,
    startsAtSeconds: 0,
  });
  const chip = new EmulatedVl53l1x({ scene });
  const wires = new EmulatedI2cBus({ targets: [chip], clock, bitsPerSecond: busKHz * 1000 });
  const bus = new Vl53l1xBus({
    bus: wires,
    clock,
    openLine: () => chip.xshutLine(() => clock.nowSeconds()),
  });
  const options = sensorOptions({ kind: 'vl53l1x', ...mode });
  const sensor = new Vl53l1xSensor({ ...options, bus, clock, simulated: true, release: async () => {} });
  await sensor.bringUp();
  const counted = await count(sensor, () => clock.nowSeconds(), virtualSeconds);
  const name = `${mode.distanceMode} ${mode.timingBudgetMs} ms`;
  return { clock: 'virtual', busKHz, mode: name, lanes: mode.lanes, ...counted };
}

async function liveRate(): Promise<RateRow> {
  const sensor = await openSensor({ kind: 'vl53l1x', emulated: { profile: 'easy', seed: 1, minutes: 2 } });
  const counted = await count(sensor, () => performance.now() / 1000, liveSeconds);
  await sensor.close();
  return { clock: 'real', busKHz: null, mode: 'long 20 ms', lanes: 1, ...counted };
}

async function count(sensor: Sensor, nowSeconds: () => number, seconds: number) {
  const stop = new AbortController();
  const from = nowSeconds();
  let ranges = 0;
  let attributed = 0;
  for await (const chunk of sensor.chunks(stop.signal)) {
    if (chunk.kind !== 'distance') continue;
    ranges += 1;
    if (chunk.status[0] !== 255) attributed += 1;
    if (nowSeconds() - from > seconds) stop.abort();
  }
  const perSecond = (number: number) => Math.round((number / (nowSeconds() - from)) * 10) / 10;
  return { rangesPerSecond: perSecond(ranges), attributedPerSecond: perSecond(attributed) };
}

if (import.meta.main) console.table(await run());

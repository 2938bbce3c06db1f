import { type BusFault, EmulatedI2cBus } from '../../hardware/emulated/emulated-i2c-bus.ts';
import { EmulatedVl53l1x } from '../../hardware/emulated/emulated-vl53l1x.ts';
import { VirtualClock } from '../../hardware/emulated/virtual-clock.ts';
import { type Split, splitRegions } from '../../hardware/vl53l1x/region-of-interest.ts';
import { Vl53l1xBus } from '../../hardware/vl53l1x/vl53l1x-bus.ts';
import type { RangingMode } from '../../hardware/vl53l1x/vl53l1x-device.ts';
import { Vl53l1xSensor } from '../../hardware/vl53l1x/vl53l1x-sensor.ts';
import { SteadyScene } from './steady-scene.ts';

export interface Reading {
  readonly atSeconds: number;
  readonly zone: number;
  readonly distanceMm: number;
  readonly status: number;
  readonly signalKcps: number;
  readonly ambientKcps: number;
  readonly sigmaMm: number;
  readonly spads: number;
}

const longMode: RangingMode = { distanceMode: 'long', timingBudgetMs: 20, interMeasurementMs: 22 };

/** One or more emulated VL53L1X on one bus, each with its XSHUT pin, on a clock of their own. */
export class Vl53l1xBench {
  readonly clock = new VirtualClock(100);
  readonly scene = new SteadyScene();
  readonly chips: readonly EmulatedVl53l1x[];
  readonly bus: Vl53l1xBus;
  readonly wires: EmulatedI2cBus;
  busFault: (atSeconds: number) => BusFault = () => 'none';

  constructor(chips = 1, bitsPerSecond = 400_000) {
    this.chips = Array.from({ length: chips }, () => new EmulatedVl53l1x({ scene: this.scene }));
    this.wires = new EmulatedI2cBus({
      targets: this.chips,
      clock: this.clock,
      bitsPerSecond,
      faultAt: (atSeconds) => this.busFault(atSeconds),
    });
    this.bus = new Vl53l1xBus({
      bus: this.wires,
      clock: this.clock,
      openLine: (pin) => this.chips[pin]!.xshutLine(() => this.clock.nowSeconds()),
    });
  }

  /** A sensor for chip `pin`; without an address it has no XSHUT and stays at 0x29. */
  sensor(options: { mode?: RangingMode; split?: Partial<Split>; pin?: number; address?: number } = {}) {
    return new Vl53l1xSensor({
      bus: this.bus,
      clock: this.clock,
      place: { address: options.address ?? 0x29, xshutPin: options.address ? (options.pin ?? 0) : undefined },
      mode: options.mode ?? longMode,
      regions: splitRegions({
        walkAlong: 'columns',
        padsAlong: 8,
        firstLooks: 'outside',
        lanes: 1,
        ...options.split,
      }),
      geometry: 'ceiling',
      mountingHeightMm: 2500,
      simulated: true,
      release: async () => {},
    });
  }

  /** Readings until the device clock shows `untilSeconds`; the iteration is ended as the agent does. */
  async read(sensor: Vl53l1xSensor, untilSeconds: number, each?: (reading: Reading) => void) {
    const stop = new AbortController();
    const readings: Reading[] = [];
    for await (const chunk of sensor.chunks(stop.signal)) {
      if (chunk.kind !== 'distance') throw new Error('not a distance');
      const reading: Reading = {
        atSeconds: chunk.atSeconds[0]!,
        zone: chunk.zone[0]!,
        distanceMm: chunk.distanceMm[0]!,
        status: chunk.status[0]!,
        signalKcps: chunk.signalKcps![0]!,
        ambientKcps: chunk.ambientKcps![0]!,
        sigmaMm: chunk.sigmaMm![0]!,
        spads: chunk.spads![0]!,
      };
      readings.push(reading);
      each?.(reading);
      if (this.clock.nowSeconds() >= untilSeconds) stop.abort();
    }
    return readings;
  }
}

import type { Clock } from '../clock.ts';
import type { I2cBus } from '../i2c/i2c-bus.ts';
import { rangingFault } from './ranging-fault.ts';
import type { RegionOfInterest } from './region-of-interest.ts';
import { regionRegisters } from './region-of-interest.ts';
import {
  bootSeconds,
  type DistanceMode,
  distanceModeValues,
  initialBlock,
  initialBlockStart,
  interMeasurementFactor,
  modelId,
  modeStart,
  modeStop,
  rangeStatus,
  register,
  timingBudgets,
} from './register-map.ts';

/** How the device is to range. */
export interface RangingMode {
  readonly distanceMode: DistanceMode;
  readonly timingBudgetMs: number;
  readonly interMeasurementMs: number;
}

/** One range as the device reports it. Rates in thousands of counts a second. */
export interface Range {
  readonly streamCount: number;
  readonly status: number;
  readonly distanceMm: number;
  readonly signalKcps: number;
  readonly ambientKcps: number;
  readonly sigmaMm: number;
  readonly spads: number;
}

/** Booting takes 1.2 ms; a device that needs longer than this does not come. */
const bootSecondsMax = 0.1;
/** The first range runs with the initial block's budget of about 100 ms. */
const firstRangeSecondsMax = 0.5;
const pollSeconds = 0.001;
const resultBytes = 17;

/**
 * One VL53L1X at one address: the sequences of registers that make it boot, range and tell, and
 * nothing of what the distances mean. Methods throw `I2cError`, and `RangingFault` where the device
 * answers but does not do its work.
 */
export class Vl53l1xDevice {
  readonly #bus: I2cBus;
  readonly #clock: Clock;
  readonly #result = new Uint8Array(resultBytes);
  /** 7-bit address at which the device answers now. */
  readonly address: number;
  #readyLevel = 1;

  constructor(options: { bus: I2cBus; clock: Clock; address: number }) {
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.address = options.address;
  }

  /** Waits until the device has booted and checks that it is a VL53L1X. */
  async boot(): Promise<void> {
    await this.#clock.sleep(bootSeconds);
    const deadline = this.#clock.nowSeconds() + bootSecondsMax;
    while (((await this.#readByte(register.FIRMWARE__SYSTEM_STATUS)) & 1) === 0) {
      if (this.#clock.nowSeconds() > deadline) throw rangingFault('boot-timeout');
      await this.#clock.sleep(pollSeconds);
    }
    const model = await this.#readWord(register.IDENTIFICATION__MODEL_ID);
    if (model !== modelId) throw rangingFault('wrong-identity', `0x${model.toString(16)}`);
  }

  /** Restarts the device's firmware; it is at its default address afterwards. Boot it again. */
  async softReset(): Promise<void> {
    await this.#write(register.SOFT_RESET, 0);
    await this.#clock.sleep(pollSeconds);
    // The device may stop acknowledging within this very write.
    await this.#write(register.SOFT_RESET, 1).catch(() => {});
  }

  /** Moves the device to another address; it answers there at once and forgets it with its power. */
  async moveTo(address: number): Promise<Vl53l1xDevice> {
    await this.#write(register.I2C_SLAVE__DEVICE_ADDRESS, address);
    return new Vl53l1xDevice({ bus: this.#bus, clock: this.#clock, address });
  }

  /** Brings a booted device from any state to: initialised, calibrated for its temperature, stopped. */
  async initialise(mode: RangingMode): Promise<void> {
    await this.stop();
    await this.#write(initialBlockStart, ...initialBlock);
    const polarity = (await this.#readByte(register.GPIO_HV_MUX__CTRL)) & 0x10;
    this.#readyLevel = polarity === 0 ? 1 : 0;
    // The first range searches the laser's working voltage; later ones start from what it found.
    await this.#rangeOnce();
    await this.#write(register.VHV_CONFIG__TIMEOUT_MACROP_LOOP_BOUND, 0x09);
    await this.#write(register.VHV_CONFIG__INIT, 0x00);
    await this.#setMode(mode);
  }

  /**
   * Searches the laser's voltage anew. Needed after more than 8 °C of change without ranging
   * (UM2510, "temperature update"). Ranging must be stopped.
   */
  async recalibrate(): Promise<void> {
    await this.#write(register.VHV_CONFIG__TIMEOUT_MACROP_LOOP_BOUND, 0x81);
    await this.#write(register.VHV_CONFIG__INIT, 0x92);
    await this.#rangeOnce();
    await this.#write(register.VHV_CONFIG__TIMEOUT_MACROP_LOOP_BOUND, 0x09);
    await this.#write(register.VHV_CONFIG__INIT, 0x00);
  }

  /** Sets the pads for ranges that start after this; centre and size are neighbours: one write. */
  async setRegion(region: RegionOfInterest): Promise<void> {
    const { centre, size } = regionRegisters(region);
    await this.#write(register.ROI_CONFIG__USER_ROI_CENTRE_SPAD, centre, size);
  }

  async start(): Promise<void> {
    await this.clearReady();
    await this.#write(register.SYSTEM__MODE_START, modeStart);
  }

  async stop(): Promise<void> {
    await this.#write(register.SYSTEM__MODE_START, modeStop);
  }

  async isReady(): Promise<boolean> {
    return ((await this.#readByte(register.GPIO__TIO_HV_STATUS)) & 1) === this.#readyLevel;
  }

  /** Lets the device signal its next range. */
  async clearReady(): Promise<void> {
    await this.#write(register.SYSTEM__INTERRUPT_CLEAR, 0x01);
  }

  /** Reads the result block 0x89…0x99 of the range that is ready. */
  async readRange(): Promise<Range> {
    await this.#read(register.RESULT__RANGE_STATUS, this.#result);
    const bytes = this.#result;
    const word = (place: number) => (bytes[place]! << 8) | bytes[place + 1]!;
    return {
      streamCount: bytes[2]!,
      status: rangeStatus(bytes[0]!),
      distanceMm: word(13),
      // Fixed point 9.7 in millions of counts a second: 1/128 of a million; ST's API multiplies by 8.
      signalKcps: word(15) * 8,
      ambientKcps: word(7) * 8,
      sigmaMm: word(9) / 4, // 14.2 fixed point
      spads: word(3) / 256, // 8.8 fixed point
    };
  }

  async #setMode(mode: RangingMode): Promise<void> {
    const values = distanceModeValues[mode.distanceMode];
    await this.#write(register.PHASECAL_CONFIG__TIMEOUT_MACROP, values.phasecal);
    await this.#write(register.RANGE_CONFIG__VCSEL_PERIOD_A, values.vcselA);
    await this.#write(register.RANGE_CONFIG__VCSEL_PERIOD_B, values.vcselB);
    await this.#write(register.RANGE_CONFIG__VALID_PHASE_HIGH, values.phaseHigh);
    await this.#write(register.SD_CONFIG__WOI_SD0, ...bigEndian(values.woi, 2));
    await this.#write(register.SD_CONFIG__INITIAL_PHASE_SD0, ...bigEndian(values.initialPhase, 2));
    const budget = timingBudgets[mode.distanceMode].get(mode.timingBudgetMs);
    if (!budget) {
      throw new RangeError(`no timing budget of ${mode.timingBudgetMs} ms in mode ${mode.distanceMode}`);
    }
    await this.#write(register.RANGE_CONFIG__TIMEOUT_MACROP_A, ...bigEndian(budget[0], 2));
    await this.#write(register.RANGE_CONFIG__TIMEOUT_MACROP_B, ...bigEndian(budget[1], 2));
    const ticksPerMs = (await this.#readWord(register.RESULT__OSC_CALIBRATE_VAL)) & 0x3ff;
    const ticks = Math.round(ticksPerMs * mode.interMeasurementMs * interMeasurementFactor);
    await this.#write(register.SYSTEM__INTERMEASUREMENT_PERIOD, ...bigEndian(ticks, 4));
  }

  async #rangeOnce(): Promise<void> {
    await this.start();
    const deadline = this.#clock.nowSeconds() + firstRangeSecondsMax;
    while (!(await this.isReady())) {
      if (this.#clock.nowSeconds() > deadline) throw rangingFault('not-ready');
      await this.#clock.sleep(pollSeconds);
    }
    await this.clearReady();
    await this.stop();
  }

  async #write(index: number, ...bytes: number[]): Promise<void> {
    await this.#bus.write(this.address, Uint8Array.of(index >> 8, index & 0xff, ...bytes));
  }

  async #read(index: number, target: Uint8Array): Promise<void> {
    await this.#bus.read(this.address, Uint8Array.of(index >> 8, index & 0xff), target);
  }

  async #readByte(index: number): Promise<number> {
    const target = new Uint8Array(1);
    await this.#read(index, target);
    return target[0]!;
  }

  async #readWord(index: number): Promise<number> {
    const target = new Uint8Array(2);
    await this.#read(index, target);
    return (target[0]! << 8) | target[1]!;
  }
}

function bigEndian(value: number, length: 2 | 4): number[] {
  return length === 2
    ? [value >>> 8, value & 0xff]
    : [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

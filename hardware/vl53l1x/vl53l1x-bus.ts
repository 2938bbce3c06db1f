import type { Clock } from '../clock.ts';
import type { OutputLine } from '../gpio/output-line.ts';
import { type I2cBus, I2cError } from '../i2c/i2c-bus.ts';
import { rangingFault } from './ranging-fault.ts';
import { bootSeconds, defaultAddress } from './register-map.ts';
import { Vl53l1xDevice } from './vl53l1x-device.ts';

/** XSHUT low for this long resets the device for certain. */
const resetSeconds = 0.001;

/** Where a sensor is to answer and how it can be reset. */
export interface Vl53l1xPlace {
  readonly address: number;
  /** Undefined where XSHUT is not wired: then the address must be 0x29. */
  readonly xshutPin: number | undefined;
}

/**
 * One I²C bus with all its VL53L1X. They all wake up at 0x29, so one at a time is let out of reset
 * and moved to its own address. Who loses its address (a brown-out) is found when another is woken,
 * and is reset together with all others that might be meant.
 */
export class Vl53l1xBus {
  readonly #bus: I2cBus;
  readonly #clock: Clock;
  readonly #openLine: (pin: number) => OutputLine;
  readonly #lines = new Map<number, OutputLine>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: { bus: I2cBus; clock: Clock; openLine: (pin: number) => OutputLine }) {
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#openLine = options.openLine;
  }

  /** Holds sensors in reset that are not known yet. Throws `SensorError` when a pin cannot be had. */
  async hold(pins: readonly number[]): Promise<void> {
    await this.#inTurn(async () => {
      for (const pin of pins) {
        if (this.#lines.has(pin)) continue;
        const line = this.#openLine(pin);
        this.#lines.set(pin, line);
        await line.set('low');
      }
    });
  }

  /**
   * Resets the sensor, waits for its boot and moves it to its address. Throws `I2cError` or
   * `RangingFault`; may be tried again.
   */
  bringUp(place: Vl53l1xPlace): Promise<Vl53l1xDevice> {
    return this.#inTurn(() => (place.xshutPin === undefined ? this.#restart() : this.#wake(place)));
  }

  async close(): Promise<void> {
    await this.#turn;
    for (const line of this.#lines.values()) await line.close();
    await this.#bus.close();
  }

  async #restart(): Promise<Vl53l1xDevice> {
    const device = this.#deviceAt(defaultAddress);
    // Its supply may have come on this very moment.
    await this.#clock.sleep(bootSeconds);
    await device.softReset();
    await this.#clock.sleep(bootSeconds);
    await device.boot();
    return device;
  }

  async #wake(place: Vl53l1xPlace): Promise<Vl53l1xDevice> {
    const pin = place.xshutPin!;
    const line = this.#lines.get(pin)!;
    await line.set('low');
    await this.#clock.sleep(resetSeconds);
    if (place.address !== defaultAddress && (await this.#answers(defaultAddress))) {
      await this.#holdAll();
      if (await this.#answers(defaultAddress)) throw rangingFault('address-taken');
    }
    await line.set('released');
    const fresh = this.#deviceAt(defaultAddress);
    await fresh.boot();
    if (place.address === defaultAddress) return fresh;
    const device = await fresh.moveTo(place.address);
    await device.boot();
    return device;
  }

  /** Somebody has lost its address: all restart, each by its own driver. */
  async #holdAll(): Promise<void> {
    for (const line of this.#lines.values()) await line.set('low');
    await this.#clock.sleep(resetSeconds);
  }

  async #answers(address: number): Promise<boolean> {
    try {
      await this.#bus.read(address, Uint8Array.of(0x00, 0xe5), new Uint8Array(1));
      return true;
    } catch (error) {
      if (error instanceof I2cError && error.code === 'nack') return false;
      throw error;
    }
  }

  #deviceAt(address: number): Vl53l1xDevice {
    return new Vl53l1xDevice({ bus: this.#bus, clock: this.#clock, address });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.then(
      () => {},
      () => {},
    );
    return mine;
  }
}

import type { Clock } from '../clock.ts';
import { type I2cBus, I2cError } from '../i2c/i2c-bus.ts';

/** A device on the emulated wire: it sees bytes and the time, nothing else. */
export interface EmulatedI2cTarget {
  /** Whether it acknowledges this address now. */
  acknowledges(address: number, atSeconds: number): boolean;
  /** Bytes after the address; returns how many were acknowledged. */
  write(bytes: Uint8Array, atSeconds: number): number;
  /** Fills `target` from where the last write left the index. */
  read(target: Uint8Array, atSeconds: number): void;
}

/** What can go wrong with the wires themselves. */
export type BusFault = 'none' | 'nack' | 'held-low' | 'cut-short';

/**
 * An I²C bus with emulated devices. Transfers take their true time (nine clock periods a byte).
 * Several targets at one address all take a write, and a read gives the AND of their bits, as on
 * open-drain wires.
 */
export class EmulatedI2cBus implements I2cBus {
  readonly #targets: readonly EmulatedI2cTarget[];
  readonly #clock: Clock;
  readonly #bitsPerSecond: number;
  /** Asked before each transaction. */
  readonly #faultAt: (atSeconds: number) => BusFault;
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: {
    targets: readonly EmulatedI2cTarget[];
    clock: Clock;
    /** 400,000 by default; 0 lets transfers take no time, for clocks whose grain is coarser. */
    bitsPerSecond?: number;
    faultAt?: (atSeconds: number) => BusFault;
  }) {
    this.#targets = options.targets;
    this.#clock = options.clock;
    this.#bitsPerSecond = options.bitsPerSecond ?? 400_000;
    this.#faultAt = options.faultAt ?? (() => 'none');
  }

  write(address: number, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(() => this.#writeNow(address, bytes));
  }

  read(address: number, index: Uint8Array, target: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      await this.#writeNow(address, index);
      const targets = this.#acknowledging(address);
      await this.#transfer(1 + target.length);
      target.fill(0xff);
      const bytes = new Uint8Array(target.length);
      for (const one of targets) {
        one.read(bytes, this.#clock.nowSeconds());
        for (let place = 0; place < bytes.length; place += 1) target[place]! &= bytes[place]!;
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  async #writeNow(address: number, bytes: Uint8Array): Promise<void> {
    const fault = this.#faultAt(this.#clock.nowSeconds());
    if (fault === 'nack') throw new I2cError('nack', `emulated bus: 0x${address.toString(16)}: no answer`);
    if (fault === 'held-low') {
      await this.#clock.sleep(0.035); // the i2c-bcm2835 driver gives up after some 35 ms
      throw new I2cError('timeout', 'emulated bus: a line is held low');
    }
    const targets = this.#acknowledging(address);
    const sent = fault === 'cut-short' ? bytes.subarray(0, bytes.length >> 1) : bytes;
    await this.#transfer(1 + sent.length);
    for (const target of targets) target.write(sent, this.#clock.nowSeconds());
    if (fault === 'cut-short') throw new I2cError('failed', 'emulated bus: transfer cut short');
  }

  #acknowledging(address: number): readonly EmulatedI2cTarget[] {
    const now = this.#clock.nowSeconds();
    const targets = this.#targets.filter((target) => target.acknowledges(address, now));
    if (targets.length === 0) {
      throw new I2cError('nack', `emulated bus: 0x${address.toString(16)}: no answer`);
    }
    return targets;
  }

  async #transfer(bytes: number): Promise<void> {
    if (this.#bitsPerSecond > 0) await this.#clock.sleep((bytes * 9) / this.#bitsPerSecond);
  }

  #inTurn(transaction: () => Promise<void>): Promise<void> {
    if (this.#closed) return Promise.reject(new I2cError('failed', 'emulated bus: closed'));
    const mine = this.#last.then(transaction);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

import type { EmulatedI2cTarget } from './emulated-i2c-bus.ts';

/** A chip with registers of one byte's index that hold what they are given: clocks, pressure gauges. */
export class PlainI2cChip implements EmulatedI2cTarget {
  readonly #address: number;
  readonly #registers: ReadonlyMap<number, number>;
  #index = 0;

  /** `registers` by their index as `0x0d`. */
  constructor(address: number, registers: Readonly<Record<string, number>>) {
    this.#address = address;
    this.#registers = new Map(Object.entries(registers).map(([index, value]) => [Number(index), value]));
  }

  acknowledges(address: number): boolean {
    return address === this.#address;
  }

  write(bytes: Uint8Array): number {
    if (bytes.length > 0) this.#index = bytes[0]!;
    return bytes.length;
  }

  read(target: Uint8Array): void {
    for (let place = 0; place < target.length; place += 1) {
      target[place] = this.#registers.get(this.#index) ?? 0;
      this.#index = (this.#index + 1) & 0xff;
    }
  }
}

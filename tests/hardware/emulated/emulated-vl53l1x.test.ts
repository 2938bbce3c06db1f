import { describe, expect, test } from 'vitest';
import { EmulatedI2cBus } from '../../../hardware/emulated/emulated-i2c-bus.ts';
import { EmulatedVl53l1x } from '../../../hardware/emulated/emulated-vl53l1x.ts';
import { VirtualClock } from '../../../hardware/emulated/virtual-clock.ts';
import { SteadyScene } from '../../doubles/steady-scene.ts';

/** Bytes over the wire only, as a driver written elsewhere would send them. */
class Wire {
  readonly clock = new VirtualClock();
  readonly scene = new SteadyScene();
  readonly chip = new EmulatedVl53l1x({ scene: this.scene });
  readonly bus = new EmulatedI2cBus({ targets: [this.chip], clock: this.clock });
  address = 0x29;

  write(index: number, ...bytes: number[]): Promise<void> {
    return this.bus.write(this.address, Uint8Array.of(index >> 8, index & 255, ...bytes));
  }

  async read(index: number, length: number): Promise<Uint8Array> {
    const target = new Uint8Array(length);
    await this.bus.read(this.address, Uint8Array.of(index >> 8, index & 255), target);
    return target;
  }

  /** 20 ms ranges every 40 ms, data-ready active high. */
  async configure(): Promise<void> {
    await this.clock.sleep(0.002);
    await this.write(0x30, 0x01);
    await this.write(0x5e, 0x00, 0x1e, 0x0f, 0x00, 0x22, 0x0d);
    await this.write(0x6c, ...ticks(0.04));
  }

  async ready(): Promise<boolean> {
    return ((await this.read(0x31, 1))[0]! & 1) === 1;
  }
}

function ticks(seconds: number): number[] {
  const value = Math.round(seconds * 1000 * 0x2bc * 1.065);
  return [value >> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
}

const word = (bytes: Uint8Array, place: number) => (bytes[place]! << 8) | bytes[place + 1]!;

describe('an emulated VL53L1X', () => {
  test('does not answer before it has booted, then says what it is', async () => {
    const wire = new Wire();
    await expect(wire.read(0xe5, 1)).rejects.toThrow(/no answer/);
    await wire.clock.sleep(0.0015);
    expect((await wire.read(0xe5, 1))[0]! & 1).toBe(1);
    expect([...(await wire.read(0x010f, 2))]).toEqual([0xea, 0xcc]);
  });

  test('counts the index up over a block', async () => {
    const wire = new Wire();
    await wire.clock.sleep(0.002);
    await wire.write(0x64, 1, 2, 3, 4);
    expect([...(await wire.read(0x65, 3))]).toEqual([2, 3, 4]);
  });

  test('measures with the region that stood in its registers when the range began', async () => {
    const wire = new Wire();
    await wire.configure();
    await wire.write(0x7f, 167, 0xf7); // left half
    await wire.write(0x87, 0x40);
    await wire.clock.sleep(0.005);
    await wire.write(0x7f, 231, 0xf7); // right half, too late for the running range
    await wire.clock.sleep(0.017);
    expect(await wire.ready()).toBe(true);
    expect(word(await wire.read(0x96, 2), 0)).toBeGreaterThan(1600);
    await wire.write(0x86, 1);
    await wire.clock.sleep(0.04);
    expect(word(await wire.read(0x96, 2), 0)).toBeLessThan(1400);
  });

  test('signals a range once, goes on ranging, and signals again only after it was cleared', async () => {
    const wire = new Wire();
    await wire.configure();
    await wire.write(0x87, 0x40);
    await wire.clock.sleep(0.03);
    expect(await wire.ready()).toBe(true);
    await wire.clock.sleep(0.08);
    expect((await wire.read(0x8b, 1))[0]).toBe(2);
    expect(wire.chip.rangesDone).toBe(3);
    await wire.write(0x86, 1);
    expect(await wire.ready()).toBe(false);
    await wire.clock.sleep(0.04);
    expect(await wire.ready()).toBe(true);
  });

  test('with a period shorter than the budget it takes every second start', async () => {
    const wire = new Wire();
    await wire.configure();
    await wire.write(0x6c, ...ticks(0.015));
    await wire.write(0x87, 0x40);
    await wire.clock.sleep(0.3);
    await wire.read(0x89, 1);
    expect(wire.chip.rangesDone).toBe(10);
  });

  test('a region that hangs over the edge of the pads gives status 13', async () => {
    const wire = new Wire();
    await wire.configure();
    await wire.write(0x7f, 151, 0xf7); // eight columns about column 2
    await wire.write(0x87, 0x40);
    await wire.clock.sleep(0.03);
    expect((await wire.read(0x89, 1))[0]! & 0x1f).toBe(13);
  });

  test('moves to another address and forgets it in reset, where it is silent', async () => {
    const wire = new Wire();
    await wire.clock.sleep(0.002);
    await wire.write(0x0001, 0x42);
    await expect(wire.read(0xe5, 1)).rejects.toThrow(/no answer/);
    wire.address = 0x42;
    expect((await wire.read(0x010f, 1))[0]).toBe(0xea);
    const xshut = wire.chip.xshutLine(() => wire.clock.nowSeconds());
    await xshut.set('low');
    for (const address of [0x29, 0x42]) {
      wire.address = address;
      await expect(wire.read(0xe5, 1)).rejects.toThrow(/no answer/);
    }
    await xshut.set('released');
    await wire.clock.sleep(0.002);
    wire.address = 0x29;
    expect((await wire.read(0x010f, 1))[0]).toBe(0xea);
  });

  test('ranges take as long as the budget in the registers says', async () => {
    const wire = new Wire();
    await wire.configure();
    await wire.write(0x5e, 0x00, 0xad, 0x0f, 0x00, 0xc6, 0x0d); // 50 ms
    await wire.write(0x6c, ...ticks(0.06));
    await wire.write(0x87, 0x40);
    await wire.clock.sleep(0.049);
    expect(await wire.ready()).toBe(false);
    await wire.clock.sleep(0.002);
    expect(await wire.ready()).toBe(true);
  });
});

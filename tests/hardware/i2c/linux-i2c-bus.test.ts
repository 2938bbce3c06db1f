import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { I2cError } from '../../../hardware/i2c/i2c-bus.ts';
import { openLinuxI2cBus } from '../../../hardware/i2c/linux-i2c-bus.ts';

const selectAddress = 0x0703;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-i2c-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Stands in for the kernel's answer to I2C_SLAVE and notes what was asked. */
class IoctlRecorder {
  readonly calls: { request: number; argument: number }[] = [];
  outcome = 0;
  readonly call = (_fd: number, request: number, argument: number): number => {
    this.calls.push({ request, argument });
    return this.outcome;
  };
}

describe('I²C over i2c-dev', () => {
  test('selects the address once and writes the bytes as they are', async () => {
    const path = join(folder, 'bus');
    writeFileSync(path, '');
    const ioctl = new IoctlRecorder();
    const bus = await openLinuxI2cBus(path, ioctl.call);
    await bus.write(0x29, Uint8Array.of(0x00, 0x87, 0x40));
    await bus.write(0x29, Uint8Array.of(0x00, 0x86, 0x01));
    await bus.close();
    expect([...readFileSync(path)]).toEqual([0x00, 0x87, 0x40, 0x00, 0x86, 0x01]);
    const selected = ioctl.calls.filter(({ argument }) => argument === 0x29);
    expect(selected).toEqual([{ request: selectAddress, argument: 0x29 }]);
  });

  test('writes the index before it reads, and keeps two readers apart', async () => {
    // A FIFO gives back what was written: each read must find its own index.
    const path = join(folder, 'echo');
    execFileSync('mkfifo', [path]);
    const bus = await openLinuxI2cBus(path, new IoctlRecorder().call);
    const targets = [new Uint8Array(2), new Uint8Array(2), new Uint8Array(2)];
    await Promise.all(targets.map((target, place) => bus.read(0x29, Uint8Array.of(place, 0xe5), target)));
    await bus.close();
    expect(targets.map((target) => target[0])).toEqual([0, 1, 2]);
  });

  test('a transfer that stops half way is an error with address and numbers', async () => {
    const path = join(folder, 'short');
    writeFileSync(path, '');
    const bus = await openLinuxI2cBus(path, new IoctlRecorder().call);
    const reading = bus.read(0x29, Uint8Array.of(0, 0x89), new Uint8Array(17));
    await expect(reading).rejects.toBeInstanceOf(I2cError);
    await expect(reading).rejects.toThrow(/0 of 17 bytes.*0x29/);
    await bus.close();
  });

  test('asks the real kernel through ioctl and passes its refusal on', async () => {
    const path = join(folder, 'plain');
    writeFileSync(path, '');
    await expect(openLinuxI2cBus(path)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(openLinuxI2cBus(path)).rejects.toThrow(/errno 25/); // ENOTTY
  });
});

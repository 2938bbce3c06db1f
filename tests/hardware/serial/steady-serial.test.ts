import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { monotonicClock } from '../../../hardware/clock.ts';
import { serialFailure } from '../../../hardware/serial/serial-failure.ts';
import { resolveSerialPath } from '../../../hardware/serial/serial-path.ts';
import { type SerialEvent, SteadySerial } from '../../../hardware/serial/steady-serial.ts';
import { PtyPair } from '../../doubles/pty-pair.ts';
import { requirePrograms } from '../../require-programs.ts';

/** Says `tick` every 4 ms. */
class Ticker {
  receive(): void {}
  transmit(): Uint8Array {
    return Buffer.from('tick');
  }
}

let pair: PtyPair;
let stop: AbortController;
beforeEach((context) => {
  requirePrograms(context, 'socat');
  pair = new PtyPair();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await pair?.remove();
});

const steady = (port: string) =>
  new SteadySerial({ port, baudRate: 115_200, idleSecondsMax: 0.3, clock: monotonicClock });

/** Reads events until `enough` says so; fails after ten seconds. */
async function until(
  events: AsyncIterator<SerialEvent>,
  enough: (event: SerialEvent) => boolean,
): Promise<SerialEvent[]> {
  const seen: SerialEvent[] = [];
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const { value, done } = await events.next();
    if (done) break;
    seen.push(value);
    if (enough(value)) return seen;
  }
  throw new Error(`did not come: ${JSON.stringify(seen.map((event) => event.kind))}`);
}
const isOf = (kind: SerialEvent['kind']) => (event: SerialEvent) => event.kind === kind;

describe('a serial port that stays', () => {
  test('comes back after the cable was pulled and plugged in again', async () => {
    await pair.plugIn();
    await pair.connect(new Ticker());
    const serial = steady(pair.ours);
    const events = serial.events(stop.signal)[Symbol.asyncIterator]();
    await until(events, isOf('bytes'));
    await pair.pull();
    const [lost] = (await until(events, isOf('lost'))).slice(-1);
    expect(lost).toMatchObject({ error: { code: 'device-missing' } });
    await pair.plugIn();
    await pair.connect(new Ticker());
    const back = await until(events, isOf('bytes'));
    expect(back.filter(isOf('opened'))).toHaveLength(1);
    await serial.close();
  });

  test('a hang-up before anything was read is noticed', async () => {
    await pair.plugIn();
    const serial = steady(pair.ours);
    await serial.open();
    await pair.pull();
    const events = serial.events(stop.signal)[Symbol.asyncIterator]();
    const before = performance.now();
    await until(events, isOf('lost'));
    expect(performance.now() - before).toBeLessThan(5000);
    await serial.close();
  });

  test('a device that falls silent is opened again, and says so', async () => {
    await pair.plugIn();
    await pair.connect(new Ticker());
    const serial = steady(pair.ours);
    const events = serial.events(stop.signal)[Symbol.asyncIterator]();
    await until(events, isOf('bytes'));
    pair.silence();
    const seen = await until(events, isOf('lost'));
    const lost = seen.at(-1)!;
    expect(lost.kind === 'lost' && lost.error.message).toMatch(/silent for 0\.3 s/);
    await until(events, isOf('opened'));
    await serial.close();
  });

  test('waits for a port that appears later', async () => {
    const serial = steady(pair.ours);
    await expect(serial.open()).rejects.toMatchObject({ code: 'device-missing' });
    const events = serial.events(stop.signal)[Symbol.asyncIterator]();
    await until(events, isOf('lost'));
    await pair.plugIn();
    await pair.connect(new Ticker());
    await until(events, isOf('bytes'));
    await serial.close();
  });

  test('a second agent on one port is told who may be the first', async () => {
    await pair.plugIn();
    const first = steady(pair.ours);
    await first.open();
    const second = steady(pair.ours);
    await expect(second.open()).rejects.toMatchObject({ code: 'device-busy' });
    await expect(second.open()).rejects.toThrow(/in use by another program/);
    await first.close();
    await second.open();
    await second.close();
  });

  test('a file that is no port is refused in one line', async () => {
    const file = join(pair.folder, 'plain');
    writeFileSync(file, '');
    await expect(steady(file).open()).rejects.toThrow(/not a serial port/);
  });

  test('missing rights are named with the group that has them', async (context) => {
    if (process.getuid?.() !== 0) {
      const file = join(pair.folder, 'forbidden');
      writeFileSync(file, '');
      chmodSync(file, 0o000);
      await expect(steady(file).open()).rejects.toMatchObject({ code: 'permission-denied' });
      return;
    }
    // root may open anything: here only the sentence is checked, as the library says it.
    void context;
    const failure = serialFailure(
      '/dev/ttyUSB0',
      new Error('Error: Permission denied, cannot open /dev/ttyUSB0'),
    );
    expect(failure).toMatchObject({ code: 'permission-denied' });
    expect(failure.message).toMatch(/group dialout/);
  });

  test('closing twice, and closing while waiting, is no fault', async () => {
    await pair.plugIn();
    const serial = steady(pair.ours);
    const events = serial.events(stop.signal)[Symbol.asyncIterator]();
    await until(events, isOf('opened'));
    const next = events.next();
    await serial.close();
    await serial.close();
    expect((await next).done).toBe(true);
  });
});

describe('the path of a port', () => {
  const ports = [
    { path: '/dev/ttyUSB1', vendorId: '10c4', productId: 'ea60', serialNumber: '0001' },
    { path: '/dev/ttyUSB0', vendorId: '10C4', productId: 'EA60', serialNumber: '0002' },
    { path: '/dev/ttyACM0', vendorId: '2341', productId: '0043', serialNumber: '7553' },
  ];
  const list = async () => ports;

  test('a path is taken as it is, also one that udev keeps stable', async () => {
    const path = '/dev/serial/by-id/usb-Arduino-if00';
    expect(await resolveSerialPath(path, list)).toBe(path);
  });

  test('a USB device is found wherever it came up', async () => {
    expect(await resolveSerialPath('usb:2341:0043', list)).toBe('/dev/ttyACM0');
    expect(await resolveSerialPath('usb:10c4:ea60:0002', list)).toBe('/dev/ttyUSB0');
  });

  test('two alike are not guessed between', async () => {
    await expect(resolveSerialPath('usb:10c4:ea60', list)).rejects.toThrow(/ttyUSB1.*ttyUSB0.*serial number/);
  });

  test('a missing device and a missing udevadm are told apart', async () => {
    await expect(resolveSerialPath('usb:1a86:7523', list)).rejects.toMatchObject({ code: 'device-missing' });
    const broken = async () => Promise.reject(new Error('spawn udevadm ENOENT'));
    await expect(resolveSerialPath('usb:1a86:7523', broken)).rejects.toMatchObject({
      code: 'program-missing',
    });
  });
});

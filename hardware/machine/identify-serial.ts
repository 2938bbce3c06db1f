import { monotonicClock } from '../clock.ts';
import { type FirmataIo, firmataBaudRate, firmataOn } from '../pir/johnny-five-board.ts';
import { SteadyTransport } from '../pir/steady-transport.ts';
import type { SensorError } from '../sensor.ts';
import { serialFailure } from '../serial/serial-failure.ts';
import { SteadySerial } from '../serial/steady-serial.ts';
import { LidarFrameParser, lidarCommand } from '../tf-luna/lidar-frame-parser.ts';

/** What speaks at a serial port. */
export type SerialIdentity =
  | { readonly kind: 'lidar'; readonly version: string | null; readonly distanceMm: number }
  | { readonly kind: 'firmata'; readonly firmware: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unusable'; readonly error: SensorError };

/** Lidars send 100 frames a second; one that was slowed down sends at least one. */
const lidarSecondsMax = 1.2;
const lidarFramesMin = 3;
/** Opening the port restarts an Arduino: two seconds of boot loader, one of telling its version, as much for a slow one. */
const firmataSecondsMax = 6;
const askAgainMs = 500;

/** Listens and asks at a port, first as a lidar and then as a board would want it. Never rejects. */
export async function identifySerial(path: string, signal: AbortSignal): Promise<SerialIdentity> {
  for (const ask of [askLidar, askFirmata]) {
    if (signal.aborted) break;
    try {
      const answer = await ask(path, signal);
      if (answer !== null) return answer;
    } catch (cause) {
      return { kind: 'unusable', error: serialFailure(path, cause) };
    }
  }
  return { kind: 'silent' };
}

async function askLidar(path: string, signal: AbortSignal): Promise<SerialIdentity | null> {
  const serial = new SteadySerial({
    port: path,
    baudRate: 115_200,
    idleSecondsMax: lidarSecondsMax,
    clock: monotonicClock,
  });
  const parser = new LidarFrameParser();
  let frames = 0;
  let distanceMm = 0;
  let version: string | null = null;
  const until = AbortSignal.any([signal, AbortSignal.timeout(lidarSecondsMax * 1000)]);
  await serial.open();
  for await (const event of serial.events(until)) {
    if (event.kind === 'opened') await serial.write(lidarCommand(0x01));
    if (event.kind === 'lost') break;
    if (event.kind !== 'bytes') continue;
    parser.push(event.bytes, (item) => {
      if (item.kind === 'reply' && item.id === 0x01) version = [...item.payload].reverse().join('.');
      if (item.kind !== 'frame') return;
      frames += 1;
      distanceMm = item.distanceCm * 10;
    });
    if (version !== null && frames >= lidarFramesMin) break;
  }
  await serial.close();
  return frames >= lidarFramesMin ? { kind: 'lidar', version, distanceMm } : null;
}

async function askFirmata(path: string, signal: AbortSignal): Promise<SerialIdentity | null> {
  const serial = new SteadySerial({
    port: path,
    baudRate: firmataBaudRate,
    idleSecondsMax: firmataSecondsMax,
    clock: monotonicClock,
  });
  const transport = new SteadyTransport(serial);
  const told = new AbortController();
  const until = AbortSignal.any([signal, told.signal, AbortSignal.timeout(firmataSecondsMax * 1000)]);
  await serial.open();
  const io = firmataOn(transport, { reportVersionTimeout: askAgainMs });
  io.on('error', () => {});
  transport.emit('open');
  io.queryFirmware(() => told.abort());
  for await (const event of serial.events(until)) {
    if (event.kind === 'lost') break;
    if (event.kind === 'bytes') transport.emit('data', event.bytes);
  }
  await serial.close();
  return told.signal.aborted ? { kind: 'firmata', firmware: firmwareOf(io) } : null;
}

function firmwareOf(io: FirmataIo): string {
  const { name = 'Firmata', version } = io.firmware;
  return version === undefined ? name : `${name.replace(/\.ino$/, '')} ${version.major}.${version.minor}`;
}

import { type Clock, monotonicClock } from '../clock.ts';
import { SensorError } from '../sensor.ts';
import type { SerialBinding } from '../serial/serial-binding.ts';
import { SteadySerial } from '../serial/steady-serial.ts';
import { LidarBeam } from './lidar-beam.ts';
import { rateFault } from './lidar-model.ts';
import { LidarSensor } from './lidar-sensor.ts';
import type { TfLunaConfig, TfminiSConfig } from './tf-luna-config.ts';

/** Both models leave the factory with 115,200 baud. */
const baudRate = 115_200;
const defaultRateHz = 100;
/** Frames come every 10 ms by default; the slowest rate is one a second. */
const idleFrames = 3;
const idleSecondsMin = 1;

/** Opens one lidar or a pair. Throws `SensorError`; later losses end in readings with status 255. */
export async function openLidar(config: TfLunaConfig | TfminiSConfig): Promise<LidarSensor> {
  const rateHz = config.rateHz ?? defaultRateHz;
  const fault = rateFault(config.kind, rateHz);
  if (fault) throw new SensorError('unsupported', `${config.kind}: ${fault}`);
  if (config.outsidePort === config.insidePort) {
    throw new SensorError('unsupported', `${config.kind}: outsidePort and insidePort are the same`);
  }
  const binding = config.emulated
    ? (await import('../emulated/emulated-lidar-binding.ts')).emulatedLidarBinding(config, config.emulated)
    : undefined;
  return openLidarOn(config, binding);
}

/** As `openLidar`, with the wire in somebody else's hands. */
export async function openLidarOn(
  config: TfLunaConfig | TfminiSConfig,
  binding?: SerialBinding,
  clock: Clock = monotonicClock,
): Promise<LidarSensor> {
  const rateHz = config.rateHz ?? defaultRateHz;
  const idleSecondsMax = Math.max(idleSecondsMin, idleFrames / rateHz);
  const ports = [config.outsidePort, ...(config.insidePort ? [config.insidePort] : [])];
  const beams = ports.map((port) => {
    const serial = new SteadySerial({
      port,
      baudRate,
      idleSecondsMax,
      clock,
      ...(binding ? { binding } : {}),
    });
    return new LidarBeam({ serial, clock, kind: config.kind, rateHz });
  });
  try {
    for (const beam of beams) await beam.open();
  } catch (error) {
    await Promise.all(beams.map((beam) => beam.close()));
    throw error;
  }
  return new LidarSensor({
    kind: config.kind,
    beams,
    clock,
    geometry: config.geometry ?? 'side',
    mountingHeightMm: config.mountingHeightMm,
    simulated: config.emulated !== undefined,
  });
}

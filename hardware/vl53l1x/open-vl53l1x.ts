import { monotonicClock } from '../clock.ts';
import { GpiosetOutputLine } from '../gpio/gpioset-output-line.ts';
import { I2cError } from '../i2c/i2c-bus.ts';
import { openLinuxI2cBus } from '../i2c/linux-i2c-bus.ts';
import { SensorError } from '../sensor.ts';
import { RangingFault } from './ranging-fault.ts';
import { splitRegions } from './region-of-interest.ts';
import { defaultAddress } from './register-map.ts';
import { Vl53l1xBus } from './vl53l1x-bus.ts';
import type { Vl53l1xConfig } from './vl53l1x-config.ts';
import type { RangingMode } from './vl53l1x-device.ts';
import { Vl53l1xSensor } from './vl53l1x-sensor.ts';

const defaultBus = '/dev/i2c-1';
const defaultPadsAlong = 8;
/** A region is read out and the next one written between two ranges that are this far apart. */
const gapMs = 2;
/** The data sheet ends at 50 ranges a second. */
const periodMsMin = 20;

/** The buses this process has open. A bus is one pair of wires: two owners would talk at once. */
const openBuses = new Map<string, { readonly bus: Promise<Vl53l1xBus>; users: number }>();

/**
 * Opens a VL53L1X and brings it up once. Throws `SensorError`; faults after that are the sensor's
 * own affair and end in readings with status 255.
 */
export async function openVl53l1x(config: Vl53l1xConfig): Promise<Vl53l1xSensor> {
  const fault = configFault(config);
  if (fault) throw new SensorError('unsupported', `vl53l1x: ${fault}`);
  if (config.emulated) {
    return (await import('../emulated/open-emulated-vl53l1x.ts')).openEmulatedVl53l1x(
      config,
      config.emulated,
    );
  }
  const path = config.bus ?? defaultBus;
  const { bus, release } = await acquireBus(path, config.gpioChip ?? 'gpiochip0');
  try {
    const own = config.xshutPin === undefined ? [] : [config.xshutPin];
    await bus.hold([...own, ...(config.otherXshutPins ?? [])]);
    const sensor = new Vl53l1xSensor({ bus, clock: monotonicClock, release, ...sensorOptions(config) });
    await sensor.bringUp();
    return sensor;
  } catch (cause) {
    await release();
    throw openError(path, config.address ?? defaultAddress, cause);
  }
}

/** What a configuration means for the sensor, wherever its bus comes from. */
export function sensorOptions(config: Vl53l1xConfig) {
  return {
    place: { address: config.address ?? defaultAddress, xshutPin: config.xshutPin },
    mode: rangingMode(config),
    regions: splitRegions({
      walkAlong: config.walkAlong ?? 'columns',
      firstLooks: config.firstLooks ?? 'outside',
      padsAlong: config.padsAlong ?? defaultPadsAlong,
      lanes: config.lanes ?? 1,
    }),
    geometry: config.geometry ?? 'ceiling',
    mountingHeightMm: config.mountingHeightMm,
    simulated: false,
  } as const;
}

function rangingMode(config: Vl53l1xConfig): RangingMode {
  const timingBudgetMs = config.timingBudgetMs ?? 20;
  return {
    distanceMode: config.distanceMode ?? 'long',
    timingBudgetMs,
    interMeasurementMs: Math.max(periodMsMin, timingBudgetMs + gapMs),
  };
}

/** Relations between fields that the schema cannot say. */
function configFault(config: Vl53l1xConfig): string | null {
  const address = config.address ?? defaultAddress;
  if (config.timingBudgetMs === 15 && config.distanceMode !== 'short') {
    return 'timingBudgetMs 15 needs distanceMode short';
  }
  if (address !== defaultAddress && config.xshutPin === undefined) {
    return 'address other than 0x29 needs xshutPin, for the sensor forgets it with its power';
  }
  if ((config.otherXshutPins ?? []).length > 0 && address === defaultAddress) {
    return 'with otherXshutPins every sensor needs an address of its own, and none may keep 0x29';
  }
  return null;
}

async function acquireBus(path: string, chip: string) {
  const entry = openBuses.get(path) ?? { bus: openBus(path, chip), users: 0 };
  openBuses.set(path, entry);
  entry.users += 1;
  const release = async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    openBuses.delete(path);
    await (await entry.bus).close();
  };
  try {
    return { bus: await entry.bus, release };
  } catch (error) {
    openBuses.delete(path);
    throw error;
  }
}

async function openBus(path: string, chip: string): Promise<Vl53l1xBus> {
  const bus = await openLinuxI2cBus(path);
  return new Vl53l1xBus({
    bus,
    clock: monotonicClock,
    openLine: (pin) => new GpiosetOutputLine(chip, pin),
  });
}

function openError(path: string, address: number, cause: unknown): SensorError {
  if (cause instanceof SensorError) return cause;
  const where = `${path}: VL53L1X for address 0x${address.toString(16)}`;
  if (cause instanceof RangingFault) {
    const code = cause.code === 'wrong-identity' ? 'wrong-identity' : 'bus-failed';
    return new SensorError(code, `${where}: ${cause.message}`, { cause });
  }
  if (cause instanceof I2cError && cause.code === 'nack') {
    return new SensorError('device-missing', `${where}: no answer; check wiring and supply`, { cause });
  }
  return new SensorError('bus-failed', `${where}: ${(cause as Error).message}`, { cause });
}

import { monotonicClock } from '../clock.ts';
import type { GpioProgram } from '../gpio/libgpiod-version.ts';
import { SensorError } from '../sensor.ts';
import { ArduinoPinWatch } from './arduino-pin-watch.ts';
import { GpioPinWatch } from './gpio-pin-watch.ts';
import type { PinWatch } from './pin-watch.ts';
import type { PirConfig } from './pir-config.ts';
import { PirSensor } from './pir-sensor.ts';

const gpiomon: GpioProgram = { command: 'gpiomon', leadingArguments: [] };

/** Opens one detector or a pair. Throws `SensorError`; later losses heal by themselves. */
export async function openPir(config: PirConfig): Promise<PirSensor> {
  const pins = config.insidePin === undefined ? [config.outsidePin] : [config.outsidePin, config.insidePin];
  if (pins[0] === pins[1]) throw new SensorError('unsupported', 'pir: outsidePin and insidePin are the same');
  const watch = await pinWatch(config, pins);
  const sensor = new PirSensor({ watch, pins, simulated: config.emulated !== undefined });
  try {
    await watch.open();
  } catch (error) {
    await watch.close();
    throw error;
  }
  return sensor;
}

async function pinWatch(config: PirConfig, pins: readonly number[]): Promise<PinWatch> {
  const clock = monotonicClock;
  const emulated = config.emulated
    ? (await import('../emulated/emulated-pir-wiring.ts')).emulatedPirWiring(config, config.emulated)
    : null;
  if (config.arduinoPort) {
    const binding = emulated?.arduinoBinding();
    return new ArduinoPinWatch({ port: config.arduinoPort, pins, clock, ...(binding ? { binding } : {}) });
  }
  const program = emulated?.gpiomon() ?? gpiomon;
  return new GpioPinWatch({ program, chip: config.gpioChip ?? 'gpiochip0', pins, clock });
}

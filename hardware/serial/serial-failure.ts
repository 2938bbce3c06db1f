import { SensorError } from '../sensor.ts';

/** Turns what the serialport library says into an error with a code and what to do about it. */
export function serialFailure(path: string, cause: unknown): SensorError {
  if (cause instanceof SensorError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  if (/cannot lock port|resource (temporarily )?unavailable|busy/i.test(said)) {
    return new SensorError(
      'device-busy',
      `${path}: in use by another program; is a second agent, a console (serial-getty) or ModemManager running?`,
      { cause },
    );
  }
  if (/permission denied|EACCES/i.test(said)) {
    return new SensorError('permission-denied', `${path}: no permission; the user must be in group dialout`, {
      cause,
    });
  }
  if (/no such file|no such device|ENOENT|ENXIO|ENODEV/i.test(said)) {
    return new SensorError('device-missing', `${path}: no such port; is the device plugged in?`, { cause });
  }
  if (/inappropriate ioctl|ENOTTY/i.test(said)) {
    return new SensorError('unsupported', `${path}: not a serial port`, { cause });
  }
  return new SensorError('bus-failed', `${path}: ${said}`, { cause });
}

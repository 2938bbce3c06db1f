import { SensorError } from '../sensor.ts';
import type { SerialPortDescription } from './serial-binding.ts';

/** `usb:VENDOR:PRODUCT` or `usb:VENDOR:PRODUCT:SERIAL`, hexadecimal as lsusb shows them. */
const usbName = /^usb:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?$/i;

/** Whether a port is named by a path or by what is plugged in. */
export const serialPortPattern = '^(/.+|usb:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(:.+)?)$';

/**
 * The path of a port. A path stays as it is: `/dev/serial/by-id/…` and `/dev/serial/by-path/…` are
 * udev's stable names. `usb:…` is looked up among the ports, so that a device is found at whatever
 * number it came up. Throws `SensorError`.
 */
export async function resolveSerialPath(
  port: string,
  list: () => Promise<SerialPortDescription[]>,
): Promise<string> {
  const named = usbName.exec(port);
  if (!named) return port;
  const [, vendor, product, serial] = named;
  const found = (await listPorts(list)).filter(
    (one) =>
      one.vendorId?.toLowerCase() === vendor!.toLowerCase() &&
      one.productId?.toLowerCase() === product!.toLowerCase() &&
      (serial === undefined || one.serialNumber === serial),
  );
  if (found.length === 0)
    throw new SensorError('device-missing', `${port}: no such USB device is plugged in`);
  if (found.length > 1) {
    const names = found.map((one) => `${one.path} (serial ${one.serialNumber ?? 'none'})`).join(', ');
    throw new SensorError(
      'unsupported',
      `${port}: several devices fit: ${names}; add the serial number or take a path of /dev/serial/by-path`,
    );
  }
  return found[0]!.path;
}

async function listPorts(list: () => Promise<SerialPortDescription[]>): Promise<SerialPortDescription[]> {
  try {
    return await list();
  } catch (cause) {
    // The library asks udevadm, which containers often lack.
    throw new SensorError(
      'program-missing',
      `serial ports cannot be listed (${(cause as Error).message}); install udev or name the port by its path`,
      { cause },
    );
  }
}

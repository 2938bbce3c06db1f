import { identifySerial } from '../../hardware/machine/identify-serial.ts';
import type { Machine } from '../../hardware/machine/machine.ts';
import type { SerialPortDescription } from '../../hardware/serial/serial-binding.ts';
import { type Finding, finding } from './finding.ts';
import { groupCommand, installCommand } from './mending.ts';

export type SerialCode =
  | 'serial-none'
  | 'serial-unnamed'
  | 'serial-denied'
  | 'serial-console'
  | 'serial-busy'
  | 'serial-lidar'
  | 'serial-firmata'
  | 'serial-silent';

/** A Pi's own pins are a port as well; without a plug it is silent and nothing is wrong. */
const ownPort = /^\/dev\/tty(AMA|S)\d+$/;

/** Looks at every serial port and asks who speaks there. */
export async function surveySerial(machine: Machine, signal: AbortSignal): Promise<Finding<SerialCode>[]> {
  const ports = (await machine.serialPorts()).filter(({ path }) => !/^\/dev\/ttyS\d+$/.test(path));
  if (ports.length === 0) return [finding('serial-none', 'hint')];
  const findings: Finding<SerialCode>[] = [];
  if ((await machine.run('udevadm', '--version')) === null) {
    findings.push(finding('serial-unnamed', 'hint', { mend: installCommand('udev') }));
  }
  // Ports are independent of each other, and an Arduino takes three seconds to wake.
  const asked = await Promise.all(ports.map((port) => surveyPort(machine, port, signal)));
  return [...findings, ...asked];
}

async function surveyPort(
  machine: Machine,
  port: SerialPortDescription,
  signal: AbortSignal,
): Promise<Finding<SerialCode>> {
  const name = await steadyName(machine, port);
  const details = { path: port.path, name };
  if ((await machine.access(port.path)) === 'denied') {
    return finding('serial-denied', 'bad', { details, mend: groupCommand('dialout') });
  }
  const console = await machine.run(
    'systemctl',
    'is-active',
    `serial-getty@${port.path.slice('/dev/'.length)}.service`,
  );
  if (console?.stdout.trim() === 'active') {
    return finding('serial-console', 'bad', {
      details,
      mend: 'sudo raspi-config nonint do_serial_cons 1 && sudo reboot',
    });
  }
  const identity = await identifySerial(port.path, signal);
  switch (identity.kind) {
    case 'lidar': {
      const { version, distanceMm } = identity;
      const source = { kind: 'tf-luna' as const, outsidePort: name };
      return finding('serial-lidar', 'good', { details: { ...details, version, distanceMm }, source });
    }
    case 'firmata': {
      const source = { kind: 'pir' as const, arduinoPort: name, outsidePin: 2, insidePin: 8 };
      return finding('serial-firmata', 'good', {
        details: { ...details, firmware: identity.firmware },
        source,
      });
    }
    case 'silent':
      return finding('serial-silent', 'hint', {
        details: { ...details, own: ownPort.test(port.path) ? 1 : 0 },
      });
    case 'unusable':
      return finding('serial-busy', 'bad', {
        details: { ...details, cause: identity.error.message },
        ...(identity.error.code === 'device-busy'
          ? { mend: 'sudo systemctl stop passant-agent ModemManager' }
          : {}),
      });
  }
}

/**
 * The name under which the agent finds the port again after the next start: by the adapter's serial
 * number, else by the socket it is in, else as it is.
 */
async function steadyName(machine: Machine, port: SerialPortDescription): Promise<string> {
  const { vendorId, productId, serialNumber, path, pnpId } = port;
  if (pnpId !== undefined && serialNumber !== undefined) return `/dev/serial/by-id/${pnpId}`;
  if (vendorId !== undefined && productId !== undefined && serialNumber !== undefined) {
    return `usb:${vendorId}:${productId}:${serialNumber}`;
  }
  if (!path.startsWith('/dev/ttyUSB') && !path.startsWith('/dev/ttyACM')) return path;
  const folder = '/dev/serial/by-path';
  for (const name of await machine.list(folder)) {
    const link = await machine.run('readlink', '-f', `${folder}/${name}`);
    if (link?.stdout.trim() === path) return `${folder}/${name}`;
  }
  return path;
}

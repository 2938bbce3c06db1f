import type { EmulatedWalksConfig } from '../../hardware/emulated/emulated-walks-config.ts';
import { identifyI2c } from '../../hardware/i2c/identify-i2c.ts';
import type { Machine } from '../../hardware/machine/machine.ts';
import { type Finding, finding } from './finding.ts';
import { groupCommand } from './mending.ts';

export type I2cCode =
  | 'i2c-off'
  | 'i2c-denied'
  | 'i2c-failed'
  | 'i2c-empty'
  | 'i2c-slow'
  | 'i2c-vl53l1x'
  | 'i2c-vl53l0x'
  | 'i2c-clock'
  | 'i2c-clock-unused'
  | 'i2c-bme280'
  | 'i2c-lidar'
  | 'i2c-unknown';

/** Two regions in turn are read at 100 kHz too, several sensors on one bus are not (docs/hardware.md). */
const fastHz = 400_000;

/** How a machine that is not real emulates the chip on a bus. */
export type EmulationOf = (path: string) => EmulatedWalksConfig | undefined;

/** Looks at every I²C bus and who is on it. */
export async function surveyI2c(machine: Machine, emulationOf: EmulationOf): Promise<Finding<I2cCode>[]> {
  const names = (await machine.list('/dev')).filter((name) => /^i2c-\d+$/.test(name));
  if (names.length === 0) {
    return [finding('i2c-off', 'bad', { mend: 'sudo raspi-config nonint do_i2c 0 && sudo reboot' })];
  }
  const findings: Finding<I2cCode>[] = [];
  for (const name of names) findings.push(...(await surveyBus(machine, `/dev/${name}`, emulationOf)));
  return findings;
}

async function surveyBus(
  machine: Machine,
  path: string,
  emulationOf: EmulationOf,
): Promise<Finding<I2cCode>[]> {
  if ((await machine.access(path)) === 'denied') {
    return [finding('i2c-denied', 'bad', { details: { path }, mend: groupCommand('i2c') })];
  }
  try {
    const bus = await machine.openI2c(path);
    try {
      const chips = await identifyI2c(bus);
      // The display and camera buses of a Pi have nobody on them as a rule: only bus 1 is for sensors.
      if (chips.length === 0)
        return path === '/dev/i2c-1' ? [finding('i2c-empty', 'bad', { details: { path } })] : [];
      const findings: Finding<I2cCode>[] = [];
      for (const chip of chips) {
        const details = { path, address: `0x${chip.address.toString(16)}` };
        findings.push(await findingOf(machine, { ...chip, path, details, emulationOf }));
      }
      return [...findings, ...(await slowness(machine, path))];
    } finally {
      await bus.close();
    }
  } catch (cause) {
    return [finding('i2c-failed', 'bad', { details: { path, cause: (cause as Error).message } })];
  }
}

type Chip = Awaited<ReturnType<typeof identifyI2c>>[number] & {
  readonly path: string;
  readonly details: { readonly path: string; readonly address: string };
  readonly emulationOf: EmulationOf;
};

async function findingOf(machine: Machine, chip: Chip): Promise<Finding<I2cCode>> {
  const { details, path } = chip;
  switch (chip.identity) {
    case 'vl53l1x': {
      const emulated = chip.emulationOf(path);
      const bus = path === '/dev/i2c-1' ? {} : { bus: path };
      const source = { kind: 'vl53l1x' as const, ...bus, ...(emulated === undefined ? {} : { emulated }) };
      return finding('i2c-vl53l1x', 'good', { details, source });
    }
    case 'vl53l0x':
      return finding('i2c-vl53l0x', 'bad', { details });
    case 'real-time-clock':
      if ((await machine.list('/dev')).some((name) => /^rtc\d*$/.test(name))) {
        return finding('i2c-clock', 'good', { details });
      }
      return finding('i2c-clock-unused', 'hint', {
        details,
        mend: "echo 'dtoverlay=i2c-rtc,ds3231' | sudo tee -a /boot/firmware/config.txt && sudo reboot",
      });
    case 'bme280':
      return finding('i2c-bme280', 'hint', { details });
    case 'lidar':
      return finding('i2c-lidar', 'bad', { details });
    case 'unknown':
      return finding('i2c-unknown', 'hint', { details });
  }
}

/** The device tree tells a bus's speed as four bytes, big end first. */
async function slowness(machine: Machine, path: string): Promise<Finding<I2cCode>[]> {
  const tree = `/sys/class/i2c-adapter/${path.slice('/dev/'.length)}/of_node/clock-frequency`;
  const text = await machine.read(tree);
  if (text === null) return [];
  const bytes = Buffer.from(text.padStart(4, '\0'), 'latin1');
  const hertz = bytes.length === 4 ? bytes.readUInt32BE(0) : fastHz;
  if (hertz >= fastHz) return [];
  const mend =
    "echo 'dtparam=i2c_arm_baudrate=400000' | sudo tee -a /boot/firmware/config.txt && sudo reboot";
  return [finding('i2c-slow', 'hint', { details: { path, kiloHertz: Math.round(hertz / 1000) }, mend })];
}

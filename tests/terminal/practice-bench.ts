import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EmulatedArduino } from '../../hardware/emulated/emulated-arduino.ts';
import { EmulatedLidar } from '../../hardware/emulated/emulated-lidar.ts';
import type { EmulatedSerialDevice } from '../../hardware/emulated/emulated-serial-binding.ts';
import type { PracticeMachineConfig } from '../../hardware/emulated/practice-machine.ts';
import { PtyPair } from '../doubles/pty-pair.ts';
import type { Terminal } from './terminal.ts';

/**
 * A workbench beside a terminal: a described machine whose folder stands for `/`, programs that answer
 * as the real ones do, and devices on pseudo-terminals, served by the test's own process.
 */
export class PracticeBench {
  readonly #terminal: Terminal;
  readonly #pairs: PtyPair[] = [];
  readonly #machine: PracticeMachineConfig;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#machine = { root: terminal.file('root'), deniedPaths: [], i2c: {}, serialPorts: [] };
    this.file('/proc/device-tree/model', 'Raspberry Pi Zero 2 W Rev 1.0\0');
    this.program('uname', 'echo aarch64');
    this.program('systemctl', 'echo inactive; exit 3');
    this.program('rfkill', 'true');
  }

  /** A file of the machine, made or replaced. */
  file(path: string, text = ''): void {
    const file = join(this.#machine.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** A program on the PATH of the terminal: a whole script, or the body of one in sh. */
  program(name: string, script: string): void {
    const file = this.#terminal.file(`bin/${name}`);
    writeFileSync(file, script.startsWith('#!') ? script : `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** An I²C bus with chips on it. */
  i2c(path: string, chips: PracticeMachineConfig['i2c'][string], hertz = 400_000): void {
    this.file(path);
    this.#machine.i2c[path] = chips;
    const speed = Buffer.alloc(4);
    speed.writeUInt32BE(hertz);
    this.file(
      `/sys/class/i2c-adapter/${path.slice('/dev/'.length)}/of_node/clock-frequency`,
      speed.toString('latin1'),
    );
  }

  denied(path: string): void {
    this.file(path);
    this.#machine.deniedPaths.push(path);
  }

  /** A network interface; `phy` makes it a wireless one. */
  network(name: string, its: { phy?: string; carrier?: boolean; type?: number; driver?: string }): void {
    const { phy, carrier = false, type = 1, driver } = its;
    this.file(`/sys/class/net/${name}/type`, String(type));
    this.file(`/sys/class/net/${name}/carrier`, carrier ? '1' : '0');
    if (driver !== undefined) this.file(`/sys/class/net/${name}/device/uevent`, `DRIVER=${driver}\n`);
    if (phy !== undefined) this.file(`/sys/class/net/${name}/phy80211/name`, phy);
  }

  /** A machine in good health: cool, fed, its clock kept, with a card that tells its wear. */
  healthy(): void {
    this.file('/proc/mounts', '/dev/mmcblk0p2 / ext4 rw,noatime 0 0\n');
    this.file('/sys/block/mmcblk0/device/life_time', '0x02 0x01\n');
    this.file('/sys/class/thermal/thermal_zone0/temp', '52108\n');
    this.program('vcgencmd', 'echo throttled=0x0');
    this.program('timedatectl', 'echo yes');
  }

  /** A cable that leads out, with the address that `ip` tells. */
  cable(name: string, address: string): void {
    this.network(name, { driver: 'smsc95xx', carrier: true });
    const rows = JSON.stringify([{ ifname: name, addr_info: [{ local: address, scope: 'global' }] }]);
    this.program('ip', `case "$*" in *route*) echo '[{"dst":"default"}]';; *) echo '${rows}';; esac`);
  }

  /** A lidar that sees a wall, on a serial port. */
  lidar(distanceMm: number): Promise<string> {
    return this.#plugIn(new EmulatedLidar({ measure: () => ({ distanceMm, amplitude: 900 }) }, 'tf-luna'));
  }

  /** An Arduino that executes the genuine StandardFirmata, on a serial port. */
  arduino(): Promise<string> {
    return this.#plugIn(new EmulatedArduino({ changes: () => [] }, 0.3));
  }

  /** A serial port with nothing at its other end. */
  emptyPort(): Promise<string> {
    return this.#plugIn(null);
  }

  /** Writes the machine down; the option that names it. */
  option(): string {
    return `--practice ${this.#terminal.write('machine.json', this.#machine)}`;
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) await pair.remove();
  }

  async #plugIn(device: EmulatedSerialDevice | null): Promise<string> {
    const pair = new PtyPair();
    this.#pairs.push(pair);
    await pair.plugIn();
    if (device !== null) await pair.connect(device);
    this.#machine.serialPorts.push({ path: pair.ours });
    return pair.ours;
  }
}

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { I2cBus } from '../i2c/i2c-bus.ts';
import { openLinuxI2cBus } from '../i2c/linux-i2c-bus.ts';
import type { SerialPortDescription } from '../serial/serial-binding.ts';
import type { Access, Machine, ProgramAnswer } from './machine.ts';

/** A question to a program of the system is answered within this, or not at all. */
const answerMs = 8_000;
const outputBytesMax = 4_000_000;
/** Debian keeps `iw`, `ip` and `tcpdump` where not everybody's PATH leads. */
const moreFolders = ['/usr/sbin', '/sbin'];

/** A Linux machine; `root` is `/` but for described ones. */
export class LinuxMachine implements Machine {
  readonly #root: string;

  constructor(root = '/') {
    this.#root = root;
  }

  async read(path: string): Promise<string | null> {
    try {
      return (await readFile(join(this.#root, path), 'utf8')).trimEnd();
    } catch {
      return null;
    }
  }

  async list(folder: string): Promise<readonly string[]> {
    try {
      return (await readdir(join(this.#root, folder))).sort();
    } catch {
      return [];
    }
  }

  async access(path: string): Promise<Access> {
    try {
      await access(join(this.#root, path), constants.R_OK | constants.W_OK);
      return 'usable';
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'missing';
    }
  }

  run(program: string, ...parameters: readonly string[]): Promise<ProgramAnswer | null> {
    const path = [process.env['PATH'] ?? '', ...moreFolders].join(delimiter);
    const options = {
      timeout: answerMs,
      maxBuffer: outputBytesMax,
      env: { ...process.env, PATH: path, LC_ALL: 'C' },
    };
    return new Promise((resolve) => {
      execFile(program, [...parameters], options, (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else resolve(typeof error.code === 'number' ? { code: error.code, stdout, stderr } : null);
      });
    });
  }

  /** Through the library where udev is installed, else by the names of the device files. */
  async serialPorts(): Promise<readonly SerialPortDescription[]> {
    const { SerialPort } = await import('serialport');
    try {
      return await SerialPort.list();
    } catch {
      const names = (await this.list('/dev')).filter((name) => /^tty(AMA|USB|ACM)\d+$/.test(name));
      return names.map((name) => ({ path: `/dev/${name}` }));
    }
  }

  openI2c(path: string): Promise<I2cBus> {
    return openLinuxI2cBus(path);
  }
}

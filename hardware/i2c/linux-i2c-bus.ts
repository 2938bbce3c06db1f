import { type FileHandle, open } from 'node:fs/promises';
import { SensorError } from '../sensor.ts';
import { type I2cBus, I2cError, type I2cErrorCode } from './i2c-bus.ts';

/** Binds a file descriptor to one target address; Linux uapi, i2c-dev.h. */
const I2C_SLAVE = 0x0703;

/** Sets an ioctl's integer argument; returns 0 or a negative errno. */
export type IntegerIoctl = (fd: number, request: number, argument: number) => number;

const faultByErrno: Readonly<Record<string, I2cErrorCode>> = {
  // Linux, Documentation/i2c/fault-codes: which errno an adapter returns when nobody acknowledges
  // differs by adapter; i2c-bcm2835 uses EREMOTEIO.
  ENXIO: 'nack',
  EREMOTEIO: 'nack',
  ETIMEDOUT: 'timeout',
  EAGAIN: 'timeout',
};

/**
 * I²C over the kernel's i2c-dev: one open file an address, plain reads and writes. Reads put a stop
 * condition between index and data, which sensors with a register pointer allow.
 */
class LinuxI2cBus implements I2cBus {
  readonly #path: string;
  readonly #ioctl: IntegerIoctl;
  readonly #files = new Map<number, FileHandle>();
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, ioctl: IntegerIoctl) {
    this.#path = path;
    this.#ioctl = ioctl;
  }

  write(address: number, bytes: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const file = await this.#fileFor(address);
      const { bytesWritten } = await file.write(bytes, 0, bytes.length, null);
      this.#checkLength(address, bytesWritten, bytes.length);
    }, address);
  }

  read(address: number, index: Uint8Array, target: Uint8Array): Promise<void> {
    return this.#inTurn(async () => {
      const file = await this.#fileFor(address);
      const { bytesWritten } = await file.write(index, 0, index.length, null);
      this.#checkLength(address, bytesWritten, index.length);
      const { bytesRead } = await file.read(target, 0, target.length, null);
      this.#checkLength(address, bytesRead, target.length);
    }, address);
  }

  async close(): Promise<void> {
    await this.#last;
    for (const file of this.#files.values()) await file.close();
    this.#files.clear();
  }

  #inTurn(transaction: () => Promise<void>, address: number): Promise<void> {
    const mine = this.#last.then(transaction).catch((cause: unknown) => {
      throw this.#error(address, cause);
    });
    this.#last = mine.catch(() => {});
    return mine;
  }

  async #fileFor(address: number): Promise<FileHandle> {
    const known = this.#files.get(address);
    if (known) return known;
    const file = await open(this.#path, 'r+');
    const outcome = this.#ioctl(file.fd, I2C_SLAVE, address);
    if (outcome < 0) {
      await file.close();
      throw new I2cError(
        'failed',
        `${this.#path}: cannot select address ${hex(address)} (errno ${-outcome})`,
      );
    }
    this.#files.set(address, file);
    return file;
  }

  #checkLength(address: number, done: number, wanted: number): void {
    if (done === wanted) return;
    throw new I2cError(
      'failed',
      `${this.#path}: ${done} of ${wanted} bytes passed at address ${hex(address)}`,
    );
  }

  #error(address: number, cause: unknown): I2cError {
    if (cause instanceof I2cError) return cause;
    const errno = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const code = faultByErrno[errno] ?? 'failed';
    return new I2cError(code, `${this.#path}: address ${hex(address)}: ${errno}`, { cause });
  }
}

/**
 * Opens a bus such as `/dev/i2c-1`. Throws `SensorError`: `device-missing`, `permission-denied`,
 * or `unsupported` where the file is no I²C bus.
 */
export async function openLinuxI2cBus(path: string, ioctl?: IntegerIoctl): Promise<I2cBus> {
  const call = ioctl ?? (await loadIoctl());
  let probe: FileHandle;
  try {
    probe = await open(path, 'r+');
  } catch (cause) {
    throw openError(path, cause);
  }
  // 0x03 is the lowest address that is no reserved one: selecting it moves nothing on the wire.
  const outcome = call(probe.fd, I2C_SLAVE, 0x03);
  await probe.close();
  if (outcome < 0) {
    throw new SensorError('unsupported', `${path}: not an I²C bus (errno ${-outcome})`);
  }
  return new LinuxI2cBus(path, call);
}

async function loadIoctl(): Promise<IntegerIoctl> {
  const { default: koffi } = await import('koffi');
  const libc = koffi.load(null);
  const ioctl = libc.func('int ioctl(int fd, unsigned long request, long argument)');
  return (fd, request, argument) => {
    const outcome: number = ioctl(fd, request, argument);
    return outcome < 0 ? -koffi.errno() : outcome;
  };
}

function openError(path: string, cause: unknown): SensorError {
  const errno = (cause as NodeJS.ErrnoException).code;
  if (errno === 'ENOENT' || errno === 'ENXIO' || errno === 'ENODEV') {
    return new SensorError(
      'device-missing',
      `${path}: no such bus; is I²C switched on (dtparam=i2c_arm=on)?`,
      { cause },
    );
  }
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new SensorError('permission-denied', `${path}: no permission; the user must be in group i2c`, {
      cause,
    });
  }
  return new SensorError('bus-failed', `${path}: cannot be opened (${errno ?? cause})`, { cause });
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(2, '0')}`;
}

import type { I2cBus } from '../i2c/i2c-bus.ts';
import type { SerialPortDescription } from '../serial/serial-binding.ts';

/** What a program said. */
export interface ProgramAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether a file may be read and written: a device that is there and denied is mended otherwise than a missing one. */
export type Access = 'usable' | 'denied' | 'missing';

/** The machine the technician's program runs on. No method rejects but `openI2c`. */
export interface Machine {
  /** Text of a file, without the blank at its end; null where it cannot be read. */
  read(path: string): Promise<string | null>;
  /** Names in a folder, sorted; empty where there is none. */
  list(folder: string): Promise<readonly string[]>;
  access(path: string): Promise<Access>;
  /** Runs a program for at most some seconds; null where it is not installed or does not answer. */
  run(program: string, ...parameters: readonly string[]): Promise<ProgramAnswer | null>;
  /** Serial ports with what udev knows of them. */
  serialPorts(): Promise<readonly SerialPortDescription[]>;
  /** Throws `SensorError`. */
  openI2c(path: string): Promise<I2cBus>;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { SensorError } from '../sensor.ts';
import { type LibgpiodVersion, libgpiodVersion } from './libgpiod-version.ts';
import type { OutputLine } from './output-line.ts';

/** A `gpioset` that cannot have the line ends at once; one that lives this long has it. */
const settleMs = 50;

/**
 * A pin held by a `gpioset` process of libgpiod: the level lasts as long as the process. A change
 * ends the old process and starts the next.
 */
export class GpiosetOutputLine implements OutputLine {
  readonly #chip: string;
  readonly #pin: number;
  #version: LibgpiodVersion | null = null;
  #holder: ChildProcess | null = null;

  constructor(chip: string, pin: number) {
    this.#chip = chip;
    this.#pin = pin;
  }

  async set(level: 'low' | 'released'): Promise<void> {
    this.#version ??= await libgpiodVersion('gpioset');
    await this.close();
    const setting = `${this.#pin}=${level === 'low' ? 0 : 1}`;
    const holder = spawn('gpioset', gpiosetArguments(this.#version, this.#chip, setting), {
      // An open input: the 1.6 holder waits for it to end, which it does when the agent dies.
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let complaint = '';
    holder.stderr.on('data', (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    const ended = Promise.race([
      once(holder, 'exit').then(() => true),
      once(holder, 'error').then(() => true),
    ]);
    const living = new Promise<false>((resolve) => setTimeout(resolve, settleMs, false).unref());
    if (await Promise.race([ended, living])) throw lineError(this.#chip, this.#pin, complaint.trim());
    this.#holder = holder;
  }

  async close(): Promise<void> {
    const holder = this.#holder;
    this.#holder = null;
    if (holder === null || holder.exitCode !== null || holder.signalCode !== null) return;
    const ended = once(holder, 'exit');
    holder.kill('SIGTERM');
    await ended;
  }
}

/** Options by gpioset(1) of 1.6 and of 2.2; both hold the line until they get SIGTERM, 1.6 also to the end of its input. */
function gpiosetArguments(version: LibgpiodVersion, chip: string, setting: string): string[] {
  return version === 1
    ? ['--mode=wait', '--drive=open-drain', chip, setting]
    : ['--chip', chip, '--drive', 'open-drain', setting];
}

function lineError(chip: string, pin: number, complaint: string): SensorError {
  const reason = complaint || 'gpioset ended at once';
  if (/busy/i.test(reason)) return new SensorError('device-busy', `${chip} line ${pin}: ${reason}`);
  if (/permission/i.test(reason)) {
    return new SensorError(
      'permission-denied',
      `${chip} line ${pin}: ${reason}; the user must be in group gpio`,
    );
  }
  return new SensorError('device-missing', `${chip} line ${pin}: ${reason}`);
}

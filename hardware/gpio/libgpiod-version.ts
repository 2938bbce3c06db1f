import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SensorError } from '../sensor.ts';

/** The command line of libgpiod's tools changed altogether between 1 and 2. */
export type LibgpiodVersion = 1 | 2;

/** The tools answer at once; one that does not is not ours. */
const versionTimeoutMs = 5000;

/** A program with the arguments that come before its own: an emulated one is a script of ours. */
export interface GpioProgram {
  readonly command: string;
  readonly leadingArguments: readonly string[];
}

/** Asks `gpiomon` or `gpioset` for its version. Throws `SensorError` `program-missing`. */
export async function libgpiodVersion(
  program: string,
  leadingArguments: readonly string[] = [],
): Promise<LibgpiodVersion> {
  let output: string;
  try {
    output = (
      await promisify(execFile)(program, [...leadingArguments, '--version'], { timeout: versionTimeoutMs })
    ).stdout;
  } catch (cause) {
    throw new SensorError(
      'program-missing',
      `${program}: cannot be run (${(cause as NodeJS.ErrnoException).code ?? 'failed'}); install the package gpiod`,
      { cause },
    );
  }
  const major = /v(\d+)\.\d+/.exec(output)?.[1];
  if (major === '1') return 1;
  if (major === '2') return 2;
  throw new SensorError('unsupported', `${program}: version not understood: ${output.split('\n')[0]}`);
}

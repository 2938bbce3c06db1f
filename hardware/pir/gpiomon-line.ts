import type { LibgpiodVersion } from '../gpio/libgpiod-version.ts';

/** A level change as gpiomon prints it. */
export interface GpioEdge {
  readonly pin: number;
  readonly level: 0 | 1;
}

/**
 * Options by gpiomon(1) of 1.6.3 and of 2.2.1. Lines are flushed one by one: 1.6 on request, 2 always.
 * The pull-down keeps a pin quiet whose wire is off.
 */
export function gpiomonArguments(
  version: LibgpiodVersion,
  chip: string,
  pins: readonly number[],
): readonly string[] {
  const lines = pins.map(String);
  return version === 1
    ? ['--line-buffered', '--bias=pull-down', '--format=%e %o', chip, ...lines]
    : ['--chip', chip, '--bias', 'pull-down', '--format', '%e %o', ...lines];
}

/** Reads a line of `gpiomonArguments`' format; null where it is none. */
export function gpiomonEdge(line: string): GpioEdge | null {
  const match = /^(\d) (\d{1,3})$/.exec(line.trim());
  if (!match) return null;
  // Rising is 1 in both; falling is 0 in libgpiod 1 and 2 in libgpiod 2.
  return { pin: Number(match[2]), level: match[1] === '1' ? 1 : 0 };
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/**
 * Skips a test with its reason where `met` is false. With PASSANT_REQUIRE_ALL=1 (set by CI) the
 * test fails instead, so that nothing is skipped unseen.
 */
export function requireThat(context: TestContext, met: boolean, reason: string): void {
  if (met) return;
  if (process.env['PASSANT_REQUIRE_ALL'] === '1') throw new Error(`must not be skipped here: ${reason}`);
  context.skip(reason);
}

/** Skips a test where one of the system programs it drives is not on the PATH (see scripts/system-packages). */
export function requirePrograms(context: TestContext, ...programs: readonly string[]): void {
  for (const program of programs) {
    requireThat(context, programPath(program) !== null, `${program} is not installed`);
  }
}

/** Where a program lies, or null. Debian keeps daemons in directories that are not on everybody's PATH. */
export function programPath(program: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  for (const folder of folders) {
    const path = join(folder, program);
    if (existsSync(path)) return path;
  }
  return null;
}

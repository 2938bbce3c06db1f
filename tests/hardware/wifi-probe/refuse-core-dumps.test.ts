import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const file = join(import.meta.dirname, '../../../hardware/wifi-probe/refuse-core-dumps.ts');

test('a listener leaves no core dump behind, and neither do its children', () => {
  // In a process of its own: a limit that was lowered cannot be raised again.
  const script = `
    import { execFileSync } from 'node:child_process';
    import { readFileSync } from 'node:fs';
    import koffi from 'koffi';
    import { refuseCoreDumps } from ${JSON.stringify(file)};
    refuseCoreDumps();
    const dumpable = koffi.load(null).func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)')(3, 0, 0, 0, 0);
    const child = execFileSync('cat', ['/proc/self/limits'], { encoding: 'utf8' });
    console.log(JSON.stringify({ dumpable, child }));
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '../../..'),
  });
  const { dumpable, child } = JSON.parse(printed);
  expect(dumpable).toBe(0);
  expect(child).toMatch(/Max core file size\s+1\s+1\s+bytes/);
});

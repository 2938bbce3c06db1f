import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { DemoReport } from '../../scripts/demo/demo-report.ts';

const demo = join(import.meta.dirname, '../../scripts/demo.ts');

async function runDemo(...args: readonly string[]) {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

test('the demo counts a day of three counters, and every interval arrives exactly once', {
  timeout: 120_000,
}, async () => {
  const { code, stdout, stderr } = await runDemo('--once', '--json', '--port', '0');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as DemoReport;
  expect(report.intervals).toMatchObject({ lost: 0, duplicated: 0, stored: report.intervals.sent });
  // Eleven hours and ten hours of minutes, and over eight hours of five-minute windows.
  expect(report.intervals.sent).toBeGreaterThanOrEqual(660 + 600 + 100);
  const [walks, passages, wifi] = report.lines;
  expect(Math.abs(walks!.in! - walks!.truth.in!)).toBeLessThan(0.03 * walks!.truth.in!);
  expect(Math.abs(walks!.out! - walks!.truth.out!)).toBeLessThan(0.03 * walks!.truth.out!);
  expect(walks!.truth.in).toBeGreaterThan(300);
  expect(passages!.truth).toEqual({ in: null, out: null, passages: 1430 });
  expect(passages!.in! + passages!.out!).toBeGreaterThan(0);
  expect(wifi).toMatchObject({ kind: 'presence', in: null, out: null });
});

test('a taken port is one clear line and exit code 2', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, stderr } = await runDemo('--once', '--port', String(port));
  server.close();
  expect(stderr).toContain(`port ${port}`);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});

test('a wrong option is named and the usage shown', async () => {
  const { code, stderr } = await runDemo('--port', 'eighty');
  expect(code).toBe(2);
  expect(stderr).toContain('--port wants a whole number up to 65535, not eighty');
  expect(stderr).toContain('--once');
});

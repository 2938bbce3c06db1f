import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const planted: string[] = [];

afterEach(() => {
  for (const file of planted.splice(0)) rmSync(file, { force: true });
});

/** Plants a file with one import and returns what the linter says of it. */
function lint(file: string, specifier: string): { accepted: boolean; output: string } {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  planted.push(path);
  writeFileSync(path, `import { planted } from '${specifier}';\n\nexport const used = planted;\n`);
  const run = spawnSync(join(root, 'node_modules/.bin/biome'), ['lint', '--vcs-enabled=false', path], {
    cwd: root,
    encoding: 'utf8',
  });
  return { accepted: run.status === 0, output: run.stdout + run.stderr };
}

test.each([
  ['hardware/planted-violation.ts', '../edge-agent/agent.ts'],
  ['hardware/vl53l1x/planted-violation.ts', '../../gateway/contract/count-batch.ts'],
  ['edge-agent/planted-violation.ts', '../gateway/store/count-store.ts'],
  ['edge-agent/count/planted-violation.ts', '../outbox/outbox.ts'],
  ['edge-agent/count/planted-violation.ts', 'node:fs'],
  ['edge-agent/count/planted-violation.ts', '../../hardware/open-sensor.ts'],
  ['edge-agent/interval/planted-violation.ts', '../uplink/uplink.ts'],
  ['calibration/commands/planted-violation.ts', '../../gateway/store/count-store.ts'],
  ['calibration/planted-violation.ts', '../edge-agent/uplink/uplink.ts'],
  ['gateway/planted-violation.ts', '../edge-agent/agent.ts'],
  ['gateway/values/planted-violation.ts', '../store/count-store.ts'],
  ['gateway/contract/planted-violation.ts', 'fastify'],
  ['gateway/contract/planted-violation.ts', '../values/local-time.ts'],
])('the linter catches %s importing %s', (file, specifier) => {
  const { accepted, output } = lint(file, specifier);
  expect(output).toContain('noRestrictedImports');
  expect(accepted).toBe(false);
});

test.each([
  ['edge-agent/planted-permission.ts', '../gateway/contract/count-batch.ts'],
  ['edge-agent/count/planted-permission.ts', '../../hardware/sensor.ts'],
  ['edge-agent/count/planted-permission.ts', '../../gateway/contract/count-batch.ts'],
  ['calibration/planted-permission.ts', '../edge-agent/replay.ts'],
  ['calibration/planted-permission.ts', '../edge-agent/uplink/pinned-socket.ts'],
  ['gateway/contract/planted-permission.ts', 'typebox'],
])('the linter lets %s import %s', (file, specifier) => {
  expect(lint(file, specifier).output).not.toContain('noRestrictedImports');
});

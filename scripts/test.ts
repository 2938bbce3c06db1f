/**
 * `npm test`: installs the system programs the tests drive where it may, runs Vitest, and closes
 * with one line that people and machines can read. Arguments go to Vitest.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

function main(): number {
  spawnSync(join(root, 'scripts/system-packages'), { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'passant-test-'));
  const resultFile = join(folder, 'result.json');
  try {
    const run = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${resultFile}`,
        ...process.argv.slice(2),
      ],
      { cwd: root, stdio: 'inherit' },
    );
    return summarise(resultFile, run.status ?? 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Result {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function summarise(resultFile: string, status: number): number {
  let result: Result;
  try {
    result = JSON.parse(readFileSync(resultFile, 'utf8')) as Result;
  } catch {
    console.log('0 passed, 1 failed');
    return status || 1;
  }
  // A file that does not even load has no tests to fail, so it counts as one failure.
  const unloadable = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = result.numFailedTests + unloadable;
  const skipped = result.numPendingTests > 0 ? `, ${result.numPendingTests} skipped` : '';
  console.log(`${result.numPassedTests} passed, ${failed} failed${skipped}`);
  return status || (failed > 0 ? 1 : 0);
}

process.exitCode = main();

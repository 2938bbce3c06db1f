import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const [firstPain, lastPain] = [32, 61];

const manual = readFileSync(join(root, 'docs/agent.md'), 'utf8');
const rows = [...manual.matchAll(/^\| (\d+) \| [^|]+ \| (.+) \|$/gm)].map(([, pain, tests]) => ({
  pain: Number(pain),
  tests: [...tests!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
}));

/** Names of tests, as they stand in the files that vitest runs or that those call. */
const names = new Set(
  readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(test|suite)\.ts$/.test(file) && !file.endsWith('user-pains.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(root, 'tests', file), 'utf8');
      return [...text.matchAll(/\btest(?:\.each\([\s\S]*?\))?\(\s*'((?:[^'\\]|\\.)+)'/g)].map(
        ([, name]) => name!,
      );
    }),
);

describe('the manual', () => {
  test('names a test for each pain of delivery, restart and time', () => {
    const wanted = Array.from({ length: lastPain - firstPain + 1 }, (_, at) => firstPain + at);
    expect(rows.map(({ pain }) => pain)).toEqual(wanted);
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
  });

  test.each(rows)('names only tests that are there, for pain $pain', ({ tests }) => {
    for (const name of tests) expect(names, name).toContain(name);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const programs = ['hardware', 'edge-agent', 'gateway', 'calibration', 'scripts', 'tests'];

/** Paths below `folder` from the root, of files whose names end in one of `endings`. */
function filesBelow(folder: string, ...endings: readonly string[]): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !basename(path).startsWith('planted-') && !path.includes('node_modules'))
    .sort();
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = programs.flatMap((folder) => filesBelow(folder, '.ts'));
const pureSources = [...filesBelow('edge-agent/count', '.ts'), ...filesBelow('edge-agent/interval', '.ts')];
const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

describe('the tree', () => {
  test('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(pureSources.length).toBeGreaterThan(2);
  });

  test.each(sources)('%s is named in kebab-case after what it holds, not after a drawer', (path) => {
    const name = basename(path).replace(/(\.(test|suite|d))?\.ts$/, '');
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(['utils', 'util', 'helpers', 'helper', 'common', 'types', 'index', 'misc']).not.toContain(name);
  });

  test.each(
    readdirSync(join(root, 'hardware'), { withFileTypes: true }).filter((entry) => entry.isDirectory()),
  )('hardware/$name says in a README what it is and where its facts come from', (entry) => {
    expect(existsSync(join(root, 'hardware', entry.name, 'README.md'))).toBe(true);
  });
});

describe('pure code', () => {
  test.each(pureSources)('%s takes time as data, never waits and never prints', (path) => {
    const code = withoutComments(read(path));
    expect(code).not.toMatch(/\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/);
    expect(code).not.toMatch(/\bawait\b|\basync\b|\bsetTimeout\b|\bsetInterval\b/);
    expect(code).not.toMatch(/\bconsole\.|\bprocess\./);
  });

  test.each(pureSources)('%s imports nothing but types from the sensor port', (path) => {
    for (const line of read(path).matchAll(/^import (type )?.*hardware\/.*$/gm)) {
      expect(line[1], line[0]).toBe('type ');
    }
  });
});

describe('tests', () => {
  test.each(sources.filter((path) => path.endsWith('.test.ts') && !path.endsWith('tidy.test.ts')))(
    '%s uses typed doubles and asserts something',
    (path) => {
      const code = read(path);
      expect(code).not.toMatch(/\bvi\.(mock|stubGlobal|doMock)\b/);
      expect(code).not.toMatch(/\.(only)\(/);
      expect(code).toMatch(/expect|Suite\(|assert/);
    },
  );
});

describe('what newcomers type', () => {
  const manifest = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>;
    bin: Record<string, string>;
  };

  test.each(Object.entries(manifest.scripts))('npm run %s starts a file that is there', (_name, command) => {
    for (const file of command.match(/[\w./-]+\.ts\b/g) ?? []) {
      expect(existsSync(join(root, file)), file).toBe(true);
    }
  });

  test.each(Object.entries(manifest.bin))('the launcher %s is there', (_name, file) => {
    expect(existsSync(join(root, file))).toBe(true);
  });

  const documents = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs', '.md')];
  test.each(documents)('%s names only npm scripts and files that exist', (path) => {
    const text = read(path);
    for (const [, script] of text.matchAll(/\bnpm run (?:-s )?([a-z][a-z0-9:-]*)/g)) {
      expect(Object.keys(manifest.scripts), `npm run ${script}`).toContain(script);
    }
    for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      expect(existsSync(join(root, dirname(path), target!)), target).toBe(true);
    }
  });
});

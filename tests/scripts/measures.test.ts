import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exampleManual } from '../../scripts/measures/example-manual.ts';
import { walk } from '../../scripts/measures/examples.ts';
import { requirePrograms } from '../require-programs.ts';

const docs = join(import.meta.dirname, '../../docs');

describe('the manual of measures', () => {
  test('is what the interface answers: every example, every plot, and every command of the walk, run by curl', {
    timeout: 120_000,
  }, async (context) => {
    requirePrograms(context, 'curl');
    const folder = mkdtempSync(join(tmpdir(), 'passant-manual-'));
    try {
      const { text, plots } = await exampleManual(folder);
      expect(text).toBe(readFileSync(join(docs, 'measures.md'), 'utf8'));
      expect(plots.size).toBe(13);
      for (const [name, svg] of plots)
        expect(svg).toBe(readFileSync(join(docs, 'images/measures', name), 'utf8'));
      for (const { run } of walk) expect(text).toContain(run);
      expect(text).not.toContain('nothing that can be said');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/**
 * `npm run measures`: fills a gateway with the example town and writes docs/measures.md and its
 * plots from the answers. Without `--write` it says whether they are as they would be written.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exampleManual } from './measures/example-manual.ts';

const root = join(import.meta.dirname, '..');
const help = `npm run measures [-- --write]: docs/measures.md from the example town

  --write   writes the manual and its plots; without it, exit code 1 where they would change
  --help    this text
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'passant-measures-'));
  try {
    const { text, plots } = await exampleManual(folder);
    const files = new Map([
      ['docs/measures.md', text],
      ...[...plots].map(([name, svg]) => [`docs/images/measures/${name}`, svg] as const),
    ]);
    const changed = [...files].filter(
      ([file, content]) =>
        !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== content,
    );
    if (values.write) mkdirSync(join(root, 'docs/images/measures'), { recursive: true });
    for (const [file, content] of changed) {
      if (values.write) writeFileSync(join(root, file), content);
      process.stdout.write(`${file} ${values.write ? 'written' : 'would change'}\n`);
    }
    return changed.length > 0 && !values.write ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();

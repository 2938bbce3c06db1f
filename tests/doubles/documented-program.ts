import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The code blocks of a page of the docs in one language, as readers would copy them. */
export function documentedPrograms(page: string, language: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs', page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code!);
}

/** Runs a program with an interpreter and returns what it printed. */
export async function runDocumented(
  interpreter: readonly [string, ...string[]],
  code: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const [program, ...flags] = interpreter;
  const { stdout } = await run(program, [...flags, code], { env: { ...process.env, ...environment } });
  return stdout.trim();
}

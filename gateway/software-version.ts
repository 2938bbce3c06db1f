import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the package, as papers, health and the log name it. */
export function softwareVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

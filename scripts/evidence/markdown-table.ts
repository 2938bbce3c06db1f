import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export function hashLine(file: string): string {
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
  return `- \`${file.split('/').slice(-2).join('/')}\` SHA-256 ${hash}…`;
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function fixed(value: number): string {
  return value.toFixed(2);
}

export function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

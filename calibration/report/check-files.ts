import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Refusal, UsageError } from '../command.ts';
import type { ReportMessages } from '../messages/report.ts';
import { checkReport, sha256 } from './signed-report.ts';

export interface CheckedReport {
  readonly fingerprint: string;
  readonly createdAt: string;
  readonly files: readonly { readonly name: string; readonly state: 'good' | 'missing' }[];
}

/**
 * Checks the signed file that `file` is or belongs to, and every file beside it that it names. Throws
 * `Refusal` where anything is not what was signed, `UsageError` where there is nothing to check.
 */
export function checkFiles(
  file: string,
  fingerprint: string | undefined,
  text: ReportMessages,
): CheckedReport {
  const signed = file.endsWith('.json') ? file : `${file.replace(/\.(html|pdf)$/, '')}.signed.json`;
  if (!existsSync(signed)) throw new UsageError(text.unreadable(file, `${signed}?`));
  const check = checkReport(readFileSync(signed, 'utf8'));
  if (check.kind === 'unreadable') throw new UsageError(text.unreadable(signed, check.cause));
  if (check.kind === 'forged') throw new Refusal('forged', text.forged(signed));
  const plain = (value: string) => value.replace(/\s/g, '').toLowerCase();
  if (fingerprint !== undefined && plain(fingerprint) !== plain(check.fingerprint)) {
    throw new Refusal('other-key', text.otherKey(check.fingerprint, fingerprint));
  }
  const { statement } = check;
  const name = basename(file);
  if (file !== signed && !statement.files.some((listed) => listed.name === name)) {
    throw new Refusal('not-listed', text.notListed(name));
  }
  const files = statement.files.map((listed) => {
    const path = join(dirname(signed), basename(listed.name));
    if (!existsSync(path)) return { name: listed.name, state: 'missing' as const };
    if (sha256(readFileSync(path)) !== listed.sha256) {
      throw new Refusal('changed', text.fileChanged(listed.name), { file: listed.name });
    }
    return { name: listed.name, state: 'good' as const };
  });
  const { createdAt } = statement.contents as { createdAt?: string };
  return { fingerprint: check.fingerprint, createdAt: String(createdAt), files };
}

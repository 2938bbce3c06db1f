import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileWhole } from './write-file-whole.ts';

/**
 * What is too loose about a file that holds a secret, in words; null where only its owner reads it, and
 * the owner is root or whoever runs this program. A file that is not there is not loose.
 */
export function looseness(file: string): string | null {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
    return `others may read it (mode ${mode}): chmod 600 it`;
  }
  const own = process.getuid?.() ?? found.uid;
  return found.uid === 0 || found.uid === own || own === 0
    ? null
    : `it belongs to user ${found.uid}: chown it`;
}

/** Why nothing secret should be put into a folder, in words; null where only its owner may replace what lies in it. */
export function looseFolder(folder: string): string | null {
  const { mode, uid } = statSync(folder);
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) return `others may write to ${folder}: chmod go-w it`;
  const own = process.getuid?.() ?? uid;
  return uid === own || own === 0 || uid === 0 ? null : `${folder} belongs to user ${uid}`;
}

/** Writes a file for its owner only, in one step. Root leaves it to the owner of the folder: the agent reads it. */
export function writePrivateFile(file: string, text: string): void {
  writeFileWhole(file, text, 0o600);
  leaveToOwnerOfFolder(file);
}

/** The technician works as root, the agent does not. */
export function leaveToOwnerOfFolder(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(file));
  if (uid !== 0) chownSync(file, uid, gid);
}

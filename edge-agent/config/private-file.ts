import { chownSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileWhole } from './write-file-whole.ts';

/** What is too loose about a file or folder: others read it, others may replace what lies in it, or it is somebody else's. */
export interface Looseness {
  readonly kind: 'others-read' | 'others-write' | 'foreign';
  /** The mode as chmod takes it. */
  readonly mode: string;
  readonly uid: number;
}

/**
 * Whether others can read a file that holds a secret; null where only its owner does, and the owner is
 * root or whoever runs this program. A file that is not there is not loose.
 */
export function looseness(file: string): Looseness | null {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if ((found.mode & 0o077) !== 0) return loose('others-read', found);
  return isOwn(found) ? null : loose('foreign', found);
}

/** Whether others may replace what lies in a folder; null where nothing speaks against a secret in it. */
export function looseFolder(folder: string): Looseness | null {
  const found = statSync(folder);
  // With the sticky bit others add files and replace none.
  if ((found.mode & 0o022) !== 0 && (found.mode & 0o1000) === 0) return loose('others-write', found);
  return isOwn(found) ? null : loose('foreign', found);
}

function isOwn({ uid }: Stats): boolean {
  const own = process.getuid?.() ?? uid;
  return uid === 0 || uid === own || own === 0;
}

function loose(kind: Looseness['kind'], { mode, uid }: Stats): Looseness {
  return { kind, mode: (mode & 0o777).toString(8).padStart(4, '0'), uid };
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

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from './timeline.ts';

/** A card's page of the SQLite files; a sector is what a dying card writes whole or not at all. */
const pageBytes = 4096;
const sectorBytes = 512;

/** Copies the files of a folder as they are at this moment; shared memory is not part of a card. */
export function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  if (!existsSync(from)) return;
  for (const name of readdirSync(from)) {
    if (!name.endsWith('-shm')) copyFileSync(join(from, name), join(to, name));
  }
}

/** Sizes of a database's files before a transaction, to cut it afterwards. */
export interface WriteMark {
  readonly folder: string;
  readonly copy: string;
}

/** Remembers the files before a transaction that will not survive. */
export function markBefore(folder: string, copy: string): WriteMark {
  rmSync(copy, { recursive: true, force: true });
  copyFolder(folder, copy);
  return { folder, copy };
}

/**
 * The files after a power cut during a transaction: the database as it was before, and of the log a
 * random part of what the transaction added after the last commit.
 */
export function cutDuring(mark: WriteMark, name: string, random: Random): void {
  const before = join(mark.copy, `${name}-wal`);
  const after = join(mark.folder, `${name}-wal`);
  const oldBytes = existsSync(before) ? statSync(before).size : 0;
  if (!existsSync(after)) return;
  const written = readFileSync(after);
  const old = oldBytes === 0 ? Buffer.alloc(0) : readFileSync(before);
  // A log that began anew overwrites the old one from its head; frames of the old one stay behind it.
  const first = firstDifference(old, written);
  if (first >= written.length) return;
  // What follows is an older log's; a cut there would leave the transaction whole.
  const last = lastDifference(old, written);
  const cut = first + Math.floor(random() * (last + 1 - first));
  const torn = Buffer.concat([written.subarray(0, cut), old.subarray(cut)]);
  writeFileSync(before, torn);
}

function firstDifference(left: Buffer, right: Buffer): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return at;
  return length;
}

/** The last byte of `written` that `old` does not have. */
function lastDifference(old: Buffer, written: Buffer): number {
  let at = written.length - 1;
  if (written.length > old.length) return at;
  while (at > 0 && old[at] === written[at]) at -= 1;
  return at;
}

/** What a dying card does to a page. */
export type PageFault = 'zeros' | 'garbage' | 'short';

/** Tears one page of a file; false where there is nothing to tear. */
export function tearPage(file: string, fault: PageFault, random: Random): boolean {
  if (!existsSync(file)) return false;
  const { size } = statSync(file);
  if (size < pageBytes) return false;
  if (fault === 'short') {
    truncateSync(file, Math.floor(random() * size));
    return true;
  }
  const bytes = readFileSync(file);
  const at = Math.floor((random() * size) / sectorBytes) * sectorBytes;
  for (let offset = 0; offset < sectorBytes && at + offset < size; offset += 1) {
    bytes[at + offset] = fault === 'zeros' ? 0 : Math.floor(random() * 256);
  }
  writeFileSync(file, bytes);
  return true;
}

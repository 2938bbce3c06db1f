import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes a write of ballast takes at once; the rest of the disk is filled by smaller ones. */
const ballastBytes = [65_536, 4096, 512];

/** A folder on a file system of its own that is so small that a test can fill it. */
export class SmallDisk {
  readonly folder: string;
  readonly #ballast: string;

  constructor(folder: string) {
    this.folder = folder;
    this.#ballast = join(folder, 'ballast');
  }

  /** Leaves no room at all. */
  fill(): void {
    for (const bytes of ballastBytes) {
      try {
        for (;;) writeFileSync(this.#ballast, Buffer.alloc(bytes), { flag: 'a' });
      } catch {
        // No room for so much: less may still fit.
      }
    }
  }

  clear(): void {
    rmSync(this.#ballast, { force: true });
  }

  close(): void {
    spawnSync('umount', ['-l', this.folder]);
  }
}

/** Mounts a tmpfs of `kilobytes`; null where this user may not. */
export function openSmallDisk(folder: string, kilobytes: number): SmallDisk | null {
  mkdirSync(folder, { recursive: true });
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]);
  return mount.status === 0 ? new SmallDisk(folder) : null;
}

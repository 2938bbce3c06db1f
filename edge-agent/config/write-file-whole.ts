import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';

/** Replaces a file in one step, so that a power cut leaves the old or the new one whole. */
export function writeFileWhole(file: string, text: string | Uint8Array, mode = 0o666): void {
  const next = `${file}.next`;
  const descriptor = openSync(next, 'w', mode);
  try {
    writeFileSync(descriptor, text);
    // Without it a power cut may leave the new name on an empty file.
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(next, file);
}

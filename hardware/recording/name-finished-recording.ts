import { existsSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A recording that is being written has this behind its name, and loses it when it is finished. */
export const unfinishedSuffix = '.part';

/** File systems of memory sticks know no links. */
const linkless: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Gives a finished recording its name for good. Throws where the name is taken: nothing is overwritten. */
export async function nameFinishedRecording(file: string): Promise<void> {
  const unfinished = file + unfinishedSuffix;
  try {
    // A link fails where a rename would overwrite.
    await link(unfinished, file);
    await rm(unfinished);
  } catch (error) {
    if (!linkless.has((error as NodeJS.ErrnoException).code) || existsSync(file)) throw error;
    await rename(unfinished, file);
  }
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

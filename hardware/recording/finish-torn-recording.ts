import { type FileHandle, open, rm } from 'node:fs/promises';
import { nameFinishedRecording, unfinishedSuffix } from './name-finished-recording.ts';

/**
 * Makes whole what a killed program left: cuts off the line that was being written and gives the file
 * its name. Returns the name, or null where not even the header had been written (then the file goes).
 */
export async function finishTornRecording(unfinished: string): Promise<string | null> {
  const file = unfinished.slice(0, -unfinishedSuffix.length);
  const handle = await open(unfinished, 'r+');
  try {
    const { size } = await handle.stat();
    const end = await endOfLastLine(handle, size);
    if (end === 0) {
      await rm(unfinished);
      return null;
    }
    if (end < size) await handle.truncate(end);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await nameFinishedRecording(file);
  return file;
}

/** A line is far shorter; a file whose last line break lies farther back is no recording of ours. */
const tailBytes = 64 * 1024;

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const from = Math.max(0, size - tailBytes);
  const tail = Buffer.alloc(size - from);
  const { bytesRead } = await handle.read(tail, 0, tail.length, from);
  const lineBreak = tail.subarray(0, bytesRead).lastIndexOf(0x0a);
  return lineBreak < 0 ? 0 : from + lineBreak + 1;
}

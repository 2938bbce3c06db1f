import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from '../command.ts';
import type { ReportedPhoto } from './report-contents.ts';
import { sha256 } from './signed-report.ts';

/** A telephone's picture has 3 to 5 MB; more would make a report that nobody can mail. */
const photoBytesMax = 8_000_000;
export const photosMax = 8;

export interface LoadedPhoto extends ReportedPhoto {
  readonly dataUrl: string;
}

/** `door.jpg` or `door.jpg=What it shows`. Throws `UsageError` for what is no JPEG or PNG. */
export function loadPhoto(given: string): LoadedPhoto {
  const at = given.indexOf('=');
  const file = at < 0 ? given : given.slice(0, at);
  const caption = at < 0 ? basename(file) : given.slice(at + 1);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new UsageError(`--photo ${file}: ${(cause as Error).message}`);
  }
  if (bytes.length > photoBytesMax) throw new UsageError(`--photo ${file}: > ${photoBytesMax / 1e6} MB`);
  const type = typeOf(bytes);
  if (type === null) throw new UsageError(`--photo ${file}: JPEG | PNG`);
  const dataUrl = `data:${type};base64,${bytes.toString('base64')}`;
  return { caption, type, sha256: sha256(bytes), dataUrl };
}

function typeOf(bytes: Buffer): ReportedPhoto['type'] | null {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  return bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) ? 'image/png' : null;
}

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { looseFolder, looseness, writePrivateFile } from '../../edge-agent/config/private-file.ts';
import type { EnrolmentText } from '../../gateway/contract/enrolment.ts';
import { Refusal } from '../command.ts';
import type { EnrolmentMessages } from '../messages/enrolment.ts';

/**
 * What is written down before the gateway is asked: a password that only this device knows, and the
 * code. Whatever happens then, the same claim can be made again, and is answered again.
 */
export interface PendingClaim extends EnrolmentText {
  readonly password: string;
}

const pendingFileOf = (stateDir: string): string => join(stateDir, 'enrolment-pending.json');
export const passwordFileOf = (stateDir: string): string => join(stateDir, 'uplink-password');

/** A claim that was begun and not finished; null where there is none. */
export function readPendingClaim(stateDir: string): PendingClaim | null {
  const file = pendingFileOf(stateDir);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PendingClaim;
  } catch {
    // Torn before it was whole: then no claim was made with it.
    return null;
  }
}

/**
 * Writes a claim down for its owner only. Of an unfinished one at the same gateway it keeps the password:
 * the gateway may know it already. Throws `Refusal` where others could take it.
 */
export function beginClaim(
  stateDir: string,
  code: EnrolmentText,
  { known, text }: { readonly known: string | null; readonly text: EnrolmentMessages },
): PendingClaim {
  mkdirSync(stateDir, { recursive: true });
  const loose = looseFolder(stateDir);
  if (loose !== null) throw new Refusal('loose-folder', text.loose(stateDir, loose));
  const left = readPendingClaim(stateDir);
  const same = left !== null && left.url === code.url && left.pin === code.pin ? left.password : null;
  const pending = { ...code, password: known ?? same ?? randomBytes(32).toString('base64url') };
  writePrivateFile(pendingFileOf(stateDir), `${JSON.stringify(pending)}\n`);
  return pending;
}

export function endClaim(stateDir: string): void {
  rmSync(pendingFileOf(stateDir), { force: true });
}

/** The password at the gateway; null where there is none. Throws `Refusal` where others can read it. */
export function readPassword(file: string, text: EnrolmentMessages): string | null {
  if (!existsSync(file)) return null;
  const loose = looseness(file);
  if (loose !== null) throw new Refusal('loose-password', text.loose(file, loose));
  try {
    return readFileSync(file, 'utf8').split('\n')[0]!.trim();
  } catch (cause) {
    throw new Refusal('unreadable-password', text.unreadable(file, (cause as Error).message));
  }
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program that does not answer in this time has nothing to say. */
const answerMs = 2_000;

/** A way to ask the operating system; null where it cannot say. */
export type EvidenceSource = () => Promise<boolean | null>;

/** systemd's word, whichever daemon keeps the time (org.freedesktop.timedate1, NTPSynchronized). */
async function askTimedatectl(): Promise<boolean | null> {
  const text = await output('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']);
  return text === null ? null : text.trim() === 'yes';
}

/** chronyc(1) `tracking` with `-c`: the last field is the leap status, "Not synchronised" or not. */
async function askChrony(): Promise<boolean | null> {
  const text = await output('chronyc', ['-c', 'tracking']);
  if (text === null) return null;
  const fields = text.trim().split(',');
  return fields.length < 14 ? null : fields.at(-1) !== 'Not synchronised';
}

/**
 * systemd-timesyncd makes this file at its first synchronisation of a boot
 * (systemd-time-wait-sync.service(8)). It stays when the clock is set by hand later, so the sources
 * before it are asked first.
 */
async function askTimesyncFile(): Promise<boolean | null> {
  return existsSync('/run/systemd/timesync/synchronized') ? true : null;
}

/** adjtimex(2): TIME_ERROR (5) says that nobody keeps the clock. */
async function askKernel(): Promise<boolean | null> {
  const { kernelClockState } = await import('./kernel-clock.ts');
  const state = kernelClockState();
  return state === null ? null : state !== 5;
}

async function output(program: string, parameters: string[]): Promise<string | null> {
  try {
    const { stdout } = await run(program, parameters, { timeout: answerMs });
    return stdout;
  } catch {
    return null;
  }
}

/** What the first source says that can say anything; false where none can. */
export async function firstEvidence(sources: readonly EvidenceSource[]): Promise<boolean> {
  for (const ask of sources) {
    const answer = await ask();
    if (answer !== null) return answer;
  }
  return false;
}

/** Whether somebody keeps this machine's wall clock; false where nothing can say. Never rejects. */
export async function isSynchronized(): Promise<boolean> {
  return firstEvidence([askTimedatectl, askChrony, askTimesyncFile, askKernel]);
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { objectHash } from './object-hash.ts';
import { leaveToOwnerOfFolder } from './private-file.ts';
import { writeFileWhole } from './write-file-whole.ts';

const fileName = 'installation.json';
const format = 'passant-installation';
/** Versions kept for going back; one has a few kilobytes. */
const versionsMax = 50;

/** Where and as what a device was taken in. Its password lies in a file of its own. */
export interface EnrolmentNote {
  readonly gateway: string;
  readonly pin: string | null;
  readonly device: string;
  readonly site: string;
  readonly siteName: string;
  readonly enrolledAt: string;
}

/** What a version holds: agent configuration, site profile and enrolment, unchecked as they are on disk. */
export interface InstallationContents {
  /** As in the agent's configuration file. */
  readonly agent: Readonly<Record<string, unknown>>;
  readonly profile: unknown;
  readonly enrolment: EnrolmentNote | null;
  /** The configuration file this was made from, by hash: a later change of it is not in force, and told. */
  readonly base: { readonly file: string; readonly hash: string };
}

/** Agent configuration and site profile as one object: a whole version is in force, or the one before. */
export interface Installation extends InstallationContents {
  readonly revision: number;
  /** Hash of the version this one replaces. */
  readonly parent: string | null;
  readonly hash: string;
  /** The verb or program that made it, and when. */
  readonly madeBy: string;
  readonly madeAt: string;
}

/** An installation that cannot be read; the message names file and cause. */
export class InstallationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InstallationError';
  }
}

export const installationFileOf = (stateDir: string): string => join(stateDir, fileName);
export const isInstallationFile = (file: string): boolean => basename(file) === fileName;
const historyOf = (file: string): string => join(dirname(file), 'installation-history');

/** What is in force: the newest file, or the last good version where that is torn; null where none was made. */
export function readInstallation(
  file: string,
): { readonly installation: Installation; readonly fault: string | null } | null {
  const versions = () => keptVersions(file);
  if (!existsSync(file)) {
    if (!existsSync(historyOf(file)) || versions().length === 0) return null;
  }
  try {
    return { installation: readVersion(file), fault: null };
  } catch (error) {
    if (!(error instanceof InstallationError)) throw error;
    const lastGood = versions().at(-1);
    if (lastGood === undefined) throw error;
    return { installation: lastGood, fault: error.message };
  }
}

/** Versions that can be read and are what their hash says, oldest first. */
export function keptVersions(file: string): Installation[] {
  const folder = historyOf(file);
  if (!existsSync(folder)) return [];
  return entriesOf(folder).flatMap((entry) => {
    try {
      return [readVersion(join(folder, entry))];
    } catch (error) {
      if (error instanceof InstallationError) return [];
      throw error;
    }
  });
}

/**
 * Puts a new version in force: first into the history, then in one rename into its place, so that
 * whatever happens the version before or this one is in force as a whole.
 */
export function writeInstallation(
  file: string,
  contents: InstallationContents,
  made: { readonly by: string; readonly at: Date },
): Installation {
  const before = readInstallation(file)?.installation ?? null;
  const { agent, profile, enrolment, base } = contents;
  const body = {
    ...{ agent, profile, enrolment, base },
    revision: (before?.revision ?? 0) + 1,
    parent: before?.hash ?? null,
    madeBy: made.by,
    madeAt: `${made.at.toISOString().slice(0, 19)}Z`,
  };
  const next: Installation = { ...body, hash: objectHash(body) };
  const text = `${JSON.stringify({ format, version: 1, ...next }, null, 2)}\n`;
  const folder = historyOf(file);
  mkdirSync(folder, { recursive: true });
  leaveToOwnerOfFolder(folder);
  const kept = join(folder, `${String(next.revision).padStart(6, '0')}-${next.hash}.json`);
  for (const place of [kept, file]) {
    writeFileWhole(place, text, 0o644);
    leaveToOwnerOfFolder(place);
  }
  const entries = entriesOf(folder);
  for (const old of entries.slice(0, Math.max(0, entries.length - versionsMax))) rmSync(join(folder, old));
  return next;
}

function entriesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((entry) => /^\d{6}-[0-9a-f]{16}\.json$/.test(entry))
    .sort();
}

function readVersion(file: string): Installation {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const { format: said, version, hash, ...body } = value;
    if (said !== format || version !== 1) throw new Error('is no installation of this version');
    if (objectHash(body) !== hash) throw new Error('is not what its hash says');
    return { ...body, hash } as Installation;
  } catch (cause) {
    throw new InstallationError(`${file}: ${(cause as Error).message}`, { cause });
  }
}

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Value from 'typebox/value';
import { noProfileHash, SiteProfile } from '../gateway/contract/site-profile.ts';

/** A profile with its hash; without a profile `profile` is null and the hash sixteen zeros. */
export interface ProfileInForce {
  readonly profile: SiteProfile | null;
  readonly hash: string;
  /** `previous`: the newest file is broken and the one before it is in force. */
  readonly origin: 'none' | 'newest' | 'previous';
  /** What is wrong with the newest file, for an alarm. */
  readonly fault: string | null;
}

/** First 64 bits of the SHA-256 of a profile's JSON with sorted names: the order of writing is no revision. */
export function profileHash(profile: SiteProfile): string {
  return createHash('sha256').update(canonicalJson(profile)).digest('hex').slice(0, 16);
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonicalJson(part)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Parses a profile's text; returns why it is none instead of throwing. */
export function parseSiteProfile(text: string): SiteProfile | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return `not JSON (${(cause as Error).message})`;
  }
  const filled = Value.Default(SiteProfile, value);
  const [fault] = Value.Errors(SiteProfile, filled);
  return fault === undefined ? (filled as SiteProfile) : `${fault.instancePath || '/'} ${fault.message}`;
}

const previousSuffix = '.last-good';

/**
 * The profile in force. A newest file that is broken or half written never stops counting: the last
 * one that was good goes on, and `fault` says what to tell. Never throws.
 */
export function readSiteProfile(file: string): ProfileInForce {
  const newest = readText(file);
  const parsed = newest === null ? null : parseSiteProfile(newest);
  if (parsed !== null && typeof parsed !== 'string') {
    keepAsLastGood(file, newest!);
    return { profile: parsed, hash: profileHash(parsed), origin: 'newest', fault: null };
  }
  const previousText = readText(file + previousSuffix);
  const previous = previousText === null ? null : parseSiteProfile(previousText);
  const fault = parsed === null ? (previousText === null ? null : `${file}: missing`) : `${file}: ${parsed}`;
  if (previous !== null && typeof previous !== 'string') {
    return { profile: previous, hash: profileHash(previous), origin: 'previous', fault };
  }
  return { profile: null, hash: noProfileHash, origin: 'none', fault };
}

/** Replaces the profile at once: a power cut leaves the old file or the new one. Throws on no room. */
export function writeSiteProfile(file: string, profile: SiteProfile): void {
  writeDurably(file, `${JSON.stringify(profile, null, 2)}\n`);
}

function keepAsLastGood(file: string, text: string): void {
  if (readText(file + previousSuffix) === text) return;
  try {
    writeDurably(file + previousSuffix, text);
  } catch {
    // A read-only or full card: the newest file itself is good, and that is what counts now.
  }
}

function writeDurably(file: string, text: string): void {
  const next = `${file}.next`;
  const descriptor = openSync(next, 'w');
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(next, file);
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

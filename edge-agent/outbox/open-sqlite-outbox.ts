import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { EpochReason, Outbox } from './outbox.ts';
import { outboxFault } from './outbox-fault.ts';
import { outboxMigrations, outboxSchema, outboxSchemaVersion } from './outbox-schema.ts';
import { type SalvagedEpoch, salvageOutbox } from './salvage-outbox.ts';
import { SqliteOutbox } from './sqlite-outbox.ts';

/** Set-aside files are for whoever repairs; more of them would fill the card that is failing. */
const damagedFilesMax = 3;

/** Checkpoints fold the log back at 1,000 pages; it may not stay larger on the card than this. */
const walBytesMax = 8 * 1024 * 1024;

export interface SqliteOutboxOptions {
  readonly file: string;
  readonly device: string;
  /** Of the machine, or null where it has none: another than the one noted tells a cloned card. */
  readonly machineId: string | null;
  /** Rows at which the outbox is full: 400 days of the configured sensors. */
  readonly rowsMax: number;
  /** Days for which delivered intervals are kept, so that a gateway restored from a backup gets them again. */
  readonly deliveredDays: number;
  /** 16 hexadecimal digits, never the same twice. */
  readonly randomEpoch: () => string;
  /** Names a damaged file; only for people. */
  readonly wallSeconds: () => number;
}

/** The outbox, and where a damaged predecessor was set aside with how much of it could be saved. */
export interface OpenedOutbox {
  readonly outbox: Outbox;
  /** People that earlier sessions counted at a sensor since a time of the calendar, for running totals. */
  readonly countedSince?: (sensor: string, epochSeconds: number) => { in: number; out: number };
  readonly damaged: { readonly file: string; readonly savedIntervals: number } | null;
}

/**
 * Opens the outbox file, or makes it. A file that is damaged (or that the caller found to be so) is
 * renamed, a new one with a new epoch takes its place, and what can still be read of the undelivered
 * intervals goes on under its old keys. Throws `OutboxError` `unwritable` where no file can be made
 * or another process has it open, `disk-full` where the card is full.
 */
export function openSqliteOutbox(options: SqliteOutboxOptions, knownDamaged = false): OpenedOutbox {
  try {
    mkdirSync(dirname(options.file), { recursive: true });
    const existed = existsSync(options.file);
    const database = existed ? (knownDamaged ? null : openSound(options.file)) : openDatabase(options.file);
    if (database !== null) return { ...begun(start(database, options, { reason: 'first' })), damaged: null };
    const file = setAside(options);
    const salvaged = salvageOutbox(file);
    const outbox = start(openDatabase(options.file), options, { reason: 'damaged', salvaged });
    const savedIntervals = salvaged.reduce((sum, { rows }) => sum + rows.length, 0);
    return { ...begun(outbox), damaged: { file, savedIntervals } };
  } catch (cause) {
    throw outboxFault(cause, options.file);
  }
}

function begun(outbox: SqliteOutbox): Pick<OpenedOutbox, 'outbox' | 'countedSince'> {
  return { outbox, countedSince: (sensor, epochSeconds) => outbox.countedSince(sensor, epochSeconds) };
}

function openDatabase(file: string): Database.Database {
  const database = new Database(file, { timeout: 1000 });
  // One process only: no shared-memory file, and a second agent is noticed at once.
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma(`journal_size_limit = ${walBytesMax}`);
  return database;
}

/** The database of an existing file, or null where it is damaged. */
function openSound(file: string): Database.Database | null {
  let database: Database.Database | null = null;
  try {
    database = openDatabase(file);
    if (isSound(database)) return database;
  } catch (cause) {
    const fault = outboxFault(cause, file);
    if (fault.code !== 'damaged') {
      database?.close();
      throw fault;
    }
  }
  database?.close();
  return null;
}

function isSound(database: Database.Database): boolean {
  const version = database.pragma('user_version', { simple: true });
  const tables = database.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`).pluck().get();
  // An agent killed while it made the file left an empty one behind.
  if (version === 0 && tables === 0) return true;
  if (version !== outboxSchemaVersion && !Object.hasOwn(outboxMigrations, Number(version))) return false;
  return database.pragma('quick_check(1)', { simple: true }) === 'ok';
}

function start(
  database: Database.Database,
  options: SqliteOutboxOptions,
  beginning: { readonly reason: EpochReason; readonly salvaged?: readonly SalvagedEpoch[] },
): SqliteOutbox {
  try {
    database.transaction(() => {
      const version = () => database.pragma('user_version', { simple: true }) as number;
      if (version() === 0) database.exec(outboxSchema);
      while (version() < outboxSchemaVersion) database.exec(outboxMigrations[version()]!);
    })();
    const outbox = new SqliteOutbox(database, options);
    outbox.begin(beginning.reason, beginning.salvaged ?? []);
    return outbox;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/** Renames the file with its log, and forgets the oldest of those set aside before. */
function setAside(options: SqliteOutboxOptions): string {
  const stamp = new Date(options.wallSeconds() * 1000).toISOString().replaceAll(/[:.]/g, '-');
  const target = `${options.file}.damaged-${stamp}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(options.file + suffix)) renameSync(options.file + suffix, target + suffix);
  }
  const folder = dirname(options.file);
  const prefix = `${basename(options.file)}.damaged-`;
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && !/-(wal|shm)$/.test(name));
  for (const name of names.sort().slice(0, -damagedFilesMax)) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, name + suffix), { force: true });
  }
  return target;
}

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { type EpochReason, type Outbox, OutboxError } from './outbox.ts';
import { outboxSchema, outboxSchemaVersion } from './outbox-schema.ts';
import { outboxFault, SqliteOutbox } from './sqlite-outbox.ts';

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

/** The outbox, and where a damaged predecessor was set aside. */
export interface OpenedOutbox {
  readonly outbox: Outbox;
  readonly damagedFile: string | null;
}

/**
 * Opens the outbox file, or makes it. A file that is damaged is renamed and a new one with a new
 * epoch takes its place. Throws `OutboxError` `unwritable` where no file can be made or another
 * process has it open, `disk-full` where the card is full.
 */
export function openSqliteOutbox(options: SqliteOutboxOptions): OpenedOutbox {
  try {
    mkdirSync(dirname(options.file), { recursive: true });
    const existed = existsSync(options.file);
    const database = existed ? openSound(options.file) : openDatabase(options.file);
    if (database !== null) return { outbox: start(database, options, 'first'), damagedFile: null };
    const damagedFile = setAside(options);
    return { outbox: start(openDatabase(options.file), options, 'damaged'), damagedFile };
  } catch (cause) {
    if (cause instanceof OutboxError) throw cause;
    throw outboxFault(cause, options.file);
  }
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
  if (version !== outboxSchemaVersion) return false;
  return database.pragma('quick_check(1)', { simple: true }) === 'ok';
}

function start(database: Database.Database, options: SqliteOutboxOptions, reason: EpochReason): SqliteOutbox {
  try {
    database.transaction(() => {
      if (database.pragma('user_version', { simple: true }) === 0) database.exec(outboxSchema);
    })();
    return SqliteOutbox.begin(database, options, reason);
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

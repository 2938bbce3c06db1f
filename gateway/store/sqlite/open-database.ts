import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../count-store.ts';
import { migrations } from './migrations.ts';

/** A second process that writes (a backup, a second gateway) is waited for this long. */
const busyTimeoutMs = 5_000;

export interface OpenDatabase {
  readonly database: Database.Database;
  readonly storeId: string;
}

/**
 * Opens or creates the database file, brings its schema up to date and gives it an id.
 * `synchronous=FULL`: a receipt may only follow what survives a power cut.
 */
export function openDatabase(file: string): OpenDatabase {
  let database: Database.Database | undefined;
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    database = new Database(file, { timeout: busyTimeoutMs });
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    migrate(database, file);
    return { database, storeId: storeIdOf(database) };
  } catch (cause) {
    database?.close();
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('store-unusable', `${file}: ${(cause as Error).message}`, { cause });
  }
}

function migrate(database: Database.Database, file: string): void {
  database.transaction(() => {
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > migrations.length) {
      throw new StoreError(
        'store-unusable',
        `${file}: schema ${version} is newer than this gateway knows (${migrations.length}); update the gateway`,
      );
    }
    for (const step of migrations.slice(version)) database.exec(step);
    database.pragma(`user_version = ${migrations.length}`);
  })();
}

function storeIdOf(database: Database.Database): string {
  database
    .prepare('INSERT OR IGNORE INTO store (only, id) VALUES (1, ?)')
    .run(randomBytes(8).toString('hex'));
  return database.prepare<[], { id: string }>('SELECT id FROM store').get()!.id;
}

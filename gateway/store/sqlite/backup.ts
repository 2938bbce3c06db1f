import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../count-store.ts';
import { migrations } from './migrations.ts';

/** What a database holds, for a human to compare. */
export interface DatabaseSummary {
  readonly store: string;
  readonly sensors: number;
  /** Sequences stored according to the books. */
  readonly intervals: number;
  readonly peopleIn: number;
  readonly peopleOut: number;
}

/**
 * Copies a database that may be in use into a new file and verifies the copy. Throws a `StoreError`
 * and leaves no half file behind.
 */
export async function backupDatabase(source: string, target: string): Promise<DatabaseSummary> {
  if (!existsSync(source)) throw unusable(source, 'there is no database');
  if (existsSync(target)) throw unusable(target, 'is there already');
  mkdirSync(dirname(target), { recursive: true });
  const unfinished = `${target}.unfinished`;
  const database = new Database(source, { readonly: true });
  try {
    await database.backup(unfinished);
    const summary = verifyDatabase(unfinished);
    renameSync(unfinished, target);
    return summary;
  } finally {
    database.close();
    rmSync(unfinished, { force: true });
  }
}

/**
 * Puts a verified backup in the place of a database of which no gateway runs; one that is there is
 * kept beside it. The store gets a new id, by which devices know to send again what came after the
 * backup. Throws a `StoreError` and has then changed nothing.
 */
export function restoreDatabase(backup: string, target: string): DatabaseSummary {
  verifyDatabase(backup);
  mkdirSync(dirname(target), { recursive: true });
  const unfinished = `${target}.unfinished`;
  copyFileSync(backup, unfinished);
  const database = new Database(unfinished);
  database.prepare('UPDATE store SET id = ?').run(randomBytes(8).toString('hex'));
  database.close();
  const summary = verifyDatabase(unfinished);
  const kept = keptName(target);
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(`${target}${ending}`)) renameSync(`${target}${ending}`, `${kept}${ending}`);
  }
  renameSync(unfinished, target);
  return summary;
}

/** A name for what was there that nothing has yet. */
function keptName(target: string): string {
  let number = 1;
  while (existsSync(`${target}.before-restore-${number}`)) number += 1;
  return `${target}.before-restore-${number}`;
}

/** Reads all of a database: pages, schema, and whether hours and days add up to the same people. */
export function verifyDatabase(file: string): DatabaseSummary {
  if (!existsSync(file)) throw unusable(file, 'there is no such file');
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true });
    const integrity = database.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw unusable(file, `damaged: ${String(integrity).split('\n')[0]}`);
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version === 0 || version > migrations.length)
      throw unusable(file, `schema ${version} is unknown here`);
    return summaryOf(database, file);
  } catch (cause) {
    throw cause instanceof StoreError ? cause : unusable(file, (cause as Error).message, cause);
  } finally {
    database?.close();
  }
}

function summaryOf(database: Database.Database, file: string): DatabaseSummary {
  const one = <Row>(sql: string) => database.prepare<[], Row>(sql).get()!;
  const people = (level: string) =>
    one<{ i: number; o: number }>(`SELECT total(count_in) AS i, total(count_out) AS o FROM ${level}`);
  const hoursKept =
    one<{ n: number }>(`SELECT count(*) AS n FROM deleted WHERE level IN ('hours', 'days')`).n === 0;
  const [hours, days] = [people('hours'), people('days')];
  if (hoursKept && (hours.i !== days.i || hours.o !== days.o)) {
    throw unusable(file, `hours and days do not add up to the same people`);
  }
  const books = one<{ n: number }>(
    `SELECT total(last - first + 1) AS n FROM accounted WHERE disposition = 'stored'`,
  );
  return {
    store: one<{ id: string }>('SELECT id FROM store').id,
    sensors: one<{ n: number }>('SELECT count(*) AS n FROM sensors').n,
    intervals: books.n,
    peopleIn: days.i,
    peopleOut: days.o,
  };
}

function unusable(file: string, fault: string, cause?: unknown): StoreError {
  return new StoreError('store-unusable', `${file}: ${fault}`, { cause });
}

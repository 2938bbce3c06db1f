import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { BatchLimitError, StoreError } from '../count-store.ts';
import { migrations } from './migrations.ts';

/** Ingest takes one message at a time and pages are few: more connections would only wait. */
const connectionsMax = 8;
/** A database that does not answer within this time is treated as gone. */
const connectTimeoutMs = 5_000;
/** Any number will do that nobody else locks: two gateways that start together migrate in turn. */
const migrationLock = 7_242_016;

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** SQLSTATE 53100 is disk_full (PostgreSQL manual, appendix A). */
const diskFull = '53100';

export interface Queries {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

/** A pool whose faults are `StoreError`s. */
export class PostgresDatabase implements Queries {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>> {
    try {
      return await this.#pool.query<Row>(text, values);
    } catch (cause) {
      throw asStoreError(cause);
    }
  }

  /** Runs reading work that sees one state of the database in all of its statements. */
  snapshot<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#within('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', work);
  }

  /** Runs work in one transaction; rolled back where it throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#within('BEGIN', work);
  }

  async #within<T>(begin: string, work: (queries: Queries) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((cause) => {
      throw asStoreError(cause);
    });
    let broken = false;
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (cause) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw asStoreError(cause);
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function asStoreError(cause: unknown): unknown {
  if (cause instanceof BatchLimitError) return cause;
  if (cause instanceof StoreError) return cause;
  const code = (cause as { code?: unknown }).code;
  // Errors of the network and of the pool carry no SQLSTATE or none at all; all of them heal by trying again.
  const full = code === diskFull;
  const message = full ? 'the storage is full' : `PostgreSQL: ${(cause as Error).message}`;
  return new StoreError(full ? 'storage-full' : 'storage-failed', message, { cause });
}

/**
 * Connects, brings the schema up to date and reads the store's id. Throws `StoreError` with code
 * `store-unusable`; the message never holds the password of the URL.
 */
export async function openPostgresDatabase(
  url: string,
): Promise<{ database: PostgresDatabase; storeId: string }> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    // Durable before the receipt, whatever the server's default is.
    options: '-c synchronous_commit=on',
  });
  // Idle connections that break are replaced; without a listener they would end the process.
  pool.on('error', () => {});
  const database = new PostgresDatabase(pool);
  try {
    const storeId = await database.transaction(migrate);
    return { database, storeId };
  } catch (cause) {
    await pool.end();
    throw new StoreError('store-unusable', `PostgreSQL store: ${(cause as Error).message}`, { cause });
  }
}

async function migrate(queries: Queries): Promise<string> {
  await queries.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
  await queries.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
  const found = await queries.query<{ version: number }>('SELECT version FROM schema_version');
  const version = found.rows[0]?.version ?? 0;
  if (version > migrations.length) {
    throw new StoreError(
      'store-unusable',
      `schema ${version} is newer than this gateway knows (${migrations.length}); update the gateway`,
    );
  }
  for (const step of migrations.slice(version)) await queries.query(step);
  await queries.query('DELETE FROM schema_version');
  await queries.query('INSERT INTO schema_version VALUES ($1)', [migrations.length]);
  await queries.query('INSERT INTO store (id) VALUES ($1) ON CONFLICT DO NOTHING', [
    randomBytes(8).toString('hex'),
  ]);
  const store = await queries.query<{ id: string }>('SELECT id FROM store');
  return store.rows[0]!.id;
}

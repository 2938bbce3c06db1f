import { join } from 'node:path';
import type { GatewayConfig } from './config.ts';
import type { GatewayStore } from './store/gateway-store.ts';
import { openPostgresCountStore } from './store/postgres/postgres-count-store.ts';
import { openSqliteCountStore } from './store/sqlite/sqlite-count-store.ts';

/** Where the SQLite database of a configuration lies. */
export function databaseFileOf(config: GatewayConfig): string {
  return join(config.dataDirectory, 'counts.sqlite');
}

/** Where seals are noted a second time; not beside backups of the database. */
export function sealFileOf(config: GatewayConfig): string {
  return config.sealFile ?? join(config.dataDirectory, 'seals.ndjson');
}

/** Opens the configured store. Rejects with a `StoreError` with code `store-unusable`. */
export async function openStore(config: GatewayConfig): Promise<GatewayStore> {
  return config.database === undefined
    ? openSqliteCountStore(databaseFileOf(config))
    : openPostgresCountStore(config.database.url);
}

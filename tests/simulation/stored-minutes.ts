import Database from 'better-sqlite3';
import pg from 'pg';
import type { Minute } from '../../gateway/store/minute.ts';
import type { KeptMinute } from '../../gateway/store/minute-chunk.ts';
import { SqliteMinutes } from '../../gateway/store/sqlite/sqlite-minutes.ts';
import type { Violation } from './ledger.ts';
import { epochSecondsAtStart } from './sim-process.ts';
import type { World } from './world.ts';

/** A stored minute with its key and what it shares with others. */
export interface StoredMinute extends KeptMinute {
  readonly epoch: string;
  readonly engine: string;
  readonly clock: string;
}

/** What a judge needs of a stored minute, whichever database has it. */
export type KeptRow = Minute & { readonly epoch: string };

/** All minutes in a PostgreSQL store that has packed none; none before the gateway has made its tables. */
export async function readPostgresMinutes(url: string): Promise<KeptRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query(`SELECT to_regclass('minutes') AS minutes`);
    if (tables[0]?.minutes === null) return [];
    const { rows } = await client.query(
      `SELECT epoch, sequence, start_ms, duration_ms, coverage_ms, flags, numbers, extra FROM minutes`,
    );
    return rows.map((row) => ({
      epoch: row.epoch,
      sequence: Number(row.sequence),
      startMs: Number(row.start_ms),
      durationMs: row.duration_ms,
      coverageMs: row.coverage_ms,
      flags: row.flags,
      values: row.numbers.map(Number),
      extra: row.extra,
    }));
  } finally {
    await client.end();
  }
}

/** Everything from 2020 to 2100: what lies outside is on no wire. */
const fromMs = Date.UTC(2020, 0, 1);
const toMs = Date.UTC(2100, 0, 1);

/** All minutes in a store's file. */
export function readStoredMinutes(file: string): StoredMinute[] {
  const database = new Database(file, { readonly: true });
  try {
    const minutes = new SqliteMinutes(database);
    const column = <Row>(sql: string) => database.prepare<[], Row>(sql).all();
    const epochs = column<{ epoch_key: number; epoch: string }>('SELECT epoch_key, epoch FROM epochs');
    const epochOf = new Map(epochs.map(({ epoch_key, epoch }) => [epoch_key, epoch]));
    const circumstances = column<{ circumstance_key: number; engine: string; clock: string }>(
      'SELECT circumstance_key, engine, clock FROM circumstances',
    );
    const circumstanceOf = new Map(circumstances.map((row) => [row.circumstance_key, row]));
    return column<{ sensor_key: number }>('SELECT sensor_key FROM sensors').flatMap(({ sensor_key }) =>
      minutes.read(sensor_key, fromMs, toMs).map((minute) => {
        const { engine, clock } = circumstanceOf.get(minute.circumstanceKey)!;
        return { ...minute, epoch: epochOf.get(minute.epochKey)!, engine, clock };
      }),
    );
  } finally {
    database.close();
  }
}

/** The hours are the sums of the minutes: nothing is added twice. */
export async function hoursDiffer(world: World, minutes: readonly StoredMinute[]): Promise<Violation[]> {
  const startMs = epochSecondsAtStart * 1000;
  const beginMs = startMs - (startMs % 86_400_000);
  const cells = await world.gateway.store?.readCells({
    device: world.device.name,
    sensor: 'door',
    kind: 'motion',
    fromMs: beginMs,
    toMs: beginMs + 366 * 86_400_000,
    cellSeconds: 3600,
  });
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const hours = sum((cells ?? []).map(({ activations }) => activations));
  const raw = sum(minutes.map(({ values }) => values[0]!));
  return raw === hours ? [] : [`the hours sum up to ${hours} activations, the minutes to ${raw}`];
}

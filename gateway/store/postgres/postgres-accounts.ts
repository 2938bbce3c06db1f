import { type AccountedRange, type Disposition, type EpochAccount, emptyAccount } from '../account.ts';
import { BatchLimitError, epochsPerDeviceMax } from '../count-store.ts';
import type { Queries } from './postgres-database.ts';

interface EpochRow {
  device: string;
  epoch: string;
  through: number;
  sent: number;
}
interface RangeRow {
  device: string;
  epoch: string;
  first: number;
  last: number;
  disposition: string;
}

/** The books of one device, or of all, oldest epoch first. */
export async function readAccounts(
  queries: Queries,
  device?: string,
  epoch?: string,
): Promise<EpochAccount[]> {
  const only = [device ?? null, epoch ?? null];
  const filter = '($1::text IS NULL OR device = $1) AND ($2::text IS NULL OR epoch = $2)';
  const epochs = await queries.query<EpochRow>(`SELECT * FROM epochs WHERE ${filter} ORDER BY opened`, only);
  const ranges = await queries.query<RangeRow>(
    `SELECT * FROM accounted WHERE ${filter} ORDER BY first`,
    only,
  );
  const reused = await queries.query<RangeRow>(
    `SELECT *, 'sequence-reused' AS disposition FROM reused WHERE ${filter} ORDER BY first`,
    only,
  );
  const [rangesOf, reusedOf] = [ranges, reused].map(({ rows }) => Map.groupBy(rows, bookOf));
  return epochs.rows.map((row) => ({
    device: row.device,
    epoch: row.epoch,
    through: row.through,
    sent: row.sent,
    ranges: (rangesOf!.get(bookOf(row)) ?? []).map(rangeOf),
    reused: (reusedOf!.get(bookOf(row)) ?? []).map(rangeOf),
  }));
}

/** The account of an epoch, opened where there is none, and locked until the transaction ends. */
export async function lockAccount(queries: Queries, device: string, epoch: string): Promise<EpochAccount> {
  await queries.query(
    'INSERT INTO epochs (device, epoch, through, sent) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING',
    [device, epoch],
  );
  await queries.query('SELECT 1 FROM epochs WHERE device = $1 AND epoch = $2 FOR UPDATE', [device, epoch]);
  const { rows } = await queries.query<{ epochs: number }>(
    'SELECT count(*) AS epochs FROM epochs WHERE device = $1',
    [device],
  );
  if ((rows[0]?.epochs ?? 0) > epochsPerDeviceMax) {
    throw new BatchLimitError(`more than ${epochsPerDeviceMax} epochs of one device`);
  }
  const [account] = await readAccounts(queries, device, epoch);
  return account ?? emptyAccount(device, epoch);
}

/** Notes how far a device says that it is; a device with too many epochs is not listened to. */
export async function hearAccount(
  queries: Queries,
  said: { device: string; epoch: string; sequence: number },
): Promise<void> {
  await queries.query(
    `INSERT INTO epochs (device, epoch, through, sent)
     SELECT $1::text, $2::text, 0, $3::bigint WHERE
       EXISTS (SELECT 1 FROM epochs WHERE device = $1 AND epoch = $2) OR
       (SELECT count(*) FROM epochs WHERE device = $1) < $4
     ON CONFLICT (device, epoch) DO UPDATE SET sent = greatest(epochs.sent, excluded.sent)`,
    [said.device, said.epoch, said.sequence, epochsPerDeviceMax],
  );
}

/** Writes what has changed: usually one row. */
export async function saveAccount(
  queries: Queries,
  before: EpochAccount,
  after: EpochAccount,
): Promise<void> {
  const { device, epoch } = after;
  if (before.through !== after.through || before.sent !== after.sent) {
    await queries.query('UPDATE epochs SET through = $3, sent = $4 WHERE device = $1 AND epoch = $2', [
      device,
      epoch,
      after.through,
      after.sent,
    ]);
  }
  for (const table of ['accounted', 'reused'] as const) {
    const name = table === 'accounted' ? 'ranges' : 'reused';
    const [had, kept] = [new Set(before[name]), new Set(after[name])];
    const dropped = before[name].filter((range) => !kept.has(range)).map(({ from }) => from);
    const added = after[name].filter((range) => !had.has(range));
    if (dropped.length > 0) {
      await queries.query(`DELETE FROM ${table} WHERE device = $1 AND epoch = $2 AND first = ANY($3)`, [
        device,
        epoch,
        dropped,
      ]);
    }
    if (added.length > 0) await addRanges(queries, { table, device, epoch, ranges: added });
  }
}

async function addRanges(
  queries: Queries,
  to: { table: 'accounted' | 'reused'; device: string; epoch: string; ranges: readonly AccountedRange[] },
): Promise<void> {
  const { table, device, epoch, ranges } = to;
  const columns = [ranges.map(({ from }) => from), ranges.map((range) => range.to)];
  const dispositions = ranges.map(({ disposition }) => disposition);
  if (table === 'reused') {
    await queries.query('INSERT INTO reused SELECT $1, $2, * FROM unnest($3::bigint[], $4::bigint[])', [
      device,
      epoch,
      ...columns,
    ]);
  } else {
    await queries.query(
      'INSERT INTO accounted SELECT $1, $2, * FROM unnest($3::bigint[], $4::bigint[], $5::text[])',
      [device, epoch, ...columns, dispositions],
    );
  }
}

function bookOf({ device, epoch }: { device: string; epoch: string }): string {
  return `${device}/${epoch}`;
}

function rangeOf(row: RangeRow): AccountedRange {
  return { from: row.first, to: row.last, disposition: row.disposition as Disposition };
}

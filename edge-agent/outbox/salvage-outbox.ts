import Database from 'better-sqlite3';
import { type Accounted, nothingAccounted } from './accounted-ranges.ts';
import { type IntervalRow, type RowSource, rowChecksum } from './interval-row.ts';
import type { EpochReason } from './outbox.ts';

/** One interval out of a damaged file. */
interface SalvagedRow {
  readonly row: IntervalRow;
  readonly source: RowSource;
  readonly boot: string;
}

/** What could be read of one epoch, ascending by sequence; at least one row. */
export interface SalvagedEpoch {
  readonly epoch: string;
  readonly reason: EpochReason;
  readonly device: string;
  readonly accounted: Accounted;
  readonly rows: readonly SalvagedRow[];
}

/** Pages are read one sequence at a time past damage; a gap wider than this ends the search of an epoch. */
const gapSequencesMax = 5_000;

interface ReadRow extends IntervalRow {
  readonly source: string;
  readonly boot: string;
  readonly checksum: number;
}

/**
 * Reads what is left of a damaged outbox: intervals with a sound checksum that no noted receipt
 * covers, under their old keys, so that one that did arrive is recognised. Never throws: a file that
 * says nothing any more gives nothing.
 */
export function salvageOutbox(file: string): SalvagedEpoch[] {
  let database: Database.Database;
  try {
    database = new Database(file, { fileMustExist: true });
  } catch {
    return [];
  }
  try {
    const epochs = attempt(
      () =>
        database.prepare('SELECT id, epoch, reason, device, accounted FROM epoch ORDER BY id').all() as {
          id: number;
          epoch: string;
          reason: EpochReason;
          device: string;
          accounted: string;
        }[],
      [],
    );
    return epochs
      .map(({ id, accounted: text, ...epoch }) => {
        const accounted = attempt(() => JSON.parse(text) as Accounted, nothingAccounted);
        return { ...epoch, accounted, rows: salvageRows(database, id, accounted.through) };
      })
      .filter(({ rows }) => rows.length > 0);
  } finally {
    attempt(() => database.close(), database);
  }
}

/** Walks along the sequences; where a page cannot be read it feels its way to the next that can. */
function salvageRows(database: Database.Database, epoch: number, through: number): SalvagedRow[] {
  const prepare = (condition: string, origin: string) =>
    attempt(
      () =>
        database.prepare(`SELECT sequence, at_ms AS atMs, start_ms AS startMs, duration_ms AS durationMs,
          coverage_ms AS coverageMs, flags, synced, numbers, checksum, ${origin}, source.source AS source, boot.boot AS boot
          FROM interval JOIN source ON source.id = interval.source JOIN boot ON boot.id = interval.boot
          WHERE interval.epoch = ? AND ${condition}`),
      null,
    );
  const select = (condition: string) =>
    // The first version of the file had no such column.
    prepare(condition, 'origin') ?? prepare(condition, 'NULL AS origin');
  const following = select('sequence > ? ORDER BY sequence LIMIT 1');
  const exact = select('sequence = ?');
  if (following === null || exact === null) return [];
  const rows: SalvagedRow[] = [];
  let last = through;
  for (let missing = 0; missing < gapSequencesMax; ) {
    const row = attempt(
      () => following.get(epoch, last) as ReadRow | undefined,
      attempt(() => exact.get(epoch, last + 1) as ReadRow | undefined, undefined),
    );
    if (row === undefined) {
      last += 1;
      missing += 1;
      continue;
    }
    missing = 0;
    last = Math.max(row.sequence, last + 1);
    const sound = attempt(() => salvaged(row), null);
    if (sound !== null) rows.push(sound);
  }
  return rows;
}

function salvaged(read: ReadRow): SalvagedRow | null {
  const { source, boot, checksum, ...row } = read;
  if (rowChecksum(row) !== checksum) return null;
  return { row, source: JSON.parse(source) as RowSource, boot };
}

function attempt<Result>(work: () => Result, otherwise: Result): Result {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

import type { AdmittedBatch, AdmittedInterval } from '../count-store.ts';
import { isSameMinute, minuteOf } from '../minute.ts';
import type { DayMinute } from '../packed-day.ts';
import type { BatchPlaces, FoundRow, Twin } from '../settle-batch.ts';
import type { Queries } from './postgres-database.ts';
import { dayName, readPackedDays } from './postgres-packed-days.ts';

interface PlacedRow {
  readonly place: string;
  readonly epoch: string;
  readonly sequence: number;
  readonly hash: string;
}

interface OriginRow {
  readonly origin: string;
  readonly epoch: string;
  readonly sequence: number;
}

export interface PostgresPlaces extends Pick<BatchPlaces, 'find' | 'twin'> {
  /** By `dayName`. */
  readonly packed: ReadonlyMap<string, readonly DayMinute[]>;
}

/** What stands at the places of a batch's intervals, as rows and in packed days. */
export async function findPlaces(queries: Queries, batch: AdmittedBatch): Promise<PostgresPlaces> {
  const rows = Map.groupBy(await readPlaces(queries, batch), ({ place }) => place);
  // After the rows: what is packed in between is found here.
  const packed = await readPackedDays(
    queries,
    batch.device,
    batch.intervals.map(({ interval }) => interval),
  );
  const packedAt = ({ interval }: AdmittedInterval) =>
    packed.get(dayName(interval, Date.parse(interval.start))) ?? [];
  const estimated = batch.intervals.filter(isRestampable);
  const origins = estimated.length === 0 ? new Map() : await readOrigins(queries, batch, estimated);
  return {
    packed,
    find: (admitted): FoundRow => {
      const { interval } = admitted;
      const isIt = (row: { epoch: string; sequence: number }) =>
        row.epoch === batch.epoch && row.sequence === interval.sequence;
      const row = rows.get(placeOf(interval))?.find(isIt);
      if (row !== undefined) return BigInt(row.hash);
      return packedAt(admitted).some(isIt) ? 'packed' : null;
    },
    twin: (admitted): Twin => {
      const hash = admitted.hash.toString();
      if (rows.get(placeOf(admitted.interval))?.some((row) => row.hash === hash)) return 'another';
      const minute = minuteOf(admitted.interval);
      if (packedAt(admitted).some((row) => isSameMinute(row, minute))) return 'another';
      const key = isRestampable(admitted) ? origins.get(originOf(admitted)) : undefined;
      if (key === undefined) return null;
      return key.epoch === batch.epoch && key.sequence === admitted.interval.sequence ? 'own' : 'another';
    },
  };
}

/** Notes what the stored intervals are whose start was worked out afterwards. */
export async function noteOrigins(
  queries: Queries,
  batch: AdmittedBatch,
  stored: readonly AdmittedInterval[],
): Promise<void> {
  const restampable = stored.filter(isRestampable).map(({ interval }) => interval);
  if (restampable.length === 0) return;
  await queries.query(
    `INSERT INTO origins
     SELECT $1, sensor, kind, origin, $2, sequence, start_ms
     FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
       AS sent (sensor, kind, origin, sequence, start_ms)
     ON CONFLICT DO NOTHING`,
    [
      batch.device,
      batch.epoch,
      restampable.map(({ sensor }) => sensor),
      restampable.map(({ kind }) => kind),
      restampable.map(({ origin }) => origin),
      restampable.map(({ sequence }) => sequence),
      restampable.map(({ start }) => Date.parse(start)),
    ],
  );
}

type Placed = Pick<AdmittedInterval['interval'], 'sensor' | 'kind' | 'start'>;

function placeOf({ sensor, kind, start }: Placed): string {
  return `${sensor}/${kind}/${Date.parse(start)}`;
}

function originOf({ interval: { sensor, kind, origin } }: AdmittedInterval): string {
  return `${sensor}/${kind}/${origin}`;
}

/** A start that came from a clock never changes: such an interval is found at its place. */
function isRestampable({ interval }: AdmittedInterval): boolean {
  return interval.origin !== undefined && interval.clock === 'estimated';
}

async function readPlaces(queries: Queries, batch: AdmittedBatch): Promise<PlacedRow[]> {
  const { rows } = await queries.query<PlacedRow>(
    `SELECT sensor || '/' || kind || '/' || start_ms AS place, epoch, sequence, hash::text AS hash
     FROM minutes JOIN (SELECT DISTINCT * FROM unnest($2::text[], $3::text[], $4::bigint[])
       AS sent (sensor, kind, start_ms)) AS sent USING (sensor, kind, start_ms)
     WHERE device = $1`,
    [
      batch.device,
      batch.intervals.map(({ interval }) => interval.sensor),
      batch.intervals.map(({ interval }) => interval.kind),
      batch.intervals.map(({ interval }) => Date.parse(interval.start)),
    ],
  );
  return rows;
}

async function readOrigins(
  queries: Queries,
  batch: AdmittedBatch,
  estimated: readonly AdmittedInterval[],
): Promise<Map<string, OriginRow>> {
  const { rows } = await queries.query<OriginRow>(
    `SELECT sensor || '/' || kind || '/' || origin AS origin, epoch, sequence FROM origins
     WHERE device = $1 AND origin = ANY($2::text[])`,
    [batch.device, estimated.map(({ interval }) => interval.origin)],
  );
  return new Map(rows.map((row) => [row.origin, row]));
}

import { createHash } from 'node:crypto';
import type { CrossingInterval } from '../../contract/count-batch.ts';
import { noProfileHash } from '../../contract/site-profile.ts';
import type { AdmittedInterval, CountStore } from '../../store/count-store.ts';
import { streetSlot } from '../../values/site-plan.ts';
import { intervalHash } from '../interval-hash.ts';
import { ImportError } from './csv-records.ts';
import { readSeries, type SeriesFormat, type SeriesPoint } from './series-formats.ts';

export interface SeriesSource {
  readonly format: SeriesFormat;
  /** Names the file; the same content under another name is the same import. */
  readonly open: () => AsyncIterable<Uint8Array>;
  readonly receivedAtMs: number;
}

export interface ImportedSeries {
  readonly device: string;
  readonly points: number;
  readonly stored: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A town has some dozens of street counters; each takes memory while a file is read. */
const seriesMax = 500;
/** One transaction a batch; a year of hours is six. */
const batchRows = 1_500;
/** A street counter's slot says so, and its automatic line is one of a street. */
const slotOf = { wuerzburg: 'series', hystreet: streetSlot, calit2: 'series' } as const;

/**
 * Imports a file as one device `import-<place>` with the sensor `series` for each place. The file is
 * read twice: nothing is written before all of it has been understood. Imported again, nothing
 * changes. Standard errors are 0, since the file states none; a cell longer than an interval of ours
 * stands at its start. Throws an `ImportError`.
 */
export async function importSeries(store: CountStore, source: SeriesSource): Promise<ImportedSeries[]> {
  const epoch = await check(source);
  const places = new Map<string, Place>();
  for await (const point of readSeries(source.format, source.open())) {
    const device = `import-${point.series}`.slice(0, 63);
    let place = places.get(device);
    if (place === undefined) {
      const slot = slotOf[source.format];
      place = new Place(store, { device, epoch, receivedAtMs: source.receivedAtMs, slot });
      places.set(device, place);
    }
    await place.add(point);
  }
  const imported: ImportedSeries[] = [];
  for (const place of places.values()) imported.push(await place.finish());
  return imported;
}

/** Understands the whole file and gives its epoch: a hash of what it says. */
async function check({ format, open }: SeriesSource): Promise<string> {
  const hash = createHash('sha256');
  const lastOf = new Map<string, number>();
  for await (const point of readSeries(format, open())) {
    const last = lastOf.get(point.series) ?? Number.NEGATIVE_INFINITY;
    if (point.startMs < last)
      throw new ImportError(point.line, 'overlaps the cell before it, or is not in order');
    if (lastOf.size >= seriesMax && !lastOf.has(point.series))
      throw new ImportError(point.line, `more than ${seriesMax} places in one file`);
    lastOf.set(point.series, point.startMs + point.durationSeconds * 1000);
    hash.update(`${point.series} ${point.startMs} ${point.in} ${point.out}\n`);
  }
  if (lastOf.size === 0) throw new ImportError(1, 'there is nothing in it');
  return hash.digest('hex').slice(0, 16);
}

interface PlaceOf {
  readonly device: string;
  readonly epoch: string;
  readonly receivedAtMs: number;
  readonly slot: string;
}

class Place {
  readonly #store: CountStore;
  readonly #of: PlaceOf;
  #batch: AdmittedInterval[] = [];
  #points = 0;
  #stored = 0;
  #fromMs = 0;
  #untilMs = 0;

  constructor(store: CountStore, of: PlaceOf) {
    this.#store = store;
    this.#of = of;
  }

  async add(point: SeriesPoint): Promise<void> {
    if (this.#points === 0) this.#fromMs = point.startMs;
    this.#points += 1;
    this.#untilMs = point.startMs + point.durationSeconds * 1000;
    const interval = importedInterval(point, { sequence: this.#points, slot: this.#of.slot });
    this.#batch.push({ interval, hash: intervalHash(interval) });
    if (this.#batch.length >= batchRows) await this.#commit();
  }

  async finish(): Promise<ImportedSeries> {
    if (this.#batch.length > 0) await this.#commit();
    const { device } = this.#of;
    return {
      device,
      points: this.#points,
      stored: this.#stored,
      fromMs: this.#fromMs,
      untilMs: this.#untilMs,
    };
  }

  async #commit(): Promise<void> {
    const { slot: _, ...of } = this.#of;
    const batch = { ...of, oldestHeld: 1, refused: [], intervals: this.#batch };
    this.#stored += (await this.#store.commitBatch(batch)).stored;
    this.#batch = [];
  }
}

/** A cell of somebody else's series as an interval of ours, with no error since they state none. */
export function importedInterval(
  point: Pick<SeriesPoint, 'startMs' | 'durationSeconds' | 'in' | 'out'>,
  { sequence, slot }: { sequence: number; slot: string },
): CrossingInterval {
  return {
    kind: 'crossing',
    sequence,
    sensor: slot,
    start: new Date(point.startMs).toISOString(),
    durationSeconds: point.durationSeconds,
    coverageSeconds: point.durationSeconds,
    flags: [],
    engine: 'import/1',
    profile: noProfileHash,
    clock: 'estimated',
    in: point.in,
    out: point.out,
    standardErrorIn: 0,
    standardErrorOut: 0,
    rejected: {},
  };
}

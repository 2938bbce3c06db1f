import type { CrossingCounts } from '../../../contract/http-api.ts';
import type { PublishedCounts } from '../../../contract/published-api.ts';
import { cellsOf, localDay, localPeriod, type Span } from '../../../values/local-time.ts';
import { audienceCounts } from '../audience-counts.ts';
import { isoTime } from '../iso-time.ts';
import { keptSince } from '../line-source.ts';
import { type CountEntities, entity, type Stream, streamId } from './count-entities.ts';
import { type Entity, type EntitySource, entityTypes } from './entity.ts';

const dayMs = 86_400_000;
/** Days that are read at a time, so that a page of the newest hours does not read all years. */
const daysAtOnce: Readonly<Record<string, number>> = {
  '5m': 7,
  '15m': 28,
  '1h': 98,
  '1d': 1_400,
  '1w': 1_400,
};

type Cell = (CrossingCounts | PublishedCounts)['cells'][number];

/** The cells of one series as observations, in order of time or against it. */
export function observationsOf(entities: CountEntities, stream: Stream): EntitySource {
  return {
    type: entityTypes.get('Observations')!,
    inTime: true,
    async *read({ fromMs, toMs, descending }) {
      const whole = await entities.spanOf(stream.line.id);
      if (whole === null) return;
      const from = Math.max(whole.fromMs, fromMs ?? whole.fromMs);
      // Against the order of time a cell that begins at the end of the bounds is no harm.
      const to = Math.min(whole.toMs, toMs ?? whole.toMs);
      if (from > to) return;
      const parts = chunksOf({ fromMs: from, toMs: to }, stream);
      if (descending) parts.reverse();
      for (const part of parts) {
        const cells = await cellsIn(entities, stream, part);
        if (descending) cells.reverse();
        for (const cell of cells) yield observation(entities, stream, cell);
      }
    },
    find: async (id) => {
      const start = startOf(stream, id);
      const cells = start === null ? [] : await cellsIn(entities, stream, weekOf(start, stream));
      const found = cells.find((one) => Date.parse(one.start) === start);
      return found === undefined ? null : observation(entities, stream, found);
    },
  };
}

/** One series after the other. */
export function allObservations(entities: CountEntities, streams: readonly Stream[]): EntitySource {
  return {
    type: entityTypes.get('Observations')!,
    inTime: false,
    async *read() {
      for (const stream of streams) {
        yield* observationsOf(entities, stream).read({ fromMs: null, toMs: null, descending: false });
      }
    },
    find: async (id) => {
      const stream = streams.find((one) => id.startsWith(`${streamId(one)}~`));
      return stream === undefined ? null : observationsOf(entities, stream).find(id);
    },
  };
}

async function cellsIn(
  entities: CountEntities,
  { line, site, resolution }: Stream,
  range: Span,
): Promise<Cell[]> {
  const { parts, sight, known } = entities.caller;
  const shared = sight.sharedPart(line.id, range, resolution);
  if (shared === null) return [];
  // What is not shared, and what retention has deleted of the owner's, holds no observations.
  const since = sight.seesObserved ? keptSince(resolution, known.directory.deletedBeforeMs) : 0;
  const fromMs = Math.max(shared.fromMs, since);
  const cells = cellsOf(range, resolution, site.timeZone).filter(
    (cell) => cell.fromMs >= fromMs && cell.toMs <= shared.toMs,
  );
  if (cells.length === 0) return [];
  const asked = { range: { fromMs: cells[0]!.fromMs, toMs: cells.at(-1)!.toMs }, resolution, known };
  const counts = await audienceCounts({ ...parts, sight }, line.id, asked);
  return [...counts.cells];
}

function observation(entities: CountEntities, stream: Stream, cell: Cell): Entity {
  const { direction } = stream;
  const startMs = Date.parse(cell.start);
  const end = isoTime(startMs + cell.seconds * 1000);
  const error = direction === 'in' ? cell.standardErrorIn : cell.standardErrorOut;
  const json = async () => ({
    phenomenonTime: `${cell.start}/${end}`,
    resultTime: end,
    result: cell[direction],
    resultQuality: error === null ? null : { nameOfMeasure: 'standard error', value: error },
    parameters: {
      coverage: cell.coverage,
      value: entities.value,
      ...('open' in cell ? { draws: cell.draws, open: cell.open } : { flags: cell.flags ?? [] }),
    },
  });
  const id = `${streamId(stream)}~${cell.start.replace(/[-:]/g, '')}`;
  return entity('Observations', id, json, {
    one: {
      Datastream: async () => entities.datastream(stream),
      FeatureOfInterest: async () => entities.feature(stream.line),
    },
  });
}

/** Whole local days, or weeks, that cover a range, a handful of months at a time. */
function chunksOf(range: Span, stream: Stream): Span[] {
  const chunks: Span[] = [];
  const lengthMs = daysAtOnce[stream.resolution]! * dayMs;
  let { fromMs } = weekOf(range.fromMs, stream);
  do {
    const last = Math.max(fromMs, Math.min(fromMs + lengthMs, range.toMs) - 1);
    const { toMs } = weekOf(last, stream);
    chunks.push({ fromMs, toMs });
    fromMs = toMs;
  } while (fromMs < range.toMs);
  return chunks;
}

/** The day in which a moment lies, or the week where cells are weeks. */
function weekOf(atMs: number, { site, resolution }: Stream): Span {
  return resolution === '1w' ? localPeriod(atMs, '1w', site.timeZone) : localDay(atMs, site.timeZone);
}

function startOf(stream: Stream, id: string): number | null {
  const compact = id.slice(streamId(stream).length + 1);
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(compact);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(atMs) ? null : atMs;
}

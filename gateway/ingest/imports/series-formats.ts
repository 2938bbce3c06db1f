import { localMoment } from '../../values/local-time.ts';
import { ImportError, readCsvRecords } from './csv-records.ts';

/** One counted cell of somebody else's series. */
export interface SeriesPoint {
  readonly line: number;
  /** A name that is safe as a device name; one for each place the file counts at. */
  readonly series: string;
  readonly startMs: number;
  readonly durationSeconds: number;
  readonly in: number;
  readonly out: number;
}

export const seriesFormats = ['wuerzburg', 'hystreet', 'calit2'] as const;
export type SeriesFormat = (typeof seriesFormats)[number];

/** Reads a file of a format point by point, in the order of the file. Throws an `ImportError`. */
export function readSeries(
  format: SeriesFormat,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<SeriesPoint> {
  switch (format) {
    case 'wuerzburg':
      return readWuerzburg(chunks);
    case 'hystreet':
      return readHystreet(chunks);
    case 'calit2':
      return readCalit2(chunks);
  }
}

/**
 * Hourly street counts as the city of Würzburg publishes them: semicolons, times with their offset,
 * a total and for some months its two directions. Where the directions do not make up the total,
 * the total stands as `in`.
 */
async function* readWuerzburg(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SeriesPoint> {
  let head: ReadonlyMap<string, number> | null = null;
  for await (const { line, fields } of readCsvRecords(chunks, ';')) {
    if (head === null) {
      head = headOf(fields, ['Zeitstempel', 'Passanten', 'Location Name']);
      continue;
    }
    const field = (name: string) => fields[head!.get(name) ?? -1] ?? '';
    const total = countOf(field('Passanten'), line);
    const [ltr, rtl] = [field('Passanten ltr'), field('Passanten rtl')];
    const directed = ltr !== '' && rtl !== '' && countOf(ltr, line) + countOf(rtl, line) === total;
    yield {
      line,
      series: slug(field('Location Name'), line),
      startMs: offsetTime(field('Zeitstempel'), line),
      durationSeconds: 3600,
      in: directed ? Number(ltr) : total,
      out: directed ? Number(rtl) : 0,
    };
  }
}

/**
 * Hourly counts in the columns of hystreet, as the city of Zürich publishes them: commas, times with
 * their offset. Where the directions do not make up the total, the total stands as `in`.
 */
async function* readHystreet(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SeriesPoint> {
  let head: ReadonlyMap<string, number> | null = null;
  for await (const { line, fields } of readCsvRecords(chunks, ',')) {
    if (head === null) {
      head = headOf(fields, ['timestamp', 'location_name', 'pedestrians_count']);
      continue;
    }
    const field = (name: string) => fields[head!.get(name) ?? -1] ?? '';
    const total = countOf(field('pedestrians_count'), line);
    const [ltr, rtl] = [field('ltr_pedestrians_count'), field('rtl_pedestrians_count')];
    const directed = ltr !== '' && rtl !== '' && countOf(ltr, line) + countOf(rtl, line) === total;
    yield {
      line,
      series: slug(field('location_name'), line),
      startMs: offsetTime(field('timestamp'), line),
      durationSeconds: 3600,
      in: directed ? Number(ltr) : total,
      out: directed ? Number(rtl) : 0,
    };
  }
}

/** Half hours of CalIt2 (UCI 10.24432/C5NG78): flow 9 is in, 7 is out, local time of Irvine. */
async function* readCalit2(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SeriesPoint> {
  for await (const { line, fields } of readCsvRecords(chunks, ',')) {
    const [flow, date = '', time = '', count = ''] = fields;
    if (flow !== '7' && flow !== '9') throw new ImportError(line, 'the flow is neither 7 nor 9');
    const [, month, day, year] = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(date) ?? [];
    const startMs =
      year === undefined ? null : localMoment(`20${year}-${month}-${day}T${time}`, 'America/Los_Angeles');
    if (startMs === null) throw new ImportError(line, `"${date} ${time}" is not a time`);
    const people = countOf(count, line);
    const counts = flow === '9' ? { in: people, out: 0 } : { in: 0, out: people };
    yield { line, series: `door-flow-${flow}`, startMs, durationSeconds: 1800, ...counts };
  }
}

export function headOf(fields: readonly string[], needed: readonly string[]): ReadonlyMap<string, number> {
  const head = new Map(fields.map((name, index) => [name.replace(/^\uFEFF/, '').trim(), index]));
  for (const name of needed) {
    if (!head.has(name)) throw new ImportError(1, `there is no column "${name}"`);
  }
  return head;
}

/** RFC 3339 with its offset: without one, the repeated hour of autumn would be one hour. */
export function offsetTime(text: string, line: number): number {
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.0{1,3})?([+-]\d\d:\d\d|Z)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(moment)) throw new ImportError(line, 'not a time with its offset');
  return moment;
}

function countOf(text: string, line: number): number {
  if (!/^\d{1,7}$/.test(text)) throw new ImportError(line, 'not a count');
  return Number(text);
}

function slug(name: string, line: number): string {
  const plain = name
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, (part) => (/^[\u0300-\u036f]+$/.test(part) ? '' : '-'))
    .replace(/^-|-$/g, '');
  if (plain === '' || plain.length > 50) throw new ImportError(line, 'the place has no usable name');
  return plain;
}

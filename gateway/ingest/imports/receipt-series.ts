import type { RecordStore } from '../../store/record-store.ts';
import { localDay, localMoment } from '../../values/local-time.ts';
import { ImportError, readCsvRecords } from './csv-records.ts';

/** Receipts of an hour; nothing of what was bought, by whom, for how much. */
export interface ReceiptHour {
  readonly start: string;
  readonly receipts: number;
}

/** Record `receipts-month`: the hours of one site in one UTC month about which an upload said something. */
export interface ReceiptsMonth {
  readonly site: string;
  readonly hours: readonly ReceiptHour[];
}

export interface ReceiptSource {
  readonly site: string;
  /** Times without an offset are of this zone. */
  readonly timeZone: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly atMs: number;
}

export interface ImportedReceipts {
  readonly receipts: number;
  readonly hours: number;
}

const hourMs = 3_600_000;
/** More receipts an hour than this at one shop are amounts in the wrong column. */
const receiptsMax = 100_000;
/** A header is a line of a few words; what goes on without a line end is no CSV. */
const headerBytesMax = 65_536;

/** Names of columns in both languages, in lower case. */
const columnNames = {
  time: [
    'time',
    'timestamp',
    'start',
    'hour',
    'datetime',
    'zeit',
    'zeitpunkt',
    'zeitstempel',
    'stunde',
    'beginn',
  ],
  date: ['date', 'day', 'datum', 'tag', 'belegdatum'],
  clock: ['clock', 'time of day', 'uhrzeit', 'belegzeit'],
  count: ['receipts', 'count', 'transactions', 'bons', 'belege', 'kassenbons', 'anzahl'],
} as const;
type Column = keyof typeof columnNames;

/**
 * Imports receipts of a site from CSV: a row for each hour with its number of receipts, or a row for
 * each receipt with its time. Commas and semicolons, English and German names of columns, times as
 * `2026-03-07T14:05:00+01:00`, `2026-03-07 14:05` or `07.03.2026 14:05`, in one column or as date and
 * clock. Other columns are not read. Of a day with receipts one by one every hour is known, those
 * without any as 0. An hour that is there already is replaced. All or nothing. Throws an `ImportError`.
 */
export async function importReceipts(records: RecordStore, source: ReceiptSource): Promise<ImportedReceipts> {
  const hours = await readReceipts(source);
  const months = Map.groupBy(hours, ([startMs]) => new Date(startMs).toISOString().slice(0, 7));
  const kept = new Map(
    (await records.readRecords('receipts-month')).map(({ id, body }) => [id, body as ReceiptsMonth]),
  );
  const bodies = [...months].map(([month, list]) => {
    const id = `${source.site}-${month}`;
    const merged = new Map(kept.get(id)?.hours.map(({ start, receipts }) => [Date.parse(start), receipts]));
    for (const [startMs, receipts] of list) merged.set(startMs, receipts);
    const sorted = [...merged].sort(([left], [right]) => left - right);
    const body: ReceiptsMonth = {
      site: source.site,
      hours: sorted.map(([startMs, receipts]) => ({ start: new Date(startMs).toISOString(), receipts })),
    };
    return { kind: 'receipts-month' as const, id, body };
  });
  await records.put(bodies, source.atMs);
  return { receipts: [...hours.values()].reduce((sum, count) => sum + count, 0), hours: hours.size };
}

/** Receipts by the start of their hour. */
async function readReceipts({ chunks, timeZone }: ReceiptSource): Promise<Map<number, number>> {
  const { delimiter, all } = await withDelimiter(chunks);
  const hours = new Map<number, number>();
  let head: Partial<Record<Column, number>> | null = null;
  let last = 1;
  for await (const { line, fields } of readCsvRecords(all, delimiter)) {
    last = line;
    if (head === null) {
      head = columnsOf(fields, line);
      continue;
    }
    const atMs = momentOf(head, fields, { line, timeZone });
    const startMs = hourOf(atMs, timeZone);
    if (head.count === undefined) {
      if (!hours.has(startMs)) openDay(hours, atMs, timeZone);
      hours.set(startMs, (hours.get(startMs) ?? 0) + 1);
      continue;
    }
    if (atMs !== startMs)
      throw new ImportError(line, 'an hour with a number of receipts begins at its full hour');
    if (hours.has(startMs)) throw new ImportError(line, 'an hour that is there twice');
    hours.set(startMs, receiptsOf(fields[head.count] ?? '', line));
  }
  if (hours.size === 0) throw new ImportError(last, 'there is no receipt in it');
  return hours;
}

/** All hours of a day are known from its first receipt on. */
function openDay(hours: Map<number, number>, atMs: number, timeZone: string): void {
  const { fromMs, toMs } = localDay(atMs, timeZone);
  for (let startMs = fromMs; startMs < toMs; startMs += hourMs) {
    if (!hours.has(startMs)) hours.set(startMs, 0);
  }
}

/** Hours are counted from local midnight, so that zones half an hour off have whole ones, too. */
function hourOf(atMs: number, timeZone: string): number {
  const { fromMs } = localDay(atMs, timeZone);
  return atMs - ((atMs - fromMs) % hourMs);
}

function columnsOf(fields: readonly string[], line: number): Partial<Record<Column, number>> {
  const names = fields.map((field) =>
    field
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase(),
  );
  const found: Partial<Record<Column, number>> = {};
  for (const [column, known] of Object.entries(columnNames) as [Column, readonly string[]][]) {
    const at = names.findIndex((name) => known.includes(name));
    if (at >= 0) found[column] = at;
  }
  if (found.time === undefined && (found.date === undefined || found.clock === undefined)) {
    throw new ImportError(line, 'there is no column "time" or "Zeit", nor "Datum" and "Uhrzeit"');
  }
  return found;
}

function momentOf(
  head: Partial<Record<Column, number>>,
  fields: readonly string[],
  at: { line: number; timeZone: string },
): number {
  const text =
    head.time === undefined
      ? `${fields[head.date!]} ${fields[head.clock!]}`
      : head.date === undefined
        ? (fields[head.time] ?? '')
        : // "Datum;Stunde": the time is a clock.
          `${fields[head.date]} ${fields[head.time]}`;
  const moment = momentOfText(text.trim(), at.timeZone);
  if (moment === null) throw new ImportError(at.line, 'not a time like 2026-03-07 14:05 or 07.03.2026 14:05');
  return moment;
}

function momentOfText(text: string, timeZone: string): number | null {
  const whole = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,3})?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  const german = /^(\d\d?)\.(\d\d?)\.(\d{4}),? (\d\d?):(\d\d)(:\d\d)?(?: Uhr)?$/.exec(text);
  const two = (part: string | undefined) => (part ?? '').padStart(2, '0');
  if (whole?.[5] !== undefined) {
    const moment = Date.parse(text.replace(' ', 'T'));
    return Number.isNaN(moment) ? null : moment;
  }
  if (whole) return localMoment(`${whole[1]}T${whole[2]}${whole[3] ?? ':00'}`, timeZone);
  if (!german) return null;
  const [, day, month, year, hour, minute, second = ':00'] = german;
  return localMoment(`${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}${second}`, timeZone);
}

function receiptsOf(text: string, line: number): number {
  if (!/^\d{1,6}$/.test(text.trim()) || Number(text) > receiptsMax)
    throw new ImportError(line, 'not a number of receipts');
  return Number(text);
}

/** The header tells whether fields are between commas or semicolons. */
async function withDelimiter(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ delimiter: ',' | ';'; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let text = '';
  while (!text.includes('\n') && text.length < headerBytesMax) {
    const { value, done } = await iterator.next();
    if (done) break;
    held.push(value);
    text += Buffer.from(value).toString('latin1');
  }
  async function* all() {
    yield* held;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  const header = text.split('\n', 1)[0]!;
  return { delimiter: header.includes(';') ? ';' : ',', all: all() };
}

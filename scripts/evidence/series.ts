import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrossingCounts, Resolution } from '../../gateway/contract/http-api.ts';
import { importSeries } from '../../gateway/ingest/imports/import-series.ts';
import type { SeriesFormat } from '../../gateway/ingest/imports/series-formats.ts';
import { RunningTotals } from '../../gateway/ingest/running-totals.ts';
import {
  openSqliteCountStore,
  type SqliteCountStore,
} from '../../gateway/store/sqlite/sqlite-count-store.ts';
import { localPeriod, startOfDate } from '../../gateway/values/local-time.ts';
import { CountsReader } from '../../gateway/web/api/counts-reader.ts';
import { hashLine, table } from './markdown-table.ts';

/**
 * Two real series go through the importer, the store and the reader of the HTTP interface; their
 * months and weeks are compared with sums made from the files' text alone.
 */

const defaultFolder = join(import.meta.dirname, '../../../shared/data');
const wuerzburg = 'series/wuerzburg_2024_hourly_3stations.csv';
const calit2 = 'door/uci_calit2_door_counts_30min.data';

interface SeriesEvidence {
  readonly series: string;
  readonly periods: number;
  readonly people: number;
  /** Periods whose total differs from the file's. */
  readonly different: number;
  /** Hours of the range about which the file says nothing. */
  readonly missingHours: readonly string[];
}

/** Measures on the files below `folder`. */
async function measure(folder: string): Promise<{ rows: SeriesEvidence[]; clockChange: string[] }> {
  const rows: SeriesEvidence[] = [];
  const clockChange: string[] = [];
  await withImport(join(folder, wuerzburg), 'wuerzburg', 'Europe/Berlin', async (reader, lines) => {
    for (const line of lines) {
      const months = wuerzburgMonths(readFileSync(join(folder, wuerzburg), 'utf8'), line);
      rows.push(
        await compare(reader, line, {
          resolution: '1mo',
          expected: months,
          timeZone: 'Europe/Berlin',
          from: '2024-01-01',
          to: '2025-01-01',
        }),
      );
      clockChange.push(await clockChangeOf(reader, line));
    }
  });
  await withImport(join(folder, calit2), 'calit2', 'America/Los_Angeles', async (reader, lines) => {
    for (const line of lines) {
      const weeks = calit2Weeks(
        readFileSync(join(folder, calit2), 'utf8'),
        line.includes('flow-9') ? '9' : '7',
      );
      rows.push(
        await compare(reader, line, {
          resolution: '1w',
          expected: weeks,
          timeZone: 'America/Los_Angeles',
          from: '2005-07-18',
          to: '2005-11-07',
        }),
      );
    }
  });
  return { rows, clockChange };
}

export interface SeriesEvidenceOptions {
  readonly folder?: string;
}

/** Imports, compares and reports as Markdown lines. */
export async function run({ folder = defaultFolder }: SeriesEvidenceOptions = {}): Promise<string[]> {
  const { rows, clockChange } = await measure(folder);
  return [
    hashLine(join(folder, wuerzburg)),
    hashLine(join(folder, calit2)),
    '',
    ...table(
      [
        'series',
        'months or weeks',
        'people',
        'that differ from the file',
        'hours missing',
        'the first of them',
      ],
      rows.map(({ series, periods, people, different, missingHours }) => [
        series,
        periods,
        people,
        different,
        missingHours.length,
        missingHours.slice(0, 3).join(', ') || '-',
      ]),
    ),
    '',
    ...clockChange,
  ];
}

async function withImport(
  file: string,
  format: SeriesFormat,
  timeZone: string,
  work: (reader: CountsReader, lines: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-series-'));
  const store: SqliteCountStore = await openSqliteCountStore(join(folder, 'counts.sqlite'));
  try {
    const source = { format, open: () => createReadStream(file), receivedAtMs: Date.now() };
    const imported = await importSeries(store, source);
    const reader = new CountsReader({ store, running: new RunningTotals(), timeZone, now: Date.now });
    await work(
      reader,
      imported.map(({ device }) => `${device}.series`),
    );
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

interface Comparison {
  readonly resolution: Resolution;
  /** People by the local date on which the period begins. */
  readonly expected: ReadonlyMap<string, number>;
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
}

async function compare(reader: CountsReader, line: string, of: Comparison): Promise<SeriesEvidence> {
  const range = { fromMs: startOfDate(of.from, of.timeZone), toMs: startOfDate(of.to, of.timeZone) };
  const periods = (await reader.counts(line, { range, resolution: of.resolution })) as CrossingCounts;
  let different = 0;
  let people = 0;
  for (const cell of periods.cells) {
    const total = (cell.in ?? 0) + (cell.out ?? 0);
    people += total;
    const date = new Date(Date.parse(cell.start) + noonMs).toLocaleDateString('sv-SE', {
      timeZone: of.timeZone,
    });
    if (total !== (of.expected.get(date) ?? 0)) different += 1;
  }
  const hours = (await reader.counts(line, { range, resolution: '1h' })) as CrossingCounts;
  const first = hours.cells.findIndex((cell) => cell.in !== null);
  const last = hours.cells.findLastIndex((cell) => cell.in !== null);
  const within = hours.cells.slice(first, last + 1);
  const missingHours = within.filter((cell) => cell.in === null).map(({ start }) => start);
  return { series: line, periods: periods.cells.length, people, different, missingHours };
}

const noonMs = 12 * 3_600_000;

/** Sums of the text by month of its own local dates, without any code of ours. */
function wuerzburgMonths(text: string, line: string): Map<string, number> {
  // Two letters tell the three streets apart.
  const initial = line.replace('import-', '').slice(0, 2);
  const months = new Map<string, number>();
  for (const row of text.split('\n').slice(1)) {
    const fields = row.split(';');
    if (fields[4]?.slice(0, 2).toLowerCase() !== initial) continue;
    const month = `${fields[0]!.slice(0, 7)}-01`;
    months.set(month, (months.get(month) ?? 0) + Number(fields[3]));
  }
  return months;
}

/** Sums of the text by week, from Monday, of its own local dates. */
function calit2Weeks(text: string, flow: string): Map<string, number> {
  const weeks = new Map<string, number>();
  for (const row of text.trim().split('\n')) {
    const [rowFlow, date = '', , count] = row.split(',');
    if (rowFlow !== flow) continue;
    const [month, day, year] = date.split('/').map(Number);
    const at = new Date(Date.UTC(2000 + year!, month! - 1, day!));
    at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
    const monday = at.toISOString().slice(0, 10);
    weeks.set(monday, (weeks.get(monday) ?? 0) + Number(count));
  }
  return weeks;
}

async function clockChangeOf(reader: CountsReader, line: string): Promise<string> {
  const day = localPeriod(Date.parse('2024-10-27T12:00:00Z'), '1w', 'Europe/Berlin');
  const range = { fromMs: startOfDate('2024-10-27', 'Europe/Berlin'), toMs: day.toMs };
  const { cells } = (await reader.counts(line, { range, resolution: '1h' })) as CrossingCounts;
  const missing = cells.filter((cell) => cell.in === null).map(({ start }) => start);
  return `- ${line}: 27 October 2024 has ${cells.length} hours; missing and not zero: ${missing.join(', ')}`;
}

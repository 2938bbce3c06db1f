import { localClock } from '../../../values/local-time.ts';
import type { CountRow } from '../count-rows.ts';

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** A workbook is built in memory, and people scroll no further. */
export const workbookCellsMax = 50_000;

/**
 * Rows as a workbook of one sheet (ECMA-376). Numbers are numbers and times are times of the local clock;
 * what is missing is an empty cell and never 0; texts are texts, whatever they begin with, so nothing is a
 * formula. As the local clock has one hour twice a year, the time in UTC stands at the end.
 */
export async function countsWorkbook(
  rows: readonly CountRow[],
  shape: { readonly columns: readonly string[]; readonly timeZone: string },
): Promise<Buffer> {
  // Loaded when somebody wants a workbook.
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const { columns, timeZone } = shape;
  const titles = columns.map((name) => (name === 'start' ? `start (${timeZone})` : name));
  const head = [...titles, 'startUtc'].map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const body = rows.map((row) => [
    ...columns.map((name) => cellOf(name, row[name] ?? null, timeZone)),
    textCell(row['start']),
  ]);
  const widths = [...columns, 'startUtc'].map((name) => ({ width: /^start|line/.test(name) ? 22 : 12 }));
  const options = { sheet: 'counts', columns: widths, stickyRowsCount: 1 };
  return writeExcelFile([head, ...body], options).toBuffer();
}

function cellOf(name: string, value: string | number | null, timeZone: string) {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return { value, type: Number };
  return name === 'start'
    ? { value: wallTime(value, timeZone), type: Date, format: 'yyyy-mm-dd hh:mm' }
    : textCell(value);
}

function textCell(value: string | number | null | undefined) {
  return { value: String(value ?? ''), type: String };
}

/** Spreadsheets know no zones: the writer takes a moment's UTC clock for the one to show. */
function wallTime(utc: string, timeZone: string): Date {
  const { date, minuteOfDay } = localClock(Date.parse(utc), timeZone);
  return new Date(Date.parse(`${date}T00:00:00Z`) + minuteOfDay * 60_000);
}

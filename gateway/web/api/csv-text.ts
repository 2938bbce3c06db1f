import { localClock } from '../../values/local-time.ts';
import type { CountRow } from './count-rows.ts';

/**
 * Two dialects. `comma`: RFC 4180, UTC times, decimal points, for programs. `semicolon`: what
 * spreadsheets in German expect, with a byte order mark, local times and decimal commas.
 */
export const csvDialects = ['comma', 'semicolon'] as const;
export type CsvDialect = (typeof csvDialects)[number];

export interface CsvShape {
  readonly columns: readonly string[];
  readonly dialect: CsvDialect;
  readonly timeZone: string;
}

export function csvHead({ columns, dialect }: CsvShape): string {
  return dialect === 'comma' ? `${columns.join(',')}\r\n` : `\uFEFF${columns.join(';')}\r\n`;
}

export function csvLine(row: CountRow, { columns, dialect, timeZone }: CsvShape): string {
  const fields = columns.map((column) => {
    const value = row[column] ?? null;
    if (value === null) return '';
    if (typeof value === 'number') return dialect === 'comma' ? `${value}` : `${value}`.replace('.', ',');
    return dialect === 'semicolon' && column === 'start' ? localText(value, timeZone) : guarded(value);
  });
  return `${fields.join(dialect === 'comma' ? ',' : ';')}\r\n`;
}

/** As `02.03.2026 09:00`, which spreadsheets take for a time. In the repeated hour it is there twice. */
function localText(utc: string, timeZone: string): string {
  const { date, minuteOfDay } = localClock(Date.parse(utc), timeZone);
  const [year, month, day] = date.split('-');
  const two = (part: number) => String(part).padStart(2, '0');
  return `${day}.${month}.${year} ${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}

/**
 * Spreadsheets run what begins like a formula; an apostrophe makes it text. Quotes where the dialect
 * needs them (RFC 4180, 2.6 and 2.7).
 */
export function guarded(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

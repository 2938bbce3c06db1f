import { parquetWriteBuffer } from 'hyparquet-writer';
import type { CountRow } from './count-rows.ts';

const texts = new Set(['line', 'value', 'flags']);

/** Rows as one Parquet file: times in UTC milliseconds, numbers as doubles, absent numbers as nulls. */
export function parquetFile(rows: readonly CountRow[], columns: readonly string[]): Uint8Array {
  const columnData = columns.map((name) => {
    if (name === 'start') {
      const data = rows.map((row) => new Date(row[name] as string));
      return { name, data, type: 'TIMESTAMP' as const };
    }
    const data = rows.map((row) => row[name] ?? null);
    return { name, data, type: texts.has(name) ? ('STRING' as const) : ('DOUBLE' as const), nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

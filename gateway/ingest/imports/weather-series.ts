import type { RecordStore } from '../../store/record-store.ts';
import { ImportError, readCsvRecords } from './csv-records.ts';
import { headOf, offsetTime } from './series-formats.ts';

/** One hour of weather at a site; null where the file says nothing. */
export interface WeatherHour {
  readonly start: string;
  readonly temperatureCelsius: number | null;
  readonly condition: string | null;
}

const conditionPattern = /^[\p{L}\p{N} -]{1,40}$/u;

/**
 * Imports hourly weather from a CSV with `Zeitstempel;Wetter;Temperatur` (other columns are left
 * alone; of several rows of one hour the last stands) as one record a month. All or nothing. Throws
 * an `ImportError`.
 */
export async function importWeather(
  records: RecordStore,
  source: { site: string; chunks: AsyncIterable<Uint8Array>; atMs: number },
): Promise<number> {
  const hours = new Map<string, WeatherHour>();
  let head: ReadonlyMap<string, number> | null = null;
  for await (const { line, fields } of readCsvRecords(source.chunks, ';')) {
    if (head === null) {
      head = headOf(fields, ['Zeitstempel', 'Wetter', 'Temperatur']);
      continue;
    }
    const field = (name: string) => fields[head!.get(name)!] ?? '';
    const start = new Date(offsetTime(field('Zeitstempel'), line)).toISOString();
    const condition = field('Wetter') === '' ? null : field('Wetter');
    if (condition !== null && !conditionPattern.test(condition))
      throw new ImportError(line, 'not a kind of weather');
    hours.set(start, { start, condition, temperatureCelsius: temperatureOf(field('Temperatur'), line) });
  }
  const months = Map.groupBy(hours.values(), ({ start }) => start.slice(0, 7));
  const bodies = [...months].map(([month, list]) => ({
    kind: 'weather-month' as const,
    id: `${source.site}-${month}`,
    body: { site: source.site, hours: list },
  }));
  await records.put(bodies, source.atMs);
  return hours.size;
}

function temperatureOf(text: string, line: number): number | null {
  if (text === '') return null;
  const value = /^-?\d{1,2}([.,]\d{1,2})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  if (Number.isNaN(value)) throw new ImportError(line, 'not a temperature');
  return value;
}

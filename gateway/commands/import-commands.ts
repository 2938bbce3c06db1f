import { createReadStream, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { importSeries } from '../ingest/imports/import-series.ts';
import { seriesFormats } from '../ingest/imports/series-formats.ts';
import { importWeather } from '../ingest/imports/weather-series.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { parseSchoolCalendar } from '../values/school-calendar.ts';
import { type CommandContext, CommandError } from './run-command.ts';

type Context = CommandContext & { readonly store: GatewayStore };

/** The calendar of a state has some kilobytes. */
const calendarBytesMax = 4 * 2 ** 20;

/** `import series FILE --format FORMAT`. */
export async function importSeriesFile({ store, words, flags, print }: Context): Promise<void> {
  const file = fileOf(words);
  const format = seriesFormats.find((name) => name === flags['format']);
  if (format === undefined) throw new CommandError(`--format is one of ${seriesFormats.join(', ')}`);
  const source = { format, open: () => createReadStream(file), receivedAtMs: Date.now() };
  for (const { device, points, stored, fromMs, untilMs } of await importSeries(store, source)) {
    const span = [fromMs, untilMs].map((atMs) => new Date(atMs).toISOString()).join(' to ');
    print(`${device}: ${points} cells, ${stored} of them new, ${span}`);
  }
}

/** `import weather FILE --site ID`. */
export async function importWeatherFile({ store, words, flags, print }: Context): Promise<void> {
  const file = fileOf(words);
  const [site, ...more] = (flags['site'] as string[] | undefined) ?? [];
  if (site === undefined || more.length > 0) throw new CommandError('--site ID is missing');
  const hours = await importWeather(store, { site, chunks: createReadStream(file), atMs: Date.now() });
  print(`${hours} hours of weather at ${site}`);
}

/** `import school-holidays FILE`: an iCalendar file; the same name again replaces it. */
export async function importSchoolHolidays({ store, words, print }: Context): Promise<void> {
  const file = fileOf(words);
  if (statSync(file).size > calendarBytesMax) throw new CommandError(`${file} is too long for a calendar`);
  const holidays = parseSchoolCalendar(readFileSync(file, 'utf8'));
  await store.put([{ kind: 'school-holidays', id: basename(file), body: { holidays } }], Date.now());
  print(`${holidays.length} school holidays`);
}

function fileOf(words: readonly string[]): string {
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) throw new CommandError('name one file');
  return file;
}

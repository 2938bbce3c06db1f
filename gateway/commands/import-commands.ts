import { createReadStream, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { importSeries } from '../ingest/imports/import-series.ts';
import { pullHystreet } from '../ingest/imports/pull-hystreet.ts';
import { importReceipts } from '../ingest/imports/receipt-series.ts';
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

/** `import receipts FILE --site ID`. */
export async function importReceiptsFile({ store, config, words, flags, print }: Context): Promise<void> {
  const file = fileOf(words);
  const [site, ...more] = (flags['site'] as string[] | undefined) ?? [];
  const known = (await store.readDirectory()).sites.find(({ id }) => id === site);
  if (site === undefined || more.length > 0) throw new CommandError('--site ID is missing');
  if (known === undefined && !config.sites?.some(({ id }) => id === site)) {
    throw new CommandError(`there is no site "${site}"`);
  }
  const timeZone = known?.timeZone ?? config.timeZone;
  const source = { site, timeZone, chunks: createReadStream(file), atMs: Date.now() };
  const { receipts, hours } = await importReceipts(store, source);
  print(`${receipts} receipts in ${hours} hours at ${site}`);
}

/** Hystreet's own history goes back no further. */
const pullSinceMs = Date.UTC(2018, 0, 1);

/** `import hystreet LOCATION… --url URL --token-file FILE [--since DATE]`. */
export async function importHystreet({ store, words, flags, print }: Context): Promise<void> {
  const { url, 'token-file': tokenFile, since } = flags as Record<string, string | undefined>;
  if (words.length === 0) throw new CommandError('name one location or more');
  if (url === undefined || !/^https?:\/\//.test(url))
    throw new CommandError('--url is an http or https address');
  if (tokenFile === undefined) throw new CommandError('--token-file FILE is missing: the token stands in it');
  const sinceMs = since === undefined ? pullSinceMs : Date.parse(`${since}T00:00:00Z`);
  if (Number.isNaN(sinceMs)) throw new CommandError('--since is a date as 2026-03-01');
  const token = readFileSync(tokenFile, 'utf8').trim();
  for (const location of words) {
    const { device, hours, stored, held } = await pullHystreet(store, {
      url,
      token,
      location,
      sinceMs,
      nowMs: Date.now(),
    });
    print(`${device}: ${hours} hours, ${stored} of them new, ${held} not verified yet`);
  }
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

import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { CountStore } from '../../store/count-store.ts';
import { streetSlot } from '../../values/site-plan.ts';
import { intervalHash } from '../interval-hash.ts';
import { importedInterval } from './import-series.ts';

/** A counter's interface that cannot be read; one line that says what is wrong. */
export class PullError extends Error {
  constructor(fault: string, options?: ErrorOptions) {
    super(fault, options);
    this.name = 'PullError';
  }
}

export interface PullSource {
  /** Where `/locations` is, as https://api.hystreet.com. */
  readonly url: string;
  readonly token: string;
  readonly location: string;
  /** Where nothing has been pulled yet: from when on. */
  readonly sinceMs: number;
  readonly nowMs: number;
}

export interface PulledHours {
  readonly device: string;
  readonly hours: number;
  readonly stored: number;
  /** Hours that are not verified yet and still may change: they are left for the next time. */
  readonly held: number;
}

const hourMs = 3_600_000;
/** A month of hours an answer: what hystreet's own clients ask for at most. */
const windowMs = 31 * 24 * hourMs;
const answerMsMax = 30_000;
/** A month of hours with all their details is some 300 kB. */
const answerBytesMax = 20 * 2 ** 20;
/** What has not been verified after a week is taken as it is: it will not be. */
const settledAfterMs = 7 * 24 * hourMs;
/** Hours are numbered from here, so that an hour has the same key whenever it is pulled. */
const firstHourMs = Date.UTC(2010, 0, 1);

/** What is read of an answer; whatever else is in it is left alone. */
const Location = Type.Object({
  name: Type.Optional(Type.String()),
  measurements: Type.Array(
    Type.Object({
      timestamp: Type.String(),
      pedestrians_count: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
      unverified: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
      details: Type.Optional(
        Type.Union([
          Type.Object({
            ltr_pedestrians_count: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
            rtl_pedestrians_count: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
          }),
          Type.Null(),
        ]),
      ),
    }),
  ),
});
const validLocation = Compile(Location);
type Measurement = Static<typeof Location>['measurements'][number];

/**
 * Pulls the hours of one location of a hystreet-style interface (`GET /locations/{id}` with
 * `X-API-Token`) into the device `import-hystreet-<location>`, whose line is one of a street. It goes
 * on where the last pull ended; an hour that is pulled again is known by its key, and one that says
 * something else then never overwrites. Rejects with a `PullError`; what was stored before stands.
 */
export async function pullHystreet(store: CountStore, source: PullSource): Promise<PulledHours> {
  if (!/^[a-z0-9-]{1,40}$/.test(source.location)) throw new PullError(`"${source.location}" is no location`);
  const device = `import-hystreet-${source.location}`;
  const epoch = createHash('sha256').update(`${source.url} ${source.location}`).digest('hex').slice(0, 16);
  const account = (await store.readAccounts(device)).find((one) => one.epoch === epoch);
  const done = { device, hours: 0, stored: 0, held: 0 };
  let fromMs = account === undefined ? floorHour(source.sinceMs) : firstHourMs + account.sent * hourMs;
  const endMs = floorHour(source.nowMs);
  while (fromMs < endMs && done.held === 0) {
    const toMs = Math.min(endMs, fromMs + windowMs);
    const measurements = await readWindow(source, { fromMs, toMs });
    const settled = settledOf(measurements, source.nowMs);
    done.held = measurements.length - settled.length;
    done.hours += settled.length;
    if (settled.length > 0) done.stored += await commit(store, settled, { device, epoch, source });
    fromMs = toMs;
  }
  return done;
}

async function commit(
  store: CountStore,
  measurements: readonly TimedMeasurement[],
  { device, epoch, source }: { device: string; epoch: string; source: PullSource },
): Promise<number> {
  const intervals = measurements.map(({ startMs, ...measurement }) => {
    const sequence = (startMs - firstHourMs) / hourMs + 1;
    const point = { startMs, durationSeconds: 3600, ...directionsOf(measurement) };
    const interval = importedInterval(point, { sequence, slot: streetSlot });
    return { interval, hash: intervalHash(interval) };
  });
  // Hours before the first one will never come from here.
  const oldestHeld = intervals[0]!.interval.sequence;
  const batch = { device, epoch, receivedAtMs: source.nowMs, oldestHeld, refused: [], intervals };
  return (await store.commitBatch(batch)).stored;
}

/** Where the directions do not make up the total, the total stands as `in`. */
function directionsOf({ pedestrians_count: total, details }: Measurement): { in: number; out: number } {
  const [ltr, rtl] = [details?.ltr_pedestrians_count ?? null, details?.rtl_pedestrians_count ?? null];
  return ltr !== null && rtl !== null && ltr + rtl === total ? { in: ltr, out: rtl } : { in: total, out: 0 };
}

interface TimedMeasurement extends Measurement {
  readonly startMs: number;
}

/** Up to the first hour that may still change. */
function settledOf(measurements: readonly TimedMeasurement[], nowMs: number): readonly TimedMeasurement[] {
  const open = measurements.findIndex(
    ({ unverified, startMs }) => unverified === true && nowMs - startMs < settledAfterMs,
  );
  return open < 0 ? measurements : measurements.slice(0, open);
}

async function readWindow(
  source: PullSource,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<TimedMeasurement[]> {
  const query = new URLSearchParams({
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    resolution: 'hour',
  });
  const url = `${source.url.replace(/\/$/, '')}/locations/${source.location}?${query}`;
  const answer = parsed(await textOf(url, source.token), url);
  if (!validLocation.Check(answer)) {
    const fault = validLocation.Errors(answer)[0];
    throw new PullError(`${url}: not an answer of hystreet (${fault?.instancePath} ${fault?.message})`);
  }
  const timed = answer.measurements.map((measurement) => ({
    ...measurement,
    startMs: startOf(measurement.timestamp, url),
  }));
  const within = timed.filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
  within.sort((left, right) => left.startMs - right.startMs);
  const twice = within.find(({ startMs }, index) => startMs === within[index - 1]?.startMs);
  if (twice) throw new PullError(`${url}: the hour ${twice.timestamp} is there twice`);
  return within;
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PullError(`${url}: the answer is not JSON`, { cause });
  }
}

/** Only times with their offset: without one, the repeated hour of autumn would be one hour. */
function startOf(timestamp: string, url: string): number {
  const startMs = /(Z|[+-]\d\d:?\d\d)$/.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(startMs) || startMs % hourMs !== 0) {
    throw new PullError(`${url}: "${timestamp.slice(0, 40)}" is not a full hour with its offset`);
  }
  return startMs;
}

async function textOf(url: string, token: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { 'x-api-token': token, accept: 'application/json' },
      signal: AbortSignal.timeout(answerMsMax),
      // A token is for the server it was given to.
      redirect: 'error',
    });
  } catch (cause) {
    throw new PullError(`${url}: no answer`, { cause });
  }
  if (response.status === 401 || response.status === 403) throw new PullError(`${url}: the token is refused`);
  if (response.status === 404) throw new PullError(`${url}: there is no such location`);
  if (!response.ok) throw new PullError(`${url}: answered ${response.status}`);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > answerBytesMax) throw new PullError(`${url}: an answer of more than 20 MB`);
  }
  return text;
}

function floorHour(atMs: number): number {
  return atMs - (atMs % hourMs);
}

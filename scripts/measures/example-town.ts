import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { LineRole } from '../../gateway/contract/http-api.ts';
import { noProfileHash } from '../../gateway/contract/site-profile.ts';
import { importReceipts } from '../../gateway/ingest/imports/receipt-series.ts';
import { intervalHash } from '../../gateway/ingest/interval-hash.ts';
import type { GatewayStore } from '../../gateway/store/gateway-store.ts';
import { localClock, startOfDate } from '../../gateway/values/local-time.ts';
import { tokenHash } from '../../gateway/web/access/credentials.ts';
import { SeededRandom } from '../../hardware/emulated/walks/seeded-random.ts';

/**
 * The town of the manual's examples: the demo's bookshop over thirteen weeks and the same weeks a year
 * before. The course of its day is that of the real door that the demo plays (tests/recordings/calit2);
 * weekdays, growth, scatter, the street, the window and the receipts are simulated around it.
 */

export const zone = 'Europe/Berlin';
export const exampleToken = 'psk.example-of-the-manual-only';
const fiveMinutesMs = 300_000;
const minutesMs = 60_000;
const recording = join(import.meta.dirname, '../../tests/recordings/calit2/2005-09-21.csv');
/** By weekday from Monday: closed on Sundays. */
const weekdayFactors = [0.9, 0.9, 1, 1, 1.1, 1.4, 0];
/** On this day a third more come. */
const marketDate = '2026-03-21';
const lagCells = 2;
const seed = 8_191;
const realDay = readRealDay();

const lines: readonly {
  id: string;
  site: string;
  name: string;
  role: LineRole;
  kind: 'crossing' | 'presence';
}[] = [
  { id: 'buchhandlung-tuer', site: 'buchhandlung', name: 'Ladentür', role: 'entrance', kind: 'crossing' },
  {
    id: 'buchhandlung-fenster',
    site: 'buchhandlung',
    name: 'Schaufenster',
    role: 'window',
    kind: 'crossing',
  },
  { id: 'laarstrasse', site: 'innenstadt', name: 'Laarstraße', role: 'street', kind: 'crossing' },
  { id: 'lesesaal-wlan', site: 'buchhandlung', name: 'WLAN-Präsenz', role: 'inside', kind: 'presence' },
];

/** Fills an empty store. */
export async function writeExampleTown(store: GatewayStore): Promise<void> {
  await store.applySetup({
    sites: [
      {
        id: 'buchhandlung',
        name: 'Buchhandlung am Markt',
        organisation: 'Buchhandlung am Markt',
        town: 'Iserlohn',
        timeZone: zone,
      },
      {
        id: 'innenstadt',
        name: 'Innenstadt',
        organisation: 'Stadtmarketing',
        town: 'Iserlohn',
        timeZone: zone,
      },
    ],
    lines,
    assignments: lines.map(({ id }) => ({
      line: id,
      device: `example-${id}`,
      sensor: 'a',
      role: 'counts' as const,
      lane: 0,
      sign: 1 as const,
      fromMs: null,
      untilMs: null,
    })),
  });
  const receipts: string[] = ['Stunde;Bons'];
  // Hours a year ago and until February; the last five weeks as 5-minute intervals, which show the lag.
  await commitSpan(store, {
    from: '2025-01-06',
    to: '2025-04-07',
    stepMs: 3_600_000,
    growth: 0.93,
    epoch: 1,
    receipts: null,
  });
  await commitSpan(store, {
    from: '2026-01-05',
    to: '2026-03-02',
    stepMs: 3_600_000,
    growth: 1,
    epoch: 2,
    receipts: null,
  });
  await commitSpan(store, {
    from: '2026-03-02',
    to: '2026-04-06',
    stepMs: fiveMinutesMs,
    growth: 1,
    epoch: 3,
    receipts,
  });
  await importReceipts(store, { site: 'buchhandlung', timeZone: zone, chunks: chunksOf(receipts), atMs: 1 });
  await store.put(recordsOfTown(), 1);
}

function recordsOfTown() {
  const event = { site: 'innenstadt', kind: 'market-day', name: 'Frühlingsmarkt', shared: true };
  return [
    {
      kind: 'event' as const,
      id: 'fruehlingsmarkt',
      body: { ...event, from: '2026-03-21T09:00:00Z', until: '2026-03-21T16:00:00Z' },
    },
    {
      kind: 'api-key' as const,
      id: 'manual',
      body: {
        name: 'manual',
        role: 'operator',
        sites: 'all',
        tokenSha256: tokenHash(exampleToken),
        expiresMs: Date.parse('2100-01-01'),
      },
    },
  ];
}

interface SpanOfTown {
  readonly from: string;
  readonly to: string;
  readonly stepMs: number;
  readonly growth: number;
  readonly epoch: number;
  readonly receipts: string[] | null;
}

async function commitSpan(store: GatewayStore, span: SpanOfTown): Promise<void> {
  const random = new SeededRandom(seed + span.epoch);
  const [fromMs, toMs] = [startOfDate(span.from, zone), startOfDate(span.to, zone)];
  const steps = (toMs - fromMs) / span.stepMs;
  const street = Array.from({ length: steps }, (_, at) =>
    scattered(random, 12 * usual(fromMs + at * span.stepMs, span)),
  );
  const byLine = new Map<string, Interval[]>(lines.map(({ id }) => [id, []]));
  let sold = 0;
  for (let at = 0; at < steps; at += 1) {
    const atMs = fromMs + at * span.stepMs;
    const lag = span.stepMs === fiveMinutesMs ? lagCells : 0;
    const entered = scattered(random, 0.08 * (street[at - lag] ?? 0));
    // A visit takes a bit more than half an hour.
    const stay = Math.round(2_100_000 / span.stepMs);
    const left = at < stay ? 0 : ((byLine.get('buchhandlung-tuer')![at - stay] as { in: number }).in ?? 0);
    const stopped = scattered(random, 0.11 * street[at]!);
    const common = commonOf(atMs, at, span.stepMs);
    const half = Math.round(street[at]! / 2);
    byLine.get('laarstrasse')!.push({ ...common, ...people(half, street[at]! - half), rejected: {} });
    byLine.get('buchhandlung-tuer')!.push({ ...common, ...people(entered, left), rejected: {} });
    byLine.get('buchhandlung-fenster')!.push({
      ...common,
      ...people(half, street[at]! - half),
      rejected: stopped > 0 ? { lingered: stopped } : {},
    });
    byLine.get('lesesaal-wlan')!.push(presenceAt(common, usual(atMs, span), random));
    sold += entered > 0 ? scattered(random, 0.31 * entered) : 0;
    if (span.receipts && (atMs + span.stepMs) % 3_600_000 === 0) {
      span.receipts.push(`${stundeOf(atMs + span.stepMs - 3_600_000)};${sold}`);
      sold = 0;
    }
  }
  for (const [line, intervals] of byLine) await commitLine(store, { line, intervals, epoch: span.epoch });
}

async function commitLine(
  store: GatewayStore,
  { line, intervals, epoch }: { line: string; intervals: readonly Interval[]; epoch: number },
): Promise<void> {
  for (let at = 0; at < intervals.length; at += 1_500) {
    await store.commitBatch({
      device: `example-${line}`,
      epoch: String(epoch).padStart(16, '0'),
      receivedAtMs: Date.parse(intervals[at]!.start),
      oldestHeld: 1,
      refused: [],
      intervals: intervals
        .slice(at, at + 1_500)
        .map((interval) => ({ interval, hash: intervalHash(interval) })),
    });
  }
}

function commonOf(atMs: number, at: number, stepMs: number) {
  return {
    sequence: at + 1,
    sensor: 'a',
    start: new Date(atMs).toISOString(),
    durationSeconds: stepMs / 1000,
    coverageSeconds: stepMs / 1000,
    flags: [],
    engine: 'example/1',
    profile: noProfileHash,
    clock: 'synced' as const,
    kind: 'crossing' as const,
  };
}

/** One in a hundred is missed or doubled. */
function people(ins: number, outs: number) {
  const error = (count: number) => Math.round(Math.sqrt(0.02 * count) * 1e4) / 1e4;
  return { in: ins, out: outs, standardErrorIn: error(ins), standardErrorOut: error(outs) };
}

function presenceAt(common: ReturnType<typeof commonOf>, mean: number, random: SeededRandom): Interval {
  const indicator = Math.round(100 * (2 * Math.sqrt(mean) + 0.3 * random.normal())) / 100;
  const { kind: _, ...rest } = common;
  return {
    ...rest,
    kind: 'presence',
    mode: 'rate',
    frames: scattered(random, 6 * mean),
    indicator,
    standardError: 0.3,
    bands: [],
  };
}

/** Entrances a step would have at the real door, on this weekday. */
function usual(atMs: number, { stepMs, growth }: SpanOfTown): number {
  const { weekday, minuteOfDay, date } = localClock(atMs, zone);
  const market = date === marketDate && minuteOfDay >= 600 && minuteOfDay < 1_020 ? 1.35 : 1;
  let sum = 0;
  for (let minute = minuteOfDay; minute < minuteOfDay + stepMs / minutesMs; minute += 5) {
    sum += (realDay[Math.floor(minute / 30)] ?? 0) / 6;
  }
  return sum * weekdayFactors[weekday - 1]! * market * growth;
}

/** Entrances by half hour of the real day, between eight and seven. */
function readRealDay(): readonly number[] {
  return readFileSync(recording, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(','))
    .map(([, time, entered]) => (time! >= '08:00' && time! < '19:00' ? Number(entered) : 0));
}

function scattered(random: SeededRandom, mean: number): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
}

/** As German spreadsheets write an hour. */
function stundeOf(atMs: number): string {
  const { date, minuteOfDay } = localClock(atMs, zone);
  const [year, month, day] = date.split('-');
  return `${day}.${month}.${year} ${String(Math.floor(minuteOfDay / 60)).padStart(2, '0')}:00`;
}

async function* chunksOf(rows: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${rows.join('\n')}\n`);
}

import type { CrossingInterval, Interval } from '../../../gateway/contract/count-batch.ts';
import type { LineRole } from '../../../gateway/contract/http-api.ts';
import { localClock } from '../../../gateway/values/local-time.ts';
import { admitted, crossing, presence } from '../sample-intervals.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';

/**
 * One town with a shop's door and window, a street, and a place that is listened to: eleven weeks of
 * hours that are the same every week, so that a test knows what every measure has to be.
 */

export const zone = 'Europe/Berlin';
const hourMs = 3_600_000;
/** Monday; the eleven weeks end before the clock changes. */
export const firstDay = '2026-01-05T00:00:00+01:00';
export const weeks = 11;

/** Entrances by hour of the local clock, ten to six on six days, most at four. */
export function usualEntrances(atMs: number): number {
  const { weekday, minuteOfDay } = localClock(atMs, zone);
  const hour = Math.floor(minuteOfDay / 60);
  if (weekday === 7 || hour < 10 || hour >= 18) return 0;
  return (hour === 16 ? 60 : 40) + 5 * weekday;
}

export type Told = (atMs: number, week: number) => { in: number; out: number } | null;

const lines: { id: string; site: string; role: LineRole; kind: 'crossing' | 'presence' }[] = [
  { id: 'shop-door', site: 'shop', role: 'entrance', kind: 'crossing' },
  { id: 'shop-window', site: 'shop', role: 'window', kind: 'crossing' },
  { id: 'street', site: 'town', role: 'street', kind: 'crossing' },
  { id: 'shop-wifi', site: 'shop', role: 'inside', kind: 'presence' },
];

/** `tell` changes what the door counted in an hour; null is not looked at. */
export async function openMeasureBed(tell?: Told): Promise<ApiBed> {
  const bed = await openApiBed();
  await bed.store.applySetup({
    sites: ['shop', 'town'].map((id) => ({
      id,
      name: id,
      organisation: id,
      town: 'Iserlohn',
      timeZone: zone,
    })),
    lines: lines.map((line) => ({ ...line, name: line.id })),
    assignments: lines.map(({ id }) => ({
      line: id,
      device: `${id}-1`,
      sensor: 'door',
      role: 'counts' as const,
      lane: 0,
      sign: 1 as const,
      fromMs: null,
      untilMs: null,
    })),
  });
  const door: Told = tell ?? ((atMs) => ({ in: usualEntrances(atMs), out: usualEntrances(atMs - hourMs) }));
  await commitHours(bed, 'shop-door', door);
  await commitHours(bed, 'street', (atMs) => ({
    in: 10 * usualEntrances(atMs),
    out: 10 * usualEntrances(atMs),
  }));
  await commitHours(bed, 'shop-window', (atMs) => ({ in: usualEntrances(atMs), out: usualEntrances(atMs) }), {
    rejected: { lingered: 3, 'turned-back': 1, object: 5 },
  });
  await commitPresence(bed);
  return bed;
}

function hours(): { startMs: number; week: number }[] {
  const fromMs = Date.parse(firstDay);
  return Array.from({ length: weeks * 168 }, (_, index) => ({
    startMs: fromMs + index * hourMs,
    week: Math.floor(index / 168),
  }));
}

async function commitHours(
  bed: ApiBed,
  line: string,
  tell: Told,
  changes: Partial<CrossingInterval> = {},
): Promise<void> {
  const intervals = hours().flatMap(({ startMs, week }, index) => {
    const told = tell(startMs, week);
    if (told === null) return [];
    return [
      crossing(index + 1, {
        start: new Date(startMs).toISOString(),
        durationSeconds: 3600,
        coverageSeconds: 3600,
        standardErrorIn: 1,
        standardErrorOut: 1,
        rejected: {},
        ...told,
        ...changes,
      }),
    ];
  });
  await commit(bed, line, intervals);
}

async function commitPresence(bed: ApiBed): Promise<void> {
  const intervals = hours().map(({ startMs, week }, index) =>
    presence(index + 1, {
      start: new Date(startMs).toISOString(),
      durationSeconds: 3600,
      coverageSeconds: 3600,
      sensor: 'door',
      indicator: week === weeks - 1 ? 30 : 20,
      standardError: 2,
    }),
  );
  await commit(bed, 'shop-wifi', intervals);
}

async function commit(bed: ApiBed, line: string, intervals: readonly Interval[]): Promise<void> {
  for (let at = 0; at < intervals.length; at += 1_500) {
    await bed.store.commitBatch(
      admitted(intervals.slice(at, at + 1_500), { device: `${line}-1`, receivedAtMs: Date.parse(firstDay) }),
    );
  }
}

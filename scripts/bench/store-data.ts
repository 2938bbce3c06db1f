import type { CrossingInterval } from '../../gateway/contract/count-batch.ts';
import { noProfileHash } from '../../gateway/contract/site-profile.ts';
import { intervalHash } from '../../gateway/ingest/interval-hash.ts';
import type { CountStore } from '../../gateway/store/count-store.ts';
import { startOfDate } from '../../gateway/values/local-time.ts';
import { seededRandom } from '../demo/seeded-random.ts';

export const timeZone = 'Europe/Berlin';
export const year = {
  fromMs: startOfDate('2025-01-01', timeZone),
  toMs: startOfDate('2026-01-01', timeZone),
};
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
export const epoch = '00000000000000ff';
/** What a device sends after an hour offline: each commit waits for the disk, as each message does. */
export const messageIntervals = 60;
/** What a store is filled with before anything is measured. */
const fillIntervals = 1_440;

/** A day has a course and a night; numbers as at a shop's door. */
function minuteOf(random: () => number, sequence: number, startMs: number): CrossingInterval {
  const busy = Math.max(0, Math.sin(((startMs % dayMs) / dayMs) * 2 * Math.PI - Math.PI / 2));
  const people = () => Math.floor(6 * busy * random());
  const [ins, outs] = [people(), people()];
  return {
    kind: 'crossing',
    sequence,
    sensor: 'door',
    start: new Date(startMs).toISOString().replace('.000Z', 'Z'),
    durationSeconds: 60,
    coverageSeconds: random() < 0.9 ? 60 : Math.round(600 * random()) / 10,
    flags: [],
    engine: 'two-zone/1',
    profile: noProfileHash,
    clock: 'synced',
    in: ins,
    out: outs,
    standardErrorIn: Math.round(1e4 * 0.2 * Math.sqrt(ins)) / 1e4,
    standardErrorOut: Math.round(1e4 * 0.2 * Math.sqrt(outs)) / 1e4,
    rejected: random() < 0.05 ? { 'turned-back': 1 } : {},
  };
}

/** Batches of one line over a range, an interval each `stepMs`; the same for the same seed. */
export function* batchesOf(
  range: { fromMs: number; toMs: number },
  seed: number,
  { stepMs = minuteMs, size = fillIntervals }: { stepMs?: number; size?: number } = {},
) {
  const random = seededRandom(seed);
  const seconds = stepMs / 1000;
  let batch: CrossingInterval[] = [];
  // A line may have hours before it has minutes: their sequences lie apart.
  let sequence = stepMs === minuteMs ? 0 : 1_000_000;
  for (let startMs = range.fromMs; startMs < range.toMs; startMs += stepMs) {
    sequence += 1;
    const minute = minuteOf(random, sequence, startMs);
    batch.push(
      stepMs === minuteMs ? minute : { ...minute, durationSeconds: seconds, coverageSeconds: seconds },
    );
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

export async function commit(
  store: CountStore,
  device: string,
  intervals: readonly CrossingInterval[],
): Promise<void> {
  await store.commitBatch({
    device,
    epoch,
    receivedAtMs: Date.parse(intervals.at(-1)!.start) + minuteMs,
    oldestHeld: 1,
    intervals: intervals.map((interval) => ({ interval, hash: intervalHash(interval) })),
    refused: [],
  });
}

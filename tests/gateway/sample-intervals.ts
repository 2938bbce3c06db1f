import type {
  CrossingInterval,
  Interval,
  MotionInterval,
  PresenceInterval,
} from '../../gateway/contract/count-batch.ts';
import { noProfileHash } from '../../gateway/contract/site-profile.ts';
import { intervalHash } from '../../gateway/ingest/interval-hash.ts';
import type { AccountedRange } from '../../gateway/store/account.ts';
import type { AdmittedBatch } from '../../gateway/store/count-store.ts';

/** Valid intervals and batches, of which a test changes what it is about. */

export const sampleEpoch = '00112233445566aa';
export const sampleStart = Date.parse('2026-03-02T08:00:00Z');

const shared = {
  durationSeconds: 60,
  coverageSeconds: 60,
  flags: [],
  profile: noProfileHash,
  clock: 'synced' as const,
};

/** The start of the minute that belongs to a sequence: the first one is `sampleStart`. */
export function minuteOf(sequence: number): string {
  return new Date(sampleStart + (sequence - 1) * 60_000).toISOString();
}

export function crossing(sequence: number, changes: Partial<CrossingInterval> = {}): CrossingInterval {
  return {
    kind: 'crossing',
    ...shared,
    sequence,
    sensor: 'door',
    start: minuteOf(sequence),
    engine: 'two-zone/1',
    in: 3,
    out: 2,
    standardErrorIn: 0.3,
    standardErrorOut: 0.4,
    rejected: { 'turned-back': 1 },
    ...changes,
  };
}

export function motion(sequence: number, changes: Partial<MotionInterval> = {}): MotionInterval {
  return {
    kind: 'motion',
    ...shared,
    sequence,
    sensor: 'pir',
    start: minuteOf(sequence),
    engine: 'pir/1',
    activations: 4,
    activeSeconds: 12.5,
    orderedIn: 2,
    orderedOut: 1,
    ...changes,
  };
}

export function presence(sequence: number, changes: Partial<PresenceInterval> = {}): PresenceInterval {
  return {
    kind: 'presence',
    ...shared,
    sequence,
    sensor: 'wifi',
    start: minuteOf(sequence),
    engine: 'probe-rate/1',
    mode: 'rate',
    frames: 120,
    indicator: 17.5,
    standardError: 3,
    bands: [10, 20],
    ...changes,
  };
}

/** A batch as ingest hands it to the store. */
export function admitted(
  intervals: readonly Interval[],
  changes: Partial<AdmittedBatch> = {},
): AdmittedBatch {
  return {
    device: 'shop-1',
    epoch: sampleEpoch,
    receivedAtMs: sampleStart,
    oldestHeld: 1,
    intervals: intervals.map((interval) => ({ interval, hash: intervalHash(interval) })),
    refused: [],
    ...changes,
  };
}

export function refused(from: number, to: number): AccountedRange {
  return { from, to, disposition: 'invalid' };
}

/** A batch as a device publishes it. */
export function payload(intervals: readonly unknown[], changes: object = {}): Uint8Array {
  const batch = { version: 1, epoch: sampleEpoch, oldestHeld: 1, intervals, ...changes };
  return Buffer.from(JSON.stringify(batch));
}

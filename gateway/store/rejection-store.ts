import type { RejectionReason } from '../contract/count-batch.ts';

/** Paths that were seen at a sensor in one hour of UTC and not counted, by reason. */
export interface RejectedHour {
  readonly startMs: number;
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>;
}

export interface RejectionQuery {
  readonly device: string;
  readonly sensor: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * What minutes say about paths that were no crossing. It is in no roll-up, so it is known for as long
 * as minutes are kept. Hours without any are left out. Rejects with a `StoreError`.
 */
export interface RejectionStore {
  readRejections(query: RejectionQuery): Promise<RejectedHour[]>;
}

/** Adds the rejections of minutes, as the store keeps them, hour by hour. */
export function rejectedHours(minutes: Iterable<{ startMs: number; extra: string }>): RejectedHour[] {
  const hours = new Map<number, Partial<Record<RejectionReason, number>>>();
  for (const { startMs, extra } of minutes) {
    if (extra === '') continue;
    const hourStartMs = startMs - (startMs % 3_600_000);
    const hour = hours.get(hourStartMs) ?? {};
    hours.set(hourStartMs, hour);
    for (const [reason, count] of Object.entries(JSON.parse(extra) as Record<RejectionReason, number>)) {
      hour[reason as RejectionReason] = (hour[reason as RejectionReason] ?? 0) + count;
    }
  }
  return [...hours].map(([startMs, rejected]) => ({ startMs, rejected }));
}

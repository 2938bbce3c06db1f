import { batchIntervalsMax, countBatchVersion, type Interval } from '../../gateway/contract/count-batch.ts';

/** Brokers usually take 256 KiB a packet; headers and growth need room. */
export const batchBytesMax = 200 * 1024;

export interface Batch {
  readonly payload: string;
  readonly sequences: readonly number[];
}

/** As many of the intervals as fit into one batch, in the given order. At least one always does. */
export function buildBatch(epoch: string, oldestHeld: number, intervals: readonly Interval[]): Batch {
  const head = `{"version":${countBatchVersion},"epoch":"${epoch}","oldestHeld":${oldestHeld},"intervals":[`;
  const parts: string[] = [];
  const sequences: number[] = [];
  let bytes = head.length + 2;
  for (const interval of intervals.slice(0, batchIntervalsMax)) {
    const part = JSON.stringify(interval);
    // All names are ASCII (contract), so characters are bytes.
    bytes += part.length + 1;
    if (parts.length > 0 && bytes > batchBytesMax) break;
    parts.push(part);
    sequences.push(interval.sequence);
  }
  return { payload: `${head}${parts.join(',')}]}`, sequences };
}

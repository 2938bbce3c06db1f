import { Compile } from 'typebox/compile';
import {
  batchIntervalsMax,
  CountBatch,
  countBatchVersion,
  Interval,
  intervalFault,
} from '../contract/count-batch.ts';
import type { RefusalReason } from '../contract/receipt.ts';
import type { AccountedRange } from '../store/account.ts';
import type { AdmittedInterval } from '../store/count-store.ts';
import { intervalHash } from './interval-hash.ts';

/** A broker's usual limit of a packet, and twice what 360 of the longest intervals need. */
export const batchBytesMax = 262_144;
/** Up to here an oversized batch is still read for its sequences, so that it can be refused by name. */
const readableBytesMax = 4 * batchBytesMax;
/** Sequences that one message may refuse: a megabyte of intervals of 600 bytes has fewer. */
const refusedSequencesMax = 2_000;

/** One thing that was wrong with a message; `detail` never carries a value from it. */
interface Fault {
  readonly reason: RefusalReason;
  readonly detail: string;
}

/**
 * What a payload turned out to be. `readable`: intervals to store, sequences to refuse, or both.
 * `unreadable`: nothing in it can be answered, so there is no receipt and the device keeps what it
 * has; so it is with a version of the future.
 */
export type ReadBatch =
  | {
      readonly state: 'readable';
      readonly epoch: string;
      readonly oldestHeld: number;
      readonly intervals: readonly AdmittedInterval[];
      readonly refused: readonly AccountedRange[];
      readonly fault: Fault | null;
    }
  | { readonly state: 'unreadable'; readonly fault: Fault };

const { epoch: Epoch, oldestHeld: OldestHeld } = CountBatch.properties;
const validInterval = Compile(Interval);
const validEpoch = Compile(Epoch);
const validOldestHeld = Compile(OldestHeld);
const validSequence = Compile(Interval.anyOf[0].properties.sequence);
const envelopeNames = new Set(Object.keys(CountBatch.properties));

/** Reads a payload of the topic `counts`, interval by interval. Pure; never throws. */
export function readBatch(payload: Uint8Array): ReadBatch {
  if (payload.byteLength > readableBytesMax) return unreadable('oversized', 'message too long to be read');
  const value = parseObject(payload);
  if (value === null) return unreadable('invalid', 'not a JSON object');
  const { version } = value;
  if (typeof version !== 'number') return unreadable('invalid', '/version is not a number');
  if (version > countBatchVersion) return unreadable('unknown-version', 'a version of the future');
  const fault = payload.byteLength > batchBytesMax ? oversized : envelopeFault(value);
  return fault === null ? readIntervals(value as unknown as Envelope) : refuseWhole(value, fault);
}

interface Envelope {
  readonly epoch: string;
  readonly oldestHeld: number;
  readonly intervals: readonly unknown[];
}

const oversized: Fault = { reason: 'oversized', detail: `more than ${batchBytesMax} bytes` };

function unreadable(reason: RefusalReason, detail: string): ReadBatch {
  return { state: 'unreadable', fault: { reason, detail } };
}

function parseObject(payload: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function envelopeFault(value: Record<string, unknown>): Fault | null {
  const invalid = (detail: string): Fault => ({ reason: 'invalid', detail });
  const { intervals } = value;
  if (value['version'] !== countBatchVersion) return invalid('/version is unknown');
  if (!Object.keys(value).every((name) => envelopeNames.has(name))) return invalid('a field too many');
  if (!validEpoch.Check(value['epoch'])) return invalid('/epoch');
  if (!validOldestHeld.Check(value['oldestHeld'])) return invalid('/oldestHeld');
  if (!Array.isArray(intervals) || intervals.length === 0) return invalid('/intervals');
  if (intervals.length > batchIntervalsMax) {
    return { reason: 'oversized', detail: `more than ${batchIntervalsMax} intervals` };
  }
  return null;
}

function readIntervals(batch: Envelope): ReadBatch {
  const intervals: AdmittedInterval[] = [];
  const refused: AccountedRange[] = [];
  let fault: Fault | null = null;
  for (const value of batch.intervals) {
    const detail = faultOf(value);
    if (detail === null) {
      const interval = value as Interval;
      intervals.push({ interval, hash: intervalHash(interval) });
    } else {
      fault ??= { reason: 'invalid', detail };
      const sequence = sequenceOf(value);
      if (sequence !== null) refused.push({ from: sequence, to: sequence, disposition: 'invalid' });
    }
  }
  const { epoch, oldestHeld } = batch;
  return { state: 'readable', epoch, oldestHeld, intervals, refused, fault };
}

function faultOf(value: unknown): string | null {
  if (validInterval.Check(value)) return intervalFault(value as Interval);
  return 'an interval against the schema';
}

/** The whole batch is refused: by its sequences where they can be read, else not at all. */
function refuseWhole(value: Record<string, unknown>, fault: Fault): ReadBatch {
  const { epoch, intervals } = value;
  if (!validEpoch.Check(epoch) || !Array.isArray(intervals)) return { state: 'unreadable', fault };
  const refused = intervals
    .slice(0, refusedSequencesMax)
    .map(sequenceOf)
    .filter((sequence) => sequence !== null)
    .map((sequence): AccountedRange => ({ from: sequence, to: sequence, disposition: fault.reason }));
  if (refused.length === 0) return { state: 'unreadable', fault };
  return { state: 'readable', epoch: epoch as string, oldestHeld: 1, intervals: [], refused, fault };
}

function sequenceOf(value: unknown): number | null {
  const sequence = (value as { sequence?: unknown } | null | undefined)?.sequence;
  return validSequence.Check(sequence) ? (sequence as number) : null;
}

import { crc32 } from 'node:zlib';
import {
  type Interval,
  type RejectionReason,
  rejectionReasons,
  type SensorFlag,
  sensorFlags,
} from '../../gateway/contract/count-batch.ts';
import type { ClosedInterval } from '../interval/closed-interval.ts';

/**
 * An interval as the outbox keeps it: what minutes share lies in a table of sources, the rest in
 * small integers and one short text, so that 400 days of five sensors take 200 MB and not a
 * gigabyte. The order of reasons and flags in the contract is part of this format: it only grows.
 */
export interface IntervalRow {
  readonly sequence: number;
  readonly atMs: number;
  readonly startMs: number | null;
  readonly durationMs: number;
  readonly coverageMs: number;
  /** Bit n stands for the n-th flag of the contract. */
  readonly flags: number;
  readonly synced: 0 | 1;
  /** The numbers of the kind, joined by commas. */
  readonly numbers: string;
  /** What the interval is, where its key is not the first it had; null: worked out from the key. */
  readonly origin: string | null;
}

/** A row as it is read: with the numbers of its source and boot, and the checksum it was written with. */
export type StoredRow = IntervalRow & {
  readonly source: number;
  readonly boot: number;
  readonly checksum: number;
};

/**
 * The checksum of a row's contents: SQLite's own check finds broken pages, not a page of which one
 * half is older than the other. The key is not in it, because a restored card's rows get new keys.
 */
export function rowChecksum(row: IntervalRow): number {
  const { atMs, startMs, durationMs, coverageMs, flags, synced, numbers, origin } = row;
  const contents = [atMs, startMs ?? '', durationMs, coverageMs, flags, synced, numbers];
  return crc32((origin === null ? contents : [...contents, origin]).join(' '));
}

/** What all minutes of a sensor under one engine and profile share. */
export type RowSource = Pick<Interval, 'kind' | 'sensor' | 'engine' | 'profile'> & {
  readonly mode?: 'rate' | 'hashing';
};

export function rowSource(interval: ClosedInterval): RowSource {
  const { kind, sensor, engine, profile } = interval;
  const source = { kind, sensor, engine, profile };
  return interval.kind === 'presence' ? { ...source, mode: interval.mode } : source;
}

export function toRow(interval: ClosedInterval, sequence: number): IntervalRow {
  const { atSeconds, epochSeconds } = interval.place;
  return {
    sequence,
    atMs: Math.round(atSeconds * 1000),
    startMs: epochSeconds === null ? null : Math.round(epochSeconds * 1000),
    durationMs: Math.round(interval.durationSeconds * 1000),
    coverageMs: Math.round(interval.coverageSeconds * 1000),
    flags: interval.flags.reduce((bits, flag) => bits | (1 << sensorFlags.indexOf(flag)), 0),
    synced: interval.clock === 'synced' ? 1 : 0,
    numbers: numbersOf(interval).join(','),
    origin: null,
  };
}

function numbersOf(interval: ClosedInterval): number[] {
  switch (interval.kind) {
    case 'crossing': {
      const rejected = rejectionReasons.map((reason) => interval.rejected[reason] ?? 0);
      while (rejected.at(-1) === 0) rejected.pop();
      return [interval.in, interval.out, interval.standardErrorIn, interval.standardErrorOut, ...rejected];
    }
    case 'motion':
      return [interval.activations, interval.activeSeconds, interval.orderedIn, interval.orderedOut];
    case 'presence':
      return [interval.frames, interval.indicator, interval.standardError, ...interval.bands];
  }
}

/** The interval as it goes over the wire; always the same for the same row. The row must be stamped. */
export function fromRow(row: IntervalRow, source: RowSource, origin: string): Interval {
  if (row.startMs === null) throw new Error(`sequence ${row.sequence} has no start yet`);
  const common = {
    sequence: row.sequence,
    origin,
    sensor: source.sensor,
    start: utcTime(row.startMs),
    durationSeconds: row.durationMs / 1000,
    coverageSeconds: row.coverageMs / 1000,
    flags: sensorFlags.filter((_, bit) => (row.flags >> bit) & 1) as SensorFlag[],
    engine: source.engine,
    profile: source.profile,
    clock: row.synced === 1 ? ('synced' as const) : ('estimated' as const),
  };
  const [first = 0, second = 0, third = 0, fourth = 0, ...rest] = row.numbers.split(',').map(Number);
  switch (source.kind) {
    case 'crossing': {
      const rejected: { [reason in RejectionReason]?: number } = {};
      for (const [at, count] of rest.entries()) {
        if (count > 0) rejected[rejectionReasons[at]!] = count;
      }
      const numbers = { in: first, out: second, standardErrorIn: third, standardErrorOut: fourth };
      return { kind: 'crossing', ...common, ...numbers, rejected };
    }
    case 'motion': {
      const numbers = { activations: first, activeSeconds: second, orderedIn: third, orderedOut: fourth };
      return { kind: 'motion', ...common, ...numbers };
    }
    case 'presence': {
      const bands = row.numbers.split(',').slice(3).map(Number);
      const numbers = { frames: first, indicator: second, standardError: third, bands };
      return { kind: 'presence', ...common, mode: source.mode ?? 'rate', ...numbers };
    }
  }
}

/** UTC with milliseconds only where there are any: most minutes start on the minute. */
function utcTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

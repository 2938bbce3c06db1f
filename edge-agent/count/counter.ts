import type { RejectionReason, SensorFlag } from '../../gateway/contract/count-batch.ts';
import type { DistanceChunk, MotionChunk, ProbeChunk } from '../../hardware/sensor.ts';

/**
 * The counters' port: readings in, findings out, time only as data. A counter takes chunks in time
 * order and allocates nothing for a reading; what it has found waits until it is drained. Findings
 * are rare, so they are objects.
 */

export type Direction = 'in' | 'out';

/** One person whose body passed the line. `confidence` is the probability that this is so. */
export interface Crossing {
  readonly atSeconds: number;
  readonly direction: Direction;
  readonly confidence: number;
}

/** A path that was seen and is no crossing. */
export interface Rejection {
  readonly atSeconds: number;
  readonly reason: RejectionReason;
}

/** Something wrong with the sensor; `toSeconds` is null while it lasts. */
export interface FlagSpan {
  readonly flag: SensorFlag;
  readonly fromSeconds: number;
  readonly toSeconds: number | null;
}

/**
 * A contribution to the error of the count at a time: variances (people²) of the true number of
 * `in` and `out` given what was seen, from doubtful crossings and from people likely missed. One of
 * them may be negative, where it makes up for an earlier bias; their sum over an interval counts.
 */
export interface Doubt {
  readonly atSeconds: number;
  readonly varianceIn: number;
  readonly varianceOut: number;
}

/** Receives findings in the order of their times. */
export interface CrossingSink {
  crossing(crossing: Crossing): void;
  rejection(rejection: Rejection): void;
  doubt(doubt: Doubt): void;
  /** Called when a flag is raised (`toSeconds` null) and again when it ends. */
  flag(span: FlagSpan): void;
}

/**
 * No finding is reported later than this after its time: intervals close ten seconds after their
 * end. Who stood under the sensor for longer gets the time of setting off for good.
 */
export const settleSecondsMax = 9;

/** Counts people crossing a line from distances. */
export interface CrossingCounter {
  /** Name and version, as carried by every interval. */
  readonly engine: string;
  /** Totals at once, before to-and-fro is settled. */
  readonly live: { readonly in: number; readonly out: number };
  take(chunk: DistanceChunk): void;
  /** Says that time has come to `atSeconds` even if no reading did; settles what is due. */
  advance(atSeconds: number): void;
  /** Hands over what has settled since the last call. */
  drain(sink: CrossingSink): void;
  /** The source has ended: settles everything that is still open. Drain once more afterwards. */
  finish(): void;
}

/** Receives activations of motion detectors. `order` is set where a pair told the direction. */
export interface MotionSink {
  activation(activation: { readonly atSeconds: number; readonly order: Direction | null }): void;
  /** A span in which any zone was active, reported when it ends. */
  active(span: { readonly fromSeconds: number; readonly toSeconds: number }): void;
  flag(span: FlagSpan): void;
}

/** Counts activations of passive infrared detectors. */
export interface MotionCounter {
  readonly engine: string;
  take(chunk: MotionChunk): void;
  advance(atSeconds: number): void;
  drain(sink: MotionSink): void;
  finish(): void;
}

/**
 * One closed window of WiFi presence; `startSeconds` on the sensor's own time line. `indicator` is
 * busy seconds in mode `rate` and distinct radios in mode `hashing`, of frames as strong as the
 * profile asks, for the seconds that `coverageSeconds` says were heard; nothing is scaled up.
 */
export interface PresenceWindow {
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly coverageSeconds: number;
  readonly frames: number;
  readonly indicator: number;
  readonly standardError: number;
  readonly saturated: boolean;
  /** Bursts by signal band, weakest first; empty in mode `hashing`. */
  readonly bands: readonly number[];
  /** Frames that could not be read. */
  readonly malformed: number;
}

/** Receives the windows that have closed since the last call. */
export interface PresenceSink {
  window(window: PresenceWindow): void;
}

/**
 * Turns probe requests into windows aligned to the calendar. A window nobody listened in is handed
 * over with coverage 0, so that a gap is never mistaken for an empty place.
 */
export interface PresenceCounter {
  readonly engine: string;
  readonly mode: 'rate' | 'hashing';
  take(chunk: ProbeChunk): void;
  advance(atSeconds: number): void;
  drain(sink: PresenceSink): void;
  finish(): void;
  /** The calendar is known better: the open window ends, and the next ones begin, on its grid. */
  adopt(calendarOffsetSeconds: number): void;
  /** Overwrites keys and bits; the counter is dead afterwards. */
  wipe(): void;
}

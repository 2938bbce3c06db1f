import type {
  CrossingInterval,
  MotionInterval,
  PresenceInterval,
} from '../../gateway/contract/count-batch.ts';

/** Where an interval lies in time, as far as that is known when it closes. */
interface IntervalPlace {
  /**
   * Start on the sensor's own time line: seconds since boot for a live sensor (the machine's
   * monotonic clock), seconds from the recording's start for a recorded one.
   */
  readonly atSeconds: number;
  /** Start in seconds since 1970, UTC; null for one that closed before the clock was trusted. */
  readonly epochSeconds: number | null;
}

type Unsent<Wire> = Omit<Wire, 'sequence' | 'start'> & { readonly place: IntervalPlace };

/** An interval that has closed and waits for its key: the wire's, without sequence and start. */
export type ClosedInterval = Unsent<CrossingInterval> | Unsent<MotionInterval> | Unsent<PresenceInterval>;
export type ClosedCrossingInterval = Unsent<CrossingInterval>;
export type ClosedMotionInterval = Unsent<MotionInterval>;
export type ClosedPresenceInterval = Unsent<PresenceInterval>;

/** What every interval of one sensor carries alike. */
export interface IntervalSource {
  readonly sensor: string;
  /** Name and version of the counter. */
  readonly engine: string;
  /** Hash of the site profile in force. */
  readonly profile: string;
}

/** To thousandths: finer than any clock or error here, and short on the wire and the card. */
export function roundToThousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}

import type { PresenceWindow } from '../count/counter.ts';
import { type ClosedPresenceInterval, type IntervalSource, roundToThousandths } from './closed-interval.ts';
import type { Calendar } from './minute-cells.ts';

export interface PresenceIntervalsOptions {
  readonly source: IntervalSource;
  readonly mode: 'rate' | 'hashing';
  readonly calendar: Calendar;
}

/** Turns the closed windows of a presence counter into intervals; the counter keeps what is open. */
export class PresenceIntervals {
  readonly kind = 'presence';
  readonly #source: IntervalSource;
  readonly #mode: 'rate' | 'hashing';
  #calendar: Calendar;
  #closed: ClosedPresenceInterval[] = [];

  constructor(options: PresenceIntervalsOptions) {
    this.#source = options.source;
    this.#mode = options.mode;
    this.#calendar = options.calendar;
  }

  /** Says how the sensor's time relates to the calendar from now on. */
  adopt(calendar: Calendar): void {
    this.#calendar = calendar;
  }

  window(window: PresenceWindow): void {
    const durationSeconds = roundToThousandths(window.durationSeconds);
    // A rest of less than a second says nothing, and the wire has no place for it.
    if (durationSeconds < 1) return;
    const calendar = this.#calendar;
    const known = calendar.trust !== 'none';
    this.#closed.push({
      kind: 'presence',
      sensor: this.#source.sensor,
      place: {
        atSeconds: roundToThousandths(window.startSeconds),
        epochSeconds: known ? window.startSeconds + calendar.offsetSeconds : null,
      },
      durationSeconds,
      coverageSeconds: Math.min(durationSeconds, roundToThousandths(window.coverageSeconds)),
      flags: window.saturated ? ['saturated'] : [],
      engine: this.#source.engine,
      profile: this.#source.profile,
      clock: known ? calendar.trust : 'estimated',
      mode: this.#mode,
      frames: window.frames,
      indicator: roundToThousandths(window.indicator),
      standardError: roundToThousandths(window.standardError),
      bands: [...window.bands],
    });
  }

  /** The intervals that have closed since the last call. */
  close(): ClosedPresenceInterval[] {
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }
}

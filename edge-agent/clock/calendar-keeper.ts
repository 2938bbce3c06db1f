import type { Calendar } from '../interval/minute-cells.ts';

export type ClockTrust = 'unsynced' | 'synced' | 'stepped';

/** What is known at one moment. */
export interface ClockObservation {
  readonly nowSeconds: number;
  readonly wallSeconds: number;
  /** The operating system vouches for the wall clock. */
  readonly synchronized: boolean;
}

/** More than the kernel ever slews at once: the clock was set. */
const stepSecondsMin = 0.5;

/** After a step the vouching must last this long: what vouched just before the step proves nothing. */
const confirmSeconds = 20;

/** 2020: before the first release of this program. A Pi without a clock believes in 1970. */
const wallSecondsMin = Date.UTC(2020, 0, 1) / 1000;
/** 2100: the wire's pattern of times ends there. */
const wallSecondsMax = Date.UTC(2100, 0, 1) / 1000;

/**
 * Decides when the calendar is believed: `unsynced → synced → stepped → synced`. While `stepped` the
 * calendar that was trusted before goes on by the monotonic clock, as an estimate. Pure: time is data.
 */
export class CalendarKeeper {
  #trust: ClockTrust = 'unsynced';
  #offsetSeconds = 0;
  #candidateOffsetSeconds = 0;
  #vouchedSinceSeconds: number | null = null;

  get trust(): ClockTrust {
    return this.#trust;
  }

  get calendar(): Calendar {
    if (this.#trust === 'unsynced') return { trust: 'none' };
    return { trust: this.#trust === 'synced' ? 'synced' : 'estimated', offsetSeconds: this.#offsetSeconds };
  }

  /** Goes on from what another process of the same boot trusted. */
  resume(offsetSeconds: number): void {
    this.#adopt(offsetSeconds);
  }

  /** Takes one observation and returns the trust after it. */
  observe(observation: ClockObservation): ClockTrust {
    const offsetSeconds = observation.wallSeconds - observation.nowSeconds;
    const plausible = observation.wallSeconds >= wallSecondsMin && observation.wallSeconds < wallSecondsMax;
    const vouched = observation.synchronized && plausible;
    switch (this.#trust) {
      case 'unsynced':
        if (vouched) this.#adopt(offsetSeconds);
        break;
      case 'synced':
        // Slews are followed; a step waits for the operating system's word.
        if (Math.abs(offsetSeconds - this.#offsetSeconds) < stepSecondsMin)
          this.#offsetSeconds = offsetSeconds;
        else this.#step(offsetSeconds);
        break;
      case 'stepped':
        this.#confirm(observation.nowSeconds, offsetSeconds, vouched);
        break;
    }
    return this.#trust;
  }

  #step(offsetSeconds: number): void {
    this.#trust = 'stepped';
    this.#candidateOffsetSeconds = offsetSeconds;
    this.#vouchedSinceSeconds = null;
  }

  #confirm(nowSeconds: number, offsetSeconds: number, vouched: boolean): void {
    if (Math.abs(offsetSeconds - this.#offsetSeconds) < stepSecondsMin) {
      this.#adopt(offsetSeconds);
      return;
    }
    if (Math.abs(offsetSeconds - this.#candidateOffsetSeconds) >= stepSecondsMin) this.#step(offsetSeconds);
    this.#candidateOffsetSeconds = offsetSeconds;
    if (!vouched) this.#vouchedSinceSeconds = null;
    else this.#vouchedSinceSeconds ??= nowSeconds;
    const since = this.#vouchedSinceSeconds;
    if (since !== null && nowSeconds - since >= confirmSeconds) this.#adopt(offsetSeconds);
  }

  #adopt(offsetSeconds: number): void {
    this.#trust = 'synced';
    this.#offsetSeconds = offsetSeconds;
    this.#vouchedSinceSeconds = null;
  }
}

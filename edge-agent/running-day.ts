/** People so far, both ways. */
export interface RunningTotals {
  readonly in: number;
  readonly out: number;
}

const none: RunningTotals = { in: 0, out: 0 };

/** Where a time lies in the local day. */
interface LocalTime {
  readonly day: string;
  readonly secondOfDay: number;
}

/**
 * Today's totals out of a counter that only ever grows: begins again at local midnight, and goes on
 * after a restart with what was counted earlier today. Only for the owner's screens; what counts
 * are the intervals.
 */
export class RunningDay {
  readonly #format: Intl.DateTimeFormat;
  readonly #countedSince: (midnightEpochSeconds: number) => RunningTotals;
  #day: string | null = null;
  #carried = none;
  #base = none;

  /**
   * `timeZone` is an IANA name. `countedSince` tells once, when the day is first known, what earlier
   * processes counted since its midnight.
   */
  constructor(timeZone: string | undefined, countedSince: (midnightEpochSeconds: number) => RunningTotals) {
    this.#format = new Intl.DateTimeFormat('en-GB', {
      ...(timeZone === undefined ? {} : { timeZone }),
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    });
    this.#countedSince = countedSince;
  }

  /** Today's totals; `epochSeconds` is null while the time is unknown, and then no day begins. */
  totals(epochSeconds: number | null, live: RunningTotals): RunningTotals {
    if (epochSeconds !== null) this.#begin(epochSeconds, live);
    return {
      in: Math.max(0, this.#carried.in + live.in - this.#base.in),
      out: Math.max(0, this.#carried.out + live.out - this.#base.out),
    };
  }

  #begin(epochSeconds: number, live: RunningTotals): void {
    const { day } = this.#local(epochSeconds);
    if (day === this.#day) return;
    if (this.#day === null) this.#carried = this.#countedSince(this.#midnightBefore(epochSeconds));
    else {
      this.#carried = none;
      this.#base = { in: live.in, out: live.out };
    }
    this.#day = day;
  }

  /** On the two days a year that are an hour longer or shorter, midnight is an hour off the plain sum. */
  #midnightBefore(epochSeconds: number): number {
    const { day, secondOfDay } = this.#local(epochSeconds);
    const plain = Math.floor(epochSeconds) - secondOfDay;
    for (const shift of [0, 3600, -3600]) {
      const there = this.#local(plain + shift);
      if (there.day === day && there.secondOfDay === 0) return plain + shift;
    }
    return plain;
  }

  #local(epochSeconds: number): LocalTime {
    const parts = new Map(
      this.#format.formatToParts(epochSeconds * 1000).map(({ type, value }) => [type, value]),
    );
    const number = (type: 'hour' | 'minute' | 'second') => Number(parts.get(type));
    return {
      day: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
      secondOfDay: number('hour') * 3600 + number('minute') * 60 + number('second'),
    };
  }
}

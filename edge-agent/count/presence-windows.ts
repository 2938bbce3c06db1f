import type { PresenceWindowSeconds } from './presence-window-seconds.ts';

/** A listener that reports nothing for this long after a window's end has missed the rest of it. */
const lateSecondsMax = 5;

export interface PresenceWindowsOptions {
  readonly windowSeconds: PresenceWindowSeconds;
  /** What must be added to the sensor's time to get seconds since 1970. */
  readonly calendarOffsetSeconds: number;
}

/** What a window knows of its time when it closes. */
export interface WindowSpan {
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly coverageSeconds: number;
}

/** Cuts the sensor's time into windows of the calendar and keeps the account of what was heard. */
export class PresenceWindows {
  /** End of the open window on the sensor's time line; before the first chunk nothing is open. */
  endSeconds = Number.NEGATIVE_INFINITY;
  readonly #windowSeconds: number;
  readonly #closed: (span: WindowSpan) => void;
  #calendarOffsetSeconds: number;
  #startSeconds = 0;
  #heardToSeconds = Number.NaN;
  #coverageSeconds = 0;

  /** `closed` is called with each window when it is over, before anything of the next one is taken. */
  constructor(options: PresenceWindowsOptions, closed: (span: WindowSpan) => void) {
    this.#windowSeconds = options.windowSeconds;
    this.#calendarOffsetSeconds = options.calendarOffsetSeconds;
    this.#closed = closed;
  }

  get open(): boolean {
    return !Number.isNaN(this.#heardToSeconds);
  }

  /** The first reading or progress: opens the window it lies in. */
  begin(atSeconds: number): void {
    this.#heardToSeconds = atSeconds;
    this.#startSeconds = this.#gridAfter(atSeconds) - this.#windowSeconds;
    this.endSeconds = this.#gridAfter(atSeconds);
  }

  /** The open window is cut short at the new grid, so that all later ones lie on it. */
  adopt(calendarOffsetSeconds: number): void {
    this.#calendarOffsetSeconds = calendarOffsetSeconds;
    if (!this.open) return;
    // A window of less than a second would say nothing: then the cut comes one window later.
    const cut = this.#gridAfter(Math.max(this.#heardToSeconds, this.#startSeconds + 1));
    this.endSeconds = Math.min(this.endSeconds, cut);
  }

  /** Time went on to `atSeconds`; `heard` says whether anybody listened on the way. */
  hearTo(atSeconds: number, heard: boolean): void {
    while (atSeconds >= this.endSeconds) {
      this.#hear(this.endSeconds, heard);
      this.#close();
    }
    this.#hear(atSeconds, heard);
  }

  /** Time has come to `atSeconds`; windows that are long over close even if the sensor is silent. */
  advance(atSeconds: number): void {
    if (!this.open) return;
    while (atSeconds - lateSecondsMax >= this.endSeconds) {
      this.#hear(this.endSeconds, false);
      this.#close();
    }
  }

  /** Closes the open window if anything of it was heard. */
  finish(): void {
    if (this.open && this.#coverageSeconds > 0) this.#close();
    this.#heardToSeconds = Number.NaN;
    this.endSeconds = Number.NEGATIVE_INFINITY;
  }

  #hear(toSeconds: number, heard: boolean): void {
    if (toSeconds <= this.#heardToSeconds) return;
    if (heard) this.#coverageSeconds += toSeconds - this.#heardToSeconds;
    this.#heardToSeconds = toSeconds;
  }

  #close(): void {
    const startSeconds = this.#startSeconds;
    const durationSeconds = this.endSeconds - startSeconds;
    const coverageSeconds = Math.min(durationSeconds, this.#coverageSeconds);
    this.#startSeconds = this.endSeconds;
    this.endSeconds = this.#gridAfter(this.#startSeconds);
    this.#coverageSeconds = 0;
    this.#closed({ startSeconds, durationSeconds, coverageSeconds });
  }

  /** The first boundary of the calendar's grid after a time. */
  #gridAfter(atSeconds: number): number {
    const offset = this.#calendarOffsetSeconds;
    // Half a microsecond: sums with a time since 1970 are not exact below that.
    const index = Math.floor((atSeconds + offset + 5e-7) / this.#windowSeconds) + 1;
    return index * this.#windowSeconds - offset;
  }
}

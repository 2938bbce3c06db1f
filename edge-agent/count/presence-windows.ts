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
  readonly #options: PresenceWindowsOptions;
  readonly #closed: (span: WindowSpan) => void;
  #index = 0;
  #heardToSeconds = Number.NaN;
  #coverageSeconds = 0;

  /** `closed` is called with each window when it is over, before anything of the next one is taken. */
  constructor(options: PresenceWindowsOptions, closed: (span: WindowSpan) => void) {
    this.#options = options;
    this.#closed = closed;
  }

  get open(): boolean {
    return !Number.isNaN(this.#heardToSeconds);
  }

  /** The first reading or progress: opens the window it lies in. */
  begin(atSeconds: number): void {
    const { windowSeconds, calendarOffsetSeconds } = this.#options;
    this.#index = Math.floor((atSeconds + calendarOffsetSeconds) / windowSeconds);
    this.#heardToSeconds = atSeconds;
    this.endSeconds = this.#startOf(this.#index + 1);
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
    const { windowSeconds } = this.#options;
    const coverageSeconds = Math.min(windowSeconds, this.#coverageSeconds);
    this.#closed({
      startSeconds: this.#startOf(this.#index),
      durationSeconds: windowSeconds,
      coverageSeconds,
    });
    this.#coverageSeconds = 0;
    this.#index += 1;
    this.endSeconds = this.#startOf(this.#index + 1);
  }

  #startOf(index: number): number {
    return index * this.#options.windowSeconds - this.#options.calendarOffsetSeconds;
  }
}

import type { ProbeChunk } from '../../hardware/sensor.ts';
import type { PresenceCounter, PresenceSink, PresenceWindow } from './counter.ts';
import { PresenceWindows, type PresenceWindowsOptions, type WindowSpan } from './presence-windows.ts';

/**
 * Frames closer than this belong to one burst: a phone scanning a channel sends its requests 10 to
 * 40 ms apart, and scans again after seconds (Freudiger, WiSec 2015).
 */
const burstGapSeconds = 0.1;

/** Upper edges of the signal bands but the last, dBm: from the street, from next door, from here. */
const bandEdgesDbm = [-85, -75, -65, -55] as const;
const bands = bandEdgesDbm.length + 1;

/**
 * Above this share of busy seconds one more phone hardly shows. At 0.95 the true rate is three times
 * the seconds counted, as for any clock that is blind for a second after each event.
 */
const busyShareMax = 0.95;

export interface RateOptions extends PresenceWindowsOptions {
  /** Weaker frames come from beyond the place; frames of unknown strength pass. */
  readonly minimumSignalDbm: number;
}

/**
 * Mode `rate`: counts the seconds in which anybody near asked for a network, and bursts by signal
 * band; never looks at an address. Renaming every radio changes nothing, because no name is read.
 *
 * Busy seconds rather than frames: a phone that shouts counts once a second like a quiet one.
 */
export class RatePresenceCounter implements PresenceCounter {
  readonly engine = 'presence-rate/1';
  readonly mode = 'rate';
  readonly #windows: PresenceWindows;
  readonly #minimumSignalDbm: number;
  readonly #bands = new Uint32Array(bands);
  #closed: PresenceWindow[] = [];
  #frames = 0;
  #malformed = 0;
  #busySeconds = 0;
  #busySecond = Number.NEGATIVE_INFINITY;
  #lastSeconds = Number.NEGATIVE_INFINITY;
  #burstDbm = Number.NEGATIVE_INFINITY;

  constructor(options: RateOptions) {
    this.#windows = new PresenceWindows(options, (span) => this.#close(span));
    this.#minimumSignalDbm = options.minimumSignalDbm;
  }

  take(chunk: ProbeChunk): void {
    const windows = this.#windows;
    const minimumSignalDbm = this.#minimumSignalDbm;
    if (!windows.open) windows.begin(chunk.length > 0 ? chunk.atSeconds[0]! : chunk.progressSeconds);
    for (let i = 0; i < chunk.length; i += 1) {
      const atSeconds = chunk.atSeconds[i]!;
      const signalDbm = chunk.signalDbm[i]!;
      if (atSeconds >= windows.endSeconds) windows.hearTo(atSeconds, !chunk.deaf);
      if (atSeconds - this.#lastSeconds > burstGapSeconds) this.#endBurst();
      this.#lastSeconds = atSeconds;
      this.#frames += 1;
      if (signalDbm > this.#burstDbm) this.#burstDbm = signalDbm;
      // An unknown strength is the port's largest value, so it passes.
      if (signalDbm >= minimumSignalDbm && Math.floor(atSeconds) !== this.#busySecond) {
        this.#busySecond = Math.floor(atSeconds);
        this.#busySeconds += 1;
      }
    }
    this.#malformed += chunk.malformed;
    windows.hearTo(chunk.progressSeconds, !chunk.deaf);
  }

  advance(atSeconds: number): void {
    this.#windows.advance(atSeconds);
  }

  adopt(calendarOffsetSeconds: number): void {
    this.#windows.adopt(calendarOffsetSeconds);
  }

  drain(sink: PresenceSink): void {
    const closed = this.#closed;
    if (closed.length === 0) return;
    this.#closed = [];
    for (const window of closed) sink.window(window);
  }

  finish(): void {
    this.#windows.finish();
  }

  wipe(): void {
    this.#clear();
  }

  /** A burst belongs to the band of its strongest frame, which is known when it is over. */
  #endBurst(): void {
    if (this.#burstDbm === Number.NEGATIVE_INFINITY) return;
    let band = 0;
    while (band < bandEdgesDbm.length && this.#burstDbm >= bandEdgesDbm[band]!) band += 1;
    this.#bands[band] = this.#bands[band]! + 1;
    this.#burstDbm = Number.NEGATIVE_INFINITY;
  }

  #close(span: WindowSpan): void {
    this.#endBurst();
    const idleShare = Math.max(0, 1 - this.#busySeconds / span.durationSeconds);
    this.#closed.push({
      ...span,
      frames: this.#frames,
      indicator: this.#busySeconds,
      // Each second is busy or not, independently: a binomial variable.
      standardError: Math.sqrt(this.#busySeconds * idleShare),
      saturated: this.#busySeconds > busyShareMax * span.durationSeconds,
      bands: [...this.#bands],
      malformed: this.#malformed,
    });
    this.#clear();
  }

  #clear(): void {
    this.#bands.fill(0);
    this.#frames = 0;
    this.#malformed = 0;
    this.#busySeconds = 0;
    this.#lastSeconds = Number.NEGATIVE_INFINITY;
    this.#busySecond = Number.NEGATIVE_INFINITY;
    this.#burstDbm = Number.NEGATIVE_INFINITY;
  }
}

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

/** A crowd of a thousand phones sends fewer; more is a machine that shouts, and the window is flagged. */
const framesPerSecondMax = 100;

/**
 * Mode `rate`: counts bursts of probe requests by their spacing, never looking at an address.
 * Renaming every radio changes nothing here, because no name is read.
 */
export class RatePresenceCounter implements PresenceCounter {
  readonly engine = 'presence-rate/1';
  readonly mode = 'rate';
  readonly #windows: PresenceWindows;
  readonly #bands = new Uint32Array(bands);
  #closed: PresenceWindow[] = [];
  #frames = 0;
  #malformed = 0;
  #bursts = 0;
  #lastSeconds = Number.NEGATIVE_INFINITY;
  #burstDbm = Number.NEGATIVE_INFINITY;

  constructor(options: PresenceWindowsOptions) {
    this.#windows = new PresenceWindows(options, (span) => this.#close(span));
  }

  take(chunk: ProbeChunk): void {
    const windows = this.#windows;
    if (!windows.open) windows.begin(chunk.length > 0 ? chunk.atSeconds[0]! : chunk.progressSeconds);
    for (let i = 0; i < chunk.length; i += 1) {
      const atSeconds = chunk.atSeconds[i]!;
      if (atSeconds >= windows.endSeconds) windows.hearTo(atSeconds, !chunk.deaf);
      if (atSeconds - this.#lastSeconds > burstGapSeconds) this.#endBurst();
      this.#lastSeconds = atSeconds;
      this.#frames += 1;
      if (chunk.signalDbm[i]! > this.#burstDbm) this.#burstDbm = chunk.signalDbm[i]!;
    }
    this.#malformed += chunk.malformed;
    windows.hearTo(chunk.progressSeconds, !chunk.deaf);
  }

  advance(atSeconds: number): void {
    this.#windows.advance(atSeconds);
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
    this.#bursts += 1;
    let band = 0;
    while (band < bandEdgesDbm.length && this.#burstDbm >= bandEdgesDbm[band]!) band += 1;
    this.#bands[band] = this.#bands[band]! + 1;
    this.#burstDbm = Number.NEGATIVE_INFINITY;
  }

  #close(span: WindowSpan): void {
    this.#endBurst();
    this.#lastSeconds = Number.NEGATIVE_INFINITY;
    this.#closed.push({
      ...span,
      frames: this.#frames,
      indicator: this.#bursts,
      // Bursts come independently of each other, so their number is spread like a Poisson variable.
      standardError: Math.sqrt(this.#bursts),
      saturated: this.#frames > framesPerSecondMax * span.durationSeconds,
      bands: [...this.#bands],
      malformed: this.#malformed,
    });
    this.#clear();
  }

  #clear(): void {
    this.#bands.fill(0);
    this.#frames = 0;
    this.#malformed = 0;
    this.#bursts = 0;
    this.#burstDbm = Number.NEGATIVE_INFINITY;
  }
}

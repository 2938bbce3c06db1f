import type { ProbeChunk } from '../../hardware/sensor.ts';
import type { PresenceCounter, PresenceSink, PresenceWindow } from './counter.ts';
import { PanPrivateSketch, type SketchOptions } from './pan-private-sketch.ts';
import { PresenceWindows, type PresenceWindowsOptions, type WindowSpan } from './presence-windows.ts';
import { estimateRadios } from './radio-estimate.ts';

/** Bytes of a radio's address. */
const addressBytes = 6;

export interface HashingOptions extends PresenceWindowsOptions, SketchOptions {
  /** Weaker frames come from beyond the place; frames of unknown strength pass. */
  readonly minimumSignalDbm: number;
}

/**
 * Mode `hashing`: estimates distinct radios from pan-private bits whose key lives for one window.
 * Only the estimate and its standard error leave; key and bits are overwritten when a window ends.
 */
export class HashingPresenceCounter implements PresenceCounter {
  readonly engine = 'presence-hashing/1';
  readonly mode = 'hashing';
  readonly #options: HashingOptions;
  readonly #windows: PresenceWindows;
  readonly #sketch: PanPrivateSketch;
  #closed: PresenceWindow[] = [];
  #frames = 0;
  #malformed = 0;

  constructor(options: HashingOptions) {
    this.#options = options;
    this.#windows = new PresenceWindows(options, (span) => this.#close(span));
    this.#sketch = new PanPrivateSketch(options);
    this.#sketch.begin();
  }

  /** Throws a RangeError where the chunk carries no addresses: the sensor was opened in mode `rate`. */
  take(chunk: ProbeChunk): void {
    const windows = this.#windows;
    const address = chunk.address;
    const { minimumSignalDbm } = this.#options;
    if (address === undefined) throw new RangeError('mode hashing needs a sensor opened in mode hashing');
    if (!windows.open) windows.begin(chunk.length > 0 ? chunk.atSeconds[0]! : chunk.progressSeconds);
    for (let i = 0; i < chunk.length; i += 1) {
      const atSeconds = chunk.atSeconds[i]!;
      if (atSeconds >= windows.endSeconds) windows.hearTo(atSeconds, !chunk.deaf);
      this.#frames += 1;
      if (chunk.signalDbm[i]! < minimumSignalDbm) continue;
      this.#sketch.arrive(address, i * addressBytes);
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
    this.wipe();
  }

  wipe(): void {
    this.#sketch.wipe();
    this.#frames = 0;
    this.#malformed = 0;
  }

  #close(span: WindowSpan): void {
    const { bits, epsilon } = this.#options;
    const { radios, standardError, saturated } = estimateRadios(this.#sketch.setBits(), bits, epsilon);
    this.#closed.push({
      ...span,
      frames: this.#frames,
      indicator: radios,
      standardError,
      saturated,
      bands: [],
      malformed: this.#malformed,
    });
    this.wipe();
    this.#sketch.begin();
  }
}

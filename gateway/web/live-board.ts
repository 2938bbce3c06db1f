import type { LiveEvent } from '../contract/http-api.ts';
import type { CountsReader } from './api/counts-reader.ts';
import { isoTime } from './api/iso-time.ts';

/** A town's minutes arrive together; one event a second is as live as anybody can read. */
const coalesceMs = 1_000;
/** Screens that watch at once; each keeps a socket open. */
export const listenersMax = 200;

export type LiveListener = (event: LiveEvent) => void;

/** Turns "something has changed" into events with today's totals, for those who watch. */
export class LiveBoard {
  readonly #reader: CountsReader;
  readonly #now: () => number;
  readonly #failed: (cause: unknown) => void;
  readonly #listeners = new Set<LiveListener>();
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: { reader: CountsReader; now: () => number; failed: (cause: unknown) => void }) {
    this.#reader = parts.reader;
    this.#now = parts.now;
    this.#failed = parts.failed;
  }

  /** Starts watching; null where too many watch already. The function that is returned stops it. */
  watch(listener: LiveListener): (() => void) | null {
    if (this.#listeners.size >= listenersMax) return null;
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Says that totals may have changed. */
  changed(): void {
    if (this.#timer !== null || this.#listeners.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.event().then((event) => {
        for (const listener of this.#listeners) listener(event);
      }, this.#failed);
    }, coalesceMs);
  }

  /** How it stands now. */
  async event(): Promise<LiveEvent> {
    return { at: isoTime(this.#now()), lines: await this.#reader.today() };
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#listeners.clear();
  }
}

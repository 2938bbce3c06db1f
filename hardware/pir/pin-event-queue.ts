import type { Clock } from '../clock.ts';
import type { PinEvent } from './pin-watch.ts';

/** Nobody is moved ten thousand times before the agent looks again. */
const waitingMax = 10_000;

/** Events from callbacks, to be taken one by one. */
export class PinEventQueue {
  readonly #waiting: PinEvent[] = [];
  #wake: (() => void) | null = null;

  push(event: PinEvent): void {
    if (this.#waiting.length < waitingMax) this.#waiting.push(event);
    this.#wake?.();
  }

  /** The next event, or null after `seconds` without one. */
  async next(clock: Clock, seconds: number, signal: AbortSignal): Promise<PinEvent | null> {
    if (this.#waiting.length === 0 && !signal.aborted) {
      const waiting = new AbortController();
      const stop = () => waiting.abort();
      signal.addEventListener('abort', stop, { once: true });
      this.#wake = stop;
      await clock.sleep(seconds, waiting.signal);
      this.#wake = null;
      signal.removeEventListener('abort', stop);
    }
    return this.#waiting.shift() ?? null;
  }
}

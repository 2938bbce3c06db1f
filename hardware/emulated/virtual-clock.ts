import type { Clock } from '../clock.ts';

interface Sleeper {
  readonly wakeAtSeconds: number;
  readonly wake: () => void;
}

/**
 * A clock whose time passes only while everybody sleeps: when nothing is left to run, it jumps to
 * the earliest sleeper. Several drivers and devices may share one.
 */
export class VirtualClock implements Clock {
  #nowSeconds: number;
  readonly #sleepers: Sleeper[] = [];
  #pumping = false;

  constructor(startSeconds = 0) {
    this.#nowSeconds = startSeconds;
  }

  nowSeconds(): number {
    return this.#nowSeconds;
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const abort = () => this.#remove(sleeper);
    const sleeper: Sleeper = {
      wakeAtSeconds: this.#nowSeconds + Math.max(0, seconds),
      wake: () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      },
    };
    const later = this.#sleepers.findIndex((other) => other.wakeAtSeconds > sleeper.wakeAtSeconds);
    this.#sleepers.splice(later === -1 ? this.#sleepers.length : later, 0, sleeper);
    signal?.addEventListener('abort', abort);
    this.#pump();
    return promise;
  }

  #remove(sleeper: Sleeper): void {
    const place = this.#sleepers.indexOf(sleeper);
    if (place >= 0) this.#sleepers.splice(place, 1);
    sleeper.wake();
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    // setImmediate runs after all promises that are ready: only then does everybody sleep.
    setImmediate(() => {
      this.#pumping = false;
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#nowSeconds = Math.max(this.#nowSeconds, next.wakeAtSeconds);
      next.wake();
      if (this.#sleepers.length > 0) this.#pump();
    });
  }
}

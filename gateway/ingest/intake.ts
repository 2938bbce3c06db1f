import { StoreError } from '../store/count-store.ts';
import type { IntakeCounters } from './intake-counters.ts';

/** How often a full or broken storage is tried again. */
export const storageRetryMs = 5_000;

/** Whether messages are taken. While paused nothing is receipted, so devices keep what they have. */
export type IntakeState =
  | { readonly state: 'flowing'; readonly sinceMs: number }
  | {
      readonly state: 'paused';
      readonly sinceMs: number;
      readonly cause: string;
      readonly retryAtMs: number;
    };

/** Told once when the storage begins to refuse and once when it takes again. */
export interface IntakeAlarm {
  paused(cause: unknown): void;
  resumed(pausedMs: number): void;
  /** A write failed for another reason, which is a bug: the message is dropped, the next one is taken. */
  failed(cause: unknown): void;
}

/**
 * The gate before the store. A fault of the storage closes it; the first message after the retry
 * time is the probe that opens it again.
 */
export class Intake {
  readonly #now: () => number;
  readonly #alarm: IntakeAlarm;
  readonly #counters: IntakeCounters;
  #state: IntakeState;

  constructor(parts: { now: () => number; alarm: IntakeAlarm; counters: IntakeCounters }) {
    this.#now = parts.now;
    this.#alarm = parts.alarm;
    this.#counters = parts.counters;
    this.#state = { state: 'flowing', sinceMs: parts.now() };
  }

  get state(): IntakeState {
    return this.#state;
  }

  /** Does work that writes to the store; null where the storage refuses or is not tried yet. */
  async attempt<T>(write: () => Promise<T>): Promise<T | null> {
    if (this.#state.state === 'paused' && this.#now() < this.#state.retryAtMs) {
      this.#counters.messagesDropped += 1;
      return null;
    }
    try {
      const result = await write();
      this.#open();
      return result;
    } catch (cause) {
      this.#counters.messagesDropped += 1;
      if (cause instanceof StoreError) this.#close(cause);
      else this.#alarm.failed(cause);
      return null;
    }
  }

  #open(): void {
    if (this.#state.state === 'flowing') return;
    const pausedMs = this.#now() - this.#state.sinceMs;
    this.#state = { state: 'flowing', sinceMs: this.#now() };
    this.#alarm.resumed(pausedMs);
  }

  #close(cause: StoreError): void {
    this.#counters.storageFaults += 1;
    const now = this.#now();
    const first = this.#state.state === 'flowing';
    const sinceMs = first ? now : this.#state.sinceMs;
    this.#state = { state: 'paused', sinceMs, cause: cause.message, retryAtMs: now + storageRetryMs };
    if (first) this.#alarm.paused(cause);
  }
}

/** Values pushed by callbacks, read by one loop in order. */
export class EventQueue<Value> {
  readonly #values: Value[] = [];
  #wake: (() => void) | null = null;

  push(value: Value): void {
    this.#values.push(value);
    this.#wake?.();
  }

  /** The next value, or null when `signal` aborts and nothing is left. */
  async next(signal: AbortSignal): Promise<Value | null> {
    while (this.#values.length === 0) {
      if (signal.aborted) return null;
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          this.#wake = null;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    return this.#values.shift()!;
  }
}

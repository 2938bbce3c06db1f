/**
 * Time as drivers see it: monotonic seconds and a way to wait. Drivers take it as a parameter so
 * that ten minutes of a device's life pass in a second of a test.
 */
export interface Clock {
  /** Monotonic seconds; on a real machine those of CLOCK_MONOTONIC, which all sensors share. */
  nowSeconds(): number;
  /** Resolves after at least `seconds`, or at once when `signal` aborts. Never rejects. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. Timers have a grain of one millisecond. */
export const monotonicClock: Clock = {
  nowSeconds: () => Number(process.hrtime.bigint()) / 1e9,
  sleep: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(0, seconds * 1000));
      signal?.addEventListener('abort', finish, { once: true });
    }),
};

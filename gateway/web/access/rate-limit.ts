/** A page of a hundred lines opens at once and goes on every few seconds. */
const burstRequests = 300;
const requestsPerSecond = 20;
/** Guests are told apart by address and can only guess passwords. */
const guestBurstRequests = 20;
const guestRequestsPerSecond = 0.2;
/** Callers remembered at a time; when there are more, those who have waited longest are forgotten. */
const callersMax = 10_000;

/** A bucket of requests for each caller, filled at a steady rate. */
export class RateLimit {
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** False where the caller's bucket is empty. */
  takes(caller: string): boolean {
    const guest = caller.startsWith('guest:');
    const [burst, perSecond] = guest
      ? [guestBurstRequests, guestRequestsPerSecond]
      : [burstRequests, requestsPerSecond];
    const atMs = this.#now();
    const bucket = this.#buckets.get(caller) ?? { left: burst, atMs };
    // A clock that was set back must not lock anybody out.
    const elapsedSeconds = Math.max(0, atMs - bucket.atMs) / 1000;
    const left = Math.min(burst, bucket.left + elapsedSeconds * perSecond);
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { left: Math.max(0, left - 1), atMs });
    if (this.#buckets.size > callersMax) this.#buckets.delete(this.#buckets.keys().next().value!);
    return left >= 1;
  }
}

/** Limits a rate: `perSecond` tokens flow in, and at most `capacity` of them wait. Pure. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #tokens: number;
  #atSeconds: number | null = null;

  constructor(perSecond: number, capacity: number) {
    this.#perSecond = perSecond;
    this.#capacity = capacity;
    this.#tokens = capacity;
  }

  /** Whole tokens that are there now. */
  available(nowSeconds: number): number {
    const elapsed = this.#atSeconds === null ? 0 : Math.max(0, nowSeconds - this.#atSeconds);
    this.#atSeconds = nowSeconds;
    this.#tokens = Math.min(this.#capacity, this.#tokens + elapsed * this.#perSecond);
    return Math.floor(this.#tokens);
  }

  take(tokens: number): void {
    this.#tokens -= tokens;
  }

  /** When `tokens` will be there. */
  readySeconds(nowSeconds: number, tokens: number): number {
    const missing = Math.min(tokens, this.#capacity) - this.available(nowSeconds);
    return missing <= 0 ? nowSeconds : nowSeconds + missing / this.#perSecond;
  }
}

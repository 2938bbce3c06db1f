/** Where a random choice of the simulation comes from. */
export type Random = () => number;

interface Entry {
  readonly atSeconds: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * True time of a simulated world. Nothing happens but by entries; between two of them every promise
 * that is ready runs, so the order of events is a function of the seed alone.
 */
export class Timeline {
  #nowSeconds = 0;
  #order = 0;
  #entries = 0;
  /** A binary heap by time, then by order of entry. */
  readonly #heap: Entry[] = [];

  get nowSeconds(): number {
    return this.#nowSeconds;
  }

  /** Entries that have run. */
  get steps(): number {
    return this.#entries;
  }

  /** Runs `run` at a time; one that has passed is now. */
  at(atSeconds: number, run: () => void): void {
    this.#order += 1;
    this.#push({ atSeconds: Math.max(atSeconds, this.#nowSeconds), order: this.#order, run });
  }

  after(seconds: number, run: () => void): void {
    this.at(this.#nowSeconds + seconds, run);
  }

  wait(seconds: number): Promise<void> {
    return new Promise((resolve) => this.after(seconds, resolve));
  }

  /** Lets the world live until a time. */
  async runUntil(untilSeconds: number): Promise<void> {
    await settled();
    for (
      let next = this.#heap[0];
      next !== undefined && next.atSeconds <= untilSeconds;
      next = this.#heap[0]
    ) {
      this.#pop();
      this.#nowSeconds = next.atSeconds;
      this.#entries += 1;
      next.run();
      await settled();
    }
    this.#nowSeconds = untilSeconds;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(left: Entry, right: Entry): boolean {
  return left.atSeconds < right.atSeconds || (left.atSeconds === right.atSeconds && left.order < right.order);
}

/** Resolves when every promise that is ready has run: setImmediate comes after all of them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

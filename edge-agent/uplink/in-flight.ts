import type { Receipt } from '../../gateway/contract/receipt.ts';

/** Without a receipt a batch is sent again after this time, doubling, while the link is up. */
const resendSecondsMin = 30;
/** An hour: a gateway that does not answer for a day is asked two dozen times, not thousands. */
const resendSecondsMax = 3600;

interface Sent {
  attempts: number;
  dueSeconds: number;
}

/** The sequences of one epoch that are on their way: sent, and not receipted. */
export class InFlight {
  readonly #random: () => number;
  readonly #sent = new Map<number, Sent>();

  /** `random` between 0 and 1: a town's devices must not repeat themselves in step. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Whether a sequence is on its way and not due to be sent again. */
  has(sequence: number, nowSeconds: number): boolean {
    const sent = this.#sent.get(sequence);
    return sent !== undefined && sent.dueSeconds > nowSeconds;
  }

  /** How many sequences are on their way and not due again. */
  count(nowSeconds: number): number {
    let count = 0;
    for (const { dueSeconds } of this.#sent.values()) if (dueSeconds > nowSeconds) count += 1;
    return count;
  }

  sent(sequences: readonly number[], nowSeconds: number): void {
    const jitter = 1 + this.#random() / 2;
    for (const sequence of sequences) {
      const attempts = this.#sent.get(sequence)?.attempts ?? 0;
      const pause = Math.min(resendSecondsMin * 2 ** attempts, resendSecondsMax) * jitter;
      this.#sent.set(sequence, { attempts: attempts + 1, dueSeconds: nowSeconds + pause });
    }
  }

  /** Takes back what was not handed over after all. */
  failed(sequences: readonly number[]): void {
    for (const sequence of sequences) this.#sent.delete(sequence);
  }

  receipted(receipt: Receipt): void {
    const ranges = [...receipt.beyond, ...receipt.refused.map(({ from, to }) => [from, to] as const)];
    for (const sequence of this.#sent.keys()) {
      const accounted =
        sequence <= receipt.through || ranges.some(([from, to]) => sequence >= from && sequence <= to);
      if (accounted) this.#sent.delete(sequence);
    }
  }

  /** When the first sequence is due again; infinite where none is on its way. */
  nextDueSeconds(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueSeconds } of this.#sent.values()) next = Math.min(next, dueSeconds);
    return next;
  }

  clear(): void {
    this.#sent.clear();
  }
}

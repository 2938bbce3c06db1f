import type { LinkEvent, LinkMessage } from '../../edge-agent/uplink/link.ts';
import type { CountBatch } from '../../gateway/contract/count-batch.ts';
import type { Receipt, Resume } from '../../gateway/contract/receipt.ts';

interface Told {
  store: string;
  through: number;
  beyond: (readonly [number, number])[];
  nonce: string | null;
}

/**
 * Watches one run's conversation: under one store the accounted range only grows, so what a receipt
 * has covered is not sent again, but after the direct answer to a question or another store's word.
 */
export class ReceiptWatch {
  readonly #told = new Map<string, Told>();
  readonly #nonces = new Map<string, string>();
  readonly #violated: (violation: string) => void;

  constructor(violated: (violation: string) => void) {
    this.#violated = violated;
  }

  /** The program has dealt with an event. */
  heard(event: LinkEvent): void {
    if (event.kind !== 'message' || !event.topic.endsWith('/receipt')) return;
    const receipt = JSON.parse(new TextDecoder().decode(event.payload)) as Receipt;
    const { epoch, store, through, beyond, answers } = receipt;
    const before = this.#told.get(epoch);
    const isAnswer = answers !== undefined && answers === this.#nonces.get(epoch);
    if (isAnswer) this.#nonces.delete(epoch);
    if (before === undefined || before.store !== store || isAnswer) {
      this.#told.set(epoch, { store, through, beyond: [...beyond], nonce: null });
      return;
    }
    before.through = Math.max(before.through, through);
    before.beyond.push(...beyond);
  }

  said(message: LinkMessage): void {
    if (message.topic.endsWith('/resume')) {
      const { epoch, nonce } = JSON.parse(message.payload) as Resume;
      this.#nonces.set(epoch, nonce);
    }
    if (!message.topic.endsWith('/counts')) return;
    const { epoch, intervals } = JSON.parse(message.payload) as CountBatch;
    const told = this.#told.get(epoch);
    if (told === undefined) return;
    for (const { sequence } of intervals) {
      const covered =
        sequence <= told.through || told.beyond.some(([from, to]) => sequence >= from && sequence <= to);
      if (!covered) continue;
      this.#violated(`sequence ${sequence} of ${epoch} is sent again after its receipt`);
      return;
    }
  }
}

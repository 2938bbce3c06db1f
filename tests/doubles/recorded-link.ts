import type { Receipt } from '../../gateway/contract/receipt.ts';
import type { IncomingMessage, MessageLink } from '../../gateway/ingest/message-link.ts';

/** A link without a broker: messages are delivered by the test, and what is published is kept. */
export class RecordedLink implements MessageLink {
  readonly kind = 'embedded';
  connected = true;
  readonly published: { topic: string; payload: string; retain: boolean }[] = [];
  /** While set, publishing fails with it. */
  failure: Error | null = null;
  /** Called before each publication, so that a test can look at the store at that moment. */
  beforePublish: () => void = () => {};
  #handle: (message: IncomingMessage) => Promise<void> = async () => {};

  async listen(handle: (message: IncomingMessage) => Promise<void>): Promise<void> {
    this.#handle = handle;
  }

  async publish(message: { topic: string; payload: string; retain: boolean }): Promise<void> {
    this.beforePublish();
    if (this.failure) throw this.failure;
    this.published.push(message);
  }

  async close(): Promise<void> {}

  async deliver(topic: string, payload: Uint8Array | string): Promise<void> {
    await this.#handle({ topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload });
  }

  get receipts(): Receipt[] {
    return this.published.map(({ payload }) => JSON.parse(payload) as Receipt);
  }

  get lastReceipt(): Receipt | undefined {
    return this.receipts.at(-1);
  }
}

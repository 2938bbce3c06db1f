import { EventQueue } from '../../edge-agent/uplink/event-queue.ts';
import type { Link, LinkEvent, LinkMessage } from '../../edge-agent/uplink/link.ts';
import type { CountBatch } from '../../gateway/contract/count-batch.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';

/** A link whose other end the test plays: it hears what was published and says what comes back. */
export class ScriptedLink implements Link {
  readonly said: LinkMessage[] = [];
  readonly wills: LinkMessage[] = [];
  /** Called for each message before it counts as taken; throws to fail the publish. */
  hear: (message: LinkMessage) => void = () => {};
  readonly #events = new EventQueue<LinkEvent>();
  #up = false;

  async *events(signal: AbortSignal): AsyncIterable<LinkEvent> {
    for (;;) {
      const event = await this.#events.next(signal);
      if (event === null) return;
      yield event;
    }
  }

  async publish(message: LinkMessage): Promise<void> {
    if (!this.#up) throw new Error('the link is down');
    this.said.push(message);
    this.hear(message);
  }

  setWill(message: LinkMessage): void {
    this.wills.push(message);
  }

  async close(): Promise<void> {}

  goUp(): void {
    this.#up = true;
    this.#events.push({ kind: 'up', protocol: 'MQTT 5' });
  }

  goDown(): void {
    this.#up = false;
    this.#events.push({ kind: 'down', reason: 'the test said so' });
  }

  /** Says a receipt to device `shop-1`. */
  receipt(receipt: Receipt | object, retained = false): void {
    const payload = new TextEncoder().encode(JSON.stringify(receipt));
    this.#events.push({ kind: 'message', topic: 'passant/v1/shop-1/receipt', payload, retained });
  }

  /** The batches that were published, in order. */
  get batches(): CountBatch[] {
    return this.on('counts').map(({ payload }) => JSON.parse(payload) as CountBatch);
  }

  on(leaf: string): LinkMessage[] {
    return this.said.filter(({ topic }) => topic === `passant/v1/shop-1/${leaf}`);
  }
}

/** The books of a gateway that stores everything: enough of one for the conversation. */
export class BookkeepingGateway {
  readonly stored = new Map<string, Set<number>>();
  readonly store: string;
  /** Whether batches are answered; resume requests always are, unless `deaf`. */
  answersBatches = true;
  deaf = false;
  readonly #link: ScriptedLink;

  constructor(link: ScriptedLink, store = '00000000000000aa') {
    this.#link = link;
    this.store = store;
    link.hear = (message) => this.#hear(message);
  }

  receiptOf(epoch: string): Receipt {
    const stored = this.stored.get(epoch) ?? new Set<number>();
    let through = 0;
    while (stored.has(through + 1)) through += 1;
    const beyond: [number, number][] = [];
    for (const sequence of [...stored].sort((left, right) => left - right)) {
      if (sequence <= through) continue;
      const last = beyond.at(-1);
      if (last !== undefined && last[1] === sequence - 1) last[1] = sequence;
      else beyond.push([sequence, sequence]);
    }
    return { version: 1, store: this.store, epoch, through, beyond, refused: [] };
  }

  #hear({ topic, payload }: LinkMessage): void {
    if (this.deaf) return;
    const said = JSON.parse(payload) as { epoch: string; nonce?: string; intervals?: { sequence: number }[] };
    if (topic.endsWith('/resume')) this.#link.receipt({ ...this.receiptOf(said.epoch), answers: said.nonce });
    if (!topic.endsWith('/counts')) return;
    const stored = this.stored.get(said.epoch) ?? new Set<number>();
    for (const { sequence } of said.intervals!) stored.add(sequence);
    this.stored.set(said.epoch, stored);
    if (this.answersBatches) this.#link.receipt(this.receiptOf(said.epoch));
  }
}

import { batchIntervalsMax } from '../../gateway/contract/count-batch.ts';
import { type Receipt, receiptVersion } from '../../gateway/contract/receipt.ts';
import { buildTopic } from '../../gateway/contract/topics.ts';
import type { AgentClock } from '../clock/clock.ts';
import { type HeldEpoch, type Outbox, OutboxError, type ReceiptOutcome } from '../outbox/outbox.ts';
import { buildBatch } from './batch.ts';
import { beginConversation, type Conversation } from './conversation.ts';
import type { Link, LinkEvent } from './link.ts';
import { parseReceipt } from './parse-receipt.ts';
import { TokenBucket } from './token-bucket.ts';

/** Intervals on their way without a receipt. More would only wait in the broker's memory. */
const inFlightMax = 4 * batchIntervalsMax;
/** Of these, what backfill may take: live data always find room. */
const backfillInFlightMax = 2 * batchIntervalsMax;
/** A `resume` without an answer is asked again after this time, doubling. */
const resumeSecondsMin = 15;
const resumeSecondsMax = 900;
/** The loop looks at least this often, so that a missed wake-up costs seconds and not a day. */
const lookSecondsMax = 5;
/** And not more often than this, whatever seems to be due. */
const lookSecondsMin = 0.01;

export interface UplinkConfig {
  readonly startDelaySecondsMax: number;
  readonly backfillOrder: 'newest-first' | 'oldest-first';
  readonly backfillIntervalsPerSecond: number;
  /** How long the first interval of a batch may wait for others. */
  readonly batchSecondsMax: number;
}

/** What the uplink tells its owner; logged at the edge. */
export type UplinkEvent =
  | { readonly kind: 'up'; readonly protocol: string }
  | { readonly kind: 'fallback'; readonly protocol: string; readonly reason: string }
  | { readonly kind: 'down'; readonly reason: string; readonly untrusted?: boolean }
  | { readonly kind: 'receipt'; readonly outcome: ReceiptOutcome; readonly receipt: Receipt }
  | { readonly kind: 'receipt-unreadable'; readonly reason: string }
  | { readonly kind: 'outbox-fault'; readonly error: OutboxError }
  | { readonly kind: 'message'; readonly leaf: string; readonly payload: Uint8Array };

export interface UplinkParts {
  readonly device: string;
  /** The outbox in force: a damaged one is replaced while the uplink runs. */
  readonly outbox: () => Outbox;
  readonly link: Link;
  readonly clock: AgentClock;
  readonly random: () => number;
  readonly config: UplinkConfig;
  readonly report: (event: UplinkEvent) => void;
}

/**
 * Drains the outbox:
 *
 *   up → resume → answer → batches → receipts → … → down → up → …
 *
 * A batch without a receipt is sent again; only receipts make an interval delivered. All of the
 * conversation's state may be lost at any time: the outbox and the next answer restore it.
 */
export class Uplink {
  readonly #parts: UplinkParts;
  readonly #backfill: TokenBucket;
  readonly #conversations = new Map<string, Conversation>();
  #up = false;
  #unsentSinceSeconds: number | null = null;
  #wakeUp = new AbortController();

  constructor(parts: UplinkParts) {
    this.#parts = parts;
    const { backfillIntervalsPerSecond } = parts.config;
    this.#backfill = new TokenBucket(backfillIntervalsPerSecond, batchIntervalsMax);
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** Says that something was appended. */
  wake(): void {
    this.#unsentSinceSeconds ??= this.#parts.clock.nowSeconds();
    this.#wakeUp.abort();
  }

  /** Publishes one of this device's own messages; false where the link is down. */
  async say(leaf: 'status' | 'live' | 'in-force', payload: string): Promise<boolean> {
    if (!this.#up) return false;
    const topic = buildTopic(this.#parts.device, leaf);
    // What somebody may ask for later is kept by the broker; running totals are for now.
    const kept = leaf !== 'live';
    try {
      await this.#parts.link.publish({ topic, payload, qos: kept ? 1 : 0, retain: kept });
      return true;
    } catch {
      return false;
    }
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random, config } = this.#parts;
    // After a power cut a whole town starts at once.
    await clock.sleep(random() * config.startDelaySecondsMax, signal);
    if (signal.aborted) return;
    await Promise.all([this.#listen(signal), this.#drain(signal)]);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    for await (const event of this.#parts.link.events(signal)) this.#take(event);
    this.#up = false;
  }

  #take(event: LinkEvent): void {
    switch (event.kind) {
      case 'up':
        this.#up = true;
        this.#conversations.clear();
        this.#parts.report(event);
        this.#wakeUp.abort();
        break;
      case 'fallback':
        this.#parts.report(event);
        break;
      case 'down':
        this.#up = false;
        this.#conversations.clear();
        this.#parts.report(event);
        break;
      case 'message':
        this.#takeMessage(event.topic, event.payload);
        break;
    }
  }

  #takeMessage(topic: string, payload: Uint8Array): void {
    if (topic === buildTopic(this.#parts.device, 'receipt')) this.#takeReceipt(payload);
    else this.#parts.report({ kind: 'message', leaf: topic.slice(topic.lastIndexOf('/') + 1), payload });
  }

  #takeReceipt(payload: Uint8Array): void {
    const receipt = parseReceipt(payload);
    if (typeof receipt === 'string') {
      this.#parts.report({ kind: 'receipt-unreadable', reason: receipt });
      return;
    }
    const conversation = this.#conversations.get(receipt.epoch);
    const isAnswer = receipt.answers !== undefined && receipt.answers === conversation?.nonce;
    let outcome: ReceiptOutcome;
    try {
      outcome = this.#parts.outbox().accept(receipt, isAnswer);
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      this.#parts.report({ kind: 'outbox-fault', error });
      return;
    }
    if (conversation !== undefined) {
      if (isAnswer) conversation.nonce = null;
      conversation.answered ||= isAnswer;
      if (outcome === 'taken') conversation.inFlight.receipted(receipt);
      else conversation.inFlight.clear();
    }
    this.#parts.report({ kind: 'receipt', outcome, receipt });
    this.#wakeUp.abort();
  }

  async #drain(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    while (!signal.aborted) {
      this.#wakeUp = new AbortController();
      const wakeUp = AbortSignal.any([signal, this.#wakeUp.signal]);
      const nextSeconds = this.#up ? await this.#guarded(() => this.#step()) : Number.POSITIVE_INFINITY;
      const pause = Math.min(nextSeconds - clock.nowSeconds(), lookSecondsMax);
      await clock.sleep(Math.max(pause, lookSecondsMin), wakeUp);
    }
  }

  /** A fault of the outbox is its owner's to mend; meanwhile nothing is sent. */
  async #guarded(work: () => Promise<number> | number): Promise<number> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      this.#parts.report({ kind: 'outbox-fault', error });
      return Number.POSITIVE_INFINITY;
    }
  }

  /** Does what is due and returns when to look again. */
  async #step(): Promise<number> {
    let nextSeconds = Number.POSITIVE_INFINITY;
    const epochs = this.#parts.outbox().epochs();
    for (const [at, epoch] of epochs.entries()) {
      const conversation = this.#conversationOf(epoch.epoch);
      if (!conversation.answered || !epoch.verified) await this.#resume(epoch, conversation);
      if (conversation.answered && epoch.verified) {
        const isCurrent = at === epochs.length - 1;
        if (isCurrent && conversation.liveAbove < 0) conversation.liveAbove = epoch.lastSequence;
        nextSeconds = Math.min(nextSeconds, await this.#send(epoch, conversation, isCurrent));
      } else nextSeconds = Math.min(nextSeconds, conversation.resumeDueSeconds);
      if (!this.#up) break;
    }
    return nextSeconds;
  }

  #conversationOf(epoch: string): Conversation {
    const known = this.#conversations.get(epoch);
    if (known !== undefined) return known;
    const conversation = beginConversation(this.#parts.random);
    this.#conversations.set(epoch, conversation);
    return conversation;
  }

  async #resume(epoch: HeldEpoch, conversation: Conversation): Promise<void> {
    const { clock, random, device, link } = this.#parts;
    if (conversation.resumeDueSeconds > clock.nowSeconds()) return;
    const pause = Math.min(resumeSecondsMin * 2 ** conversation.resumeAttempts, resumeSecondsMax);
    conversation.resumeAttempts += 1;
    conversation.resumeDueSeconds = clock.nowSeconds() + pause * (1 + random() / 2);
    const nonce = Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
    conversation.nonce = nonce;
    const payload = JSON.stringify({ version: receiptVersion, epoch: epoch.epoch, nonce });
    await link
      .publish({ topic: buildTopic(device, 'resume'), payload, qos: 1, retain: false })
      .catch(() => undefined);
  }

  /** Sends what is due of one epoch: live data first, then backfill as far as its rate allows. */
  async #send(epoch: HeldEpoch, conversation: Conversation, isCurrent: boolean): Promise<number> {
    const { clock, config } = this.#parts;
    let nextSeconds = conversation.inFlight.nextDueSeconds();
    if (isCurrent) nextSeconds = Math.min(nextSeconds, await this.#sendLive(epoch, conversation));
    const now = clock.nowSeconds();
    const tokens = this.#backfill.available(now);
    const onTheirWay = conversation.inFlight.count(now);
    // Of an epoch with gaps one batch at a time: each says what lies before it is gone or delivered.
    const room = epoch.gaps && onTheirWay > 0 ? 0 : backfillInFlightMax - onTheirWay;
    const limit = Math.min(tokens, room, batchIntervalsMax);
    const order = epoch.gaps ? 'oldest-first' : config.backfillOrder;
    const below = isCurrent ? conversation.liveAbove + 1 : epoch.lastSequence + 1;
    if (limit > 0 && this.#up) {
      const sent = await this.#sendBatch(epoch, conversation, {
        above: 0,
        below,
        limit,
        order,
      });
      this.#backfill.take(sent);
      // There may be more: wait for a good part of a batch rather than send one by one.
      if (sent === limit && sent > 0) {
        nextSeconds = Math.min(nextSeconds, this.#backfill.readySeconds(now, batchIntervalsMax / 4));
      }
    } else if (room > 0) {
      nextSeconds = Math.min(nextSeconds, this.#backfill.readySeconds(now, batchIntervalsMax / 4));
    }
    return nextSeconds;
  }

  async #sendLive(epoch: HeldEpoch, conversation: Conversation): Promise<number> {
    const { clock, config } = this.#parts;
    for (;;) {
      const now = clock.nowSeconds();
      const room = inFlightMax - conversation.inFlight.count(now);
      const waiting = this.#parts.outbox().state.lastSequence - conversation.liveAbove;
      if (room <= 0 || waiting <= 0 || !this.#up) return Number.POSITIVE_INFINITY;
      const since = this.#unsentSinceSeconds;
      const ripe = since === null || now - since >= config.batchSecondsMax || waiting >= batchIntervalsMax;
      if (!ripe) return since + config.batchSecondsMax;
      this.#unsentSinceSeconds = null;
      const limit = Math.min(room, batchIntervalsMax);
      const query = { above: conversation.liveAbove, below: Number.MAX_SAFE_INTEGER, limit };
      const sent = await this.#sendBatch(epoch, conversation, { ...query, order: 'oldest-first' });
      if (sent === 0) return Number.POSITIVE_INFINITY;
    }
  }

  /** Sends one batch and returns how many intervals it took along. */
  async #sendBatch(
    epoch: HeldEpoch,
    conversation: Conversation,
    query: { above: number; below: number; limit: number; order: 'oldest-first' | 'newest-first' },
  ): Promise<number> {
    const { clock, device, link, outbox } = this.#parts;
    const now = clock.nowSeconds();
    const except = (sequence: number) => conversation.inFlight.has(sequence, now);
    const intervals = outbox().pending({ ...query, epoch: epoch.epoch, except });
    if (intervals.length === 0) return 0;
    const oldestHeld = Math.max(1, epoch.oldestHeld);
    const { payload, sequences } = buildBatch(epoch.epoch, oldestHeld, intervals);
    conversation.inFlight.sent(sequences, now);
    try {
      await link.publish({ topic: buildTopic(device, 'counts'), payload, qos: 1, retain: false });
    } catch {
      // The link is down or going: the next connection begins with a question, not with this.
      conversation.inFlight.failed(sequences);
      return 0;
    }
    return sequences.length;
  }
}

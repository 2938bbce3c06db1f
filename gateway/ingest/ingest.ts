import { Compile } from 'typebox/compile';
import { DeviceStatus, LiveTotals } from '../contract/device-status.ts';
import { Resume } from '../contract/receipt.ts';
import { buildTopic, parseTopic } from '../contract/topics.ts';
import { type AccountedRange, type EpochAccount, emptyAccount, receiptOf } from '../store/account.ts';
import {
  type AdmittedInterval,
  BatchLimitError,
  type CountStore,
  type QuarantineReason,
} from '../store/count-store.ts';
import { readBatch } from './batch-reader.ts';
import type { DeviceProfiles } from './device-profiles.ts';
import type { DeviceRoll } from './device-roll.ts';
import type { Intake } from './intake.ts';
import type { IntakeCounters } from './intake-counters.ts';
import type { IncomingMessage, MessageLink } from './message-link.ts';
import type { RunningTotals } from './running-totals.ts';

/** Told what the edge of the program logs or passes on; never given a payload. */
export interface IngestObserver {
  committed(device: string): void;
  totalsRan(): void;
  /** A device said how it is, and that is kept. */
  statusTaken(device: string, status: DeviceStatus): void;
  /** Intervals of a device share their time with others of the same sensor. */
  overlapping(device: string, intervals: number): void;
  poison(entry: { device: string | null; reason: QuarantineReason; detail: string; bytes: number }): void;
  receiptFailed(device: string, cause: unknown): void;
}

export interface IngestParts {
  readonly store: CountStore;
  readonly link: MessageLink;
  readonly intake: Intake;
  readonly roll: DeviceRoll;
  readonly running: RunningTotals;
  /** Absent: what devices tell of their profiles is not kept. */
  readonly profiles?: DeviceProfiles;
  readonly counters: IntakeCounters;
  readonly observer: IngestObserver;
  readonly now: () => number;
}

const validStatus = Compile(DeviceStatus);
const validLive = Compile(LiveTotals);
const validResume = Compile(Resume);

/** A birth with sixteen sensors has 3 kB, running totals 4 kB. */
const smallMessageBytesMax = 16_384;
/** A profile of sixteen sensors has 10 kB. */
const profileBytesMax = 65_536;

/**
 * From a message to a receipt: read, store, commit, and only then answer. One message at a time;
 * a poison message is set aside and never keeps the next one waiting.
 */
export class Ingest {
  readonly #parts: IngestParts;

  constructor(parts: IngestParts) {
    this.#parts = parts;
  }

  /** Repeats the receipts of all known epochs, for brokers that forgot them, and begins to listen. */
  async start(): Promise<void> {
    for (const account of await this.#parts.store.readAccounts()) await this.#publishReceipt(account);
    await this.#parts.link.listen((message) => this.handle(message));
  }

  /** Takes one message. Never rejects. */
  async handle(message: IncomingMessage): Promise<void> {
    const topic = parseTopic(message.topic);
    if (topic === null) return this.#poison(message, null, { reason: 'wrong-topic', detail: 'not a topic' });
    const { device, leaf } = topic;
    switch (leaf) {
      case 'counts':
        return this.#takeBatch(device, message);
      case 'status':
        return this.#takeStatus(device, message);
      case 'live':
        return this.#takeLive(device, message);
      case 'resume':
        return this.#answerResume(device, message);
      case 'in-force':
        return this.#takeProfile(device, message);
      case 'receipt':
      case 'profile':
        return this.#poison(message, device, { reason: 'wrong-topic', detail: `${leaf} is ours to publish` });
    }
    leaf satisfies never;
  }

  async #takeBatch(device: string, message: IncomingMessage): Promise<void> {
    const { store, intake, counters, roll, observer, now } = this.#parts;
    const batch = readBatch(message.payload);
    if (batch.state === 'unreadable') return this.#poison(message, device, batch.fault);
    const standing = roll.standingOf(device);
    if (standing === 'no-room') return this.#poison(message, device, strangerFault);
    const admitted = standing === 'admitted';
    const commit = store.commitBatch.bind(store, {
      device,
      epoch: batch.epoch,
      receivedAtMs: now(),
      oldestHeld: admitted ? batch.oldestHeld : 1,
      intervals: admitted ? batch.intervals : [],
      refused: admitted ? batch.refused : strangersRefused(batch),
    });
    const outcome = await intake.attempt(() => commit().catch(limitOrThrow));
    if (outcome === null) return;
    if (outcome instanceof BatchLimitError) {
      return this.#poison(message, device, { reason: 'invalid', detail: outcome.message });
    }
    counters.batches += 1;
    counters.intervalsStored += outcome.stored;
    counters.intervalsDuplicate += outcome.duplicates;
    counters.poison.repeated += outcome.repeated;
    counters.intervalsOverlapping += outcome.overlapping;
    counters.poison['sequence-reused'] += outcome.reused;
    if (outcome.overlapping > 0) observer.overlapping(device, outcome.overlapping);
    void this.#publishReceipt(outcome.account);
    const fault = admitted ? batch.fault : strangerFault;
    if (fault) await this.#poison(message, device, fault);
    if (outcome.stored > 0) observer.committed(device);
  }

  async #takeStatus(device: string, message: IncomingMessage): Promise<void> {
    const { store, intake, roll, now } = this.#parts;
    const status = parseSmall(message.payload, validStatus);
    if (status === null) return this.#poison(message, device, faultOfSmall(message.payload, 'status'));
    if (roll.standingOf(device) !== 'admitted') return this.#poison(message, device, strangerFault);
    const kept = await intake.attempt(async () => {
      await store.recordStatus(device, status, now());
      return true;
    });
    if (kept) this.#parts.observer.statusTaken(device, status);
  }

  async #takeProfile(device: string, message: IncomingMessage): Promise<void> {
    const { profiles, intake, roll } = this.#parts;
    if (roll.standingOf(device) !== 'admitted') return this.#poison(message, device, strangerFault);
    if (message.payload.byteLength > profileBytesMax) {
      return this.#poison(message, device, { reason: 'oversized', detail: 'in-force' });
    }
    const kept = await intake.attempt(async () => profiles?.take(device, parseJson(message.payload)) ?? true);
    if (kept === false) {
      await this.#poison(message, device, {
        reason: 'invalid',
        detail: 'in-force against the schema or its hash',
      });
    }
  }

  async #takeLive(device: string, message: IncomingMessage): Promise<void> {
    const totals = parseSmall(message.payload, validLive);
    if (totals === null) return this.#poison(message, device, faultOfSmall(message.payload, 'live'));
    if (this.#parts.roll.standingOf(device) !== 'admitted') return;
    this.#parts.running.take(device, totals, this.#parts.now());
    this.#parts.observer.totalsRan();
  }

  /** A device asks where we stand: only this direct answer may make it send again what it has sent. */
  async #answerResume(device: string, message: IncomingMessage): Promise<void> {
    const { store, intake, counters } = this.#parts;
    const request = parseSmall(message.payload, validResume);
    if (request === null) return this.#poison(message, device, faultOfSmall(message.payload, 'resume'));
    const accounts = await intake.attempt(() => store.readAccounts(device));
    if (accounts === null) return;
    const known = accounts.find((account) => account.epoch === request.epoch);
    void this.#publishReceipt(known ?? emptyAccount(device, request.epoch), request.nonce);
    counters.resumesAnswered += 1;
  }

  /**
   * Never rejects. `handle` does not wait for it: a connection reads the broker's answer to our
   * message only after it has dealt with the message in hand. What is published first goes first.
   */
  async #publishReceipt(account: EpochAccount, answers?: string): Promise<void> {
    const { store, link, counters, observer } = this.#parts;
    const payload = JSON.stringify(receiptOf(store.id, account, answers));
    try {
      await link.publish({ topic: buildTopic(account.device, 'receipt'), payload, retain: true });
      counters.receiptsPublished += 1;
    } catch (cause) {
      // The device sends the batch again and gets the receipt then.
      counters.receiptsFailed += 1;
      observer.receiptFailed(account.device, cause);
    }
  }

  async #poison(message: IncomingMessage, device: string | null, fault: PoisonFault): Promise<void> {
    const { store, intake, counters, observer, now } = this.#parts;
    const { reason, detail } = fault;
    counters.poison[reason] += 1;
    observer.poison({ device, reason, detail, bytes: message.payload.byteLength });
    const entry = { receivedAtMs: now(), device, reason, detail, payload: message.payload };
    await intake.attempt(() => store.quarantine(entry));
  }
}

interface PoisonFault {
  readonly reason: QuarantineReason;
  readonly detail: string;
}

const strangerFault: PoisonFault = { reason: 'unknown-device', detail: 'not on the roll of devices' };

function limitOrThrow(cause: unknown): BatchLimitError {
  if (cause instanceof BatchLimitError) return cause;
  throw cause;
}

/** Everything a device sent that nobody has enrolled. */
function strangersRefused(batch: {
  readonly intervals: readonly AdmittedInterval[];
  readonly refused: readonly AccountedRange[];
}): AccountedRange[] {
  const sent = batch.intervals.map(({ interval }) => interval.sequence);
  const disposition = 'unknown-device';
  return [...sent.map((from) => ({ from, to: from, disposition }) as const), ...batch.refused];
}

/** A small message that keeps to its schema, or null. */
function parseSmall<T>(payload: Uint8Array, schema: { Check(value: unknown): value is T }): T | null {
  const value = payload.byteLength > smallMessageBytesMax ? undefined : parseJson(payload);
  return schema.Check(value) ? value : null;
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
}

function faultOfSmall(payload: Uint8Array, leaf: string): PoisonFault {
  if (payload.byteLength > smallMessageBytesMax) return { reason: 'oversized', detail: leaf };
  const version = (parseJson(payload) as { version?: unknown } | null | undefined)?.version;
  if (typeof version === 'number' && version > 1) return { reason: 'unknown-version', detail: leaf };
  return { reason: 'invalid', detail: `${leaf} against the schema` };
}

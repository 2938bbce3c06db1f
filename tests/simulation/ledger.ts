import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';

/** Why an interval may be missing for ever: what physically went with it. */
export type Excuse = 'card-damaged' | 'card-replaced';

/** A closed interval that an outbox has taken: the truth that the store is held against. */
export interface ClosedRecord {
  readonly device: string;
  readonly interval: ClosedInterval;
  readonly boot: string;
  /** True time of its start, seconds of the simulation. */
  readonly fromSeconds: number;
  /** What it is, whatever its key (`intervalOrigin`). */
  readonly origin: string;
  /** The keys it has had, `epoch/sequence`: after a card was copied more than one. */
  readonly keys: Set<string>;
  /** Whether the device has told of its key: another copy of the card may have used the same one. */
  said: boolean;
  excuse: Excuse | null;
  /** Whether the gateway had heard of it when it went: then the loss must be told by its number. */
  announced: boolean;
}

/** A span in which a run of the agent looked. `end` says how it ended. */
export interface LookedSpan {
  readonly fromSeconds: number;
  toSeconds: number;
  end: 'running' | 'closed' | 'crash' | 'power-cut';
}

/** Somebody moved. `certain` when the run that saw it had dealt with it. */
export interface Pulse {
  readonly atSeconds: number;
  certain: boolean;
}

/** A violation of what the design promises, in one line. */
export type Violation = string;

/** What one device truly saw and closed. */
export class DeviceLedger {
  readonly device: string;
  readonly records: ClosedRecord[] = [];
  readonly looked: LookedSpan[] = [];
  /** True times at which somebody moved before a run that looked. */
  readonly pulses: Pulse[] = [];
  /** Spans of intervals that a full outbox refused, which is declared and shows as no coverage. */
  readonly refused: { readonly fromSeconds: number; readonly toSeconds: number }[] = [];
  /** Times at which the power went, and since when nothing had reached the card because it was full. */
  readonly powerCuts: { readonly atSeconds: number; readonly unwrittenSinceSeconds: number }[] = [];

  /** Origins of what was sent, by key and hash. */
  readonly sent = new Map<string, string>();
  /** Boots of the machine that learned the time before they ended. */
  readonly timedBoots = new Set<string>();

  constructor(device: string) {
    this.device = device;
  }
}

/** A closed interval under the key that it has on one card. */
export interface HeldRecord {
  readonly record: ClosedRecord;
  readonly epoch: string;
  readonly sequence: number;
}

/** The files of a card and which closed intervals lie on it. */
export interface Card {
  folder: string;
  held: HeldRecord[];
  /** A page was torn since it was last read: it may have forgotten what it had taken. */
  torn: boolean;
}

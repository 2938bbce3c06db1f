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
  epoch: string;
  sequence: number;
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

  /** Boots of the machine that learned the time before they ended. */
  readonly timedBoots = new Set<string>();

  constructor(device: string) {
    this.device = device;
  }
}

/** The files of a card and which closed intervals lie on it. */
export interface Card {
  folder: string;
  records: ClosedRecord[];
  /** A page was torn since it was last read: it may have forgotten what it had taken. */
  torn: boolean;
}

import { InFlight } from './in-flight.ts';

/** What is going on with one epoch on the present connection. */
export interface Conversation {
  readonly inFlight: InFlight;
  nonce: string | null;
  resumeDueSeconds: number;
  resumeAttempts: number;
  answered: boolean;
  /** Sequences above are live, the others backfill. */
  liveAbove: number;
}

/** A conversation in which nothing was said yet. `random` between 0 and 1. */
export function beginConversation(random: () => number): Conversation {
  return {
    inFlight: new InFlight(random),
    nonce: null,
    resumeDueSeconds: 0,
    resumeAttempts: 0,
    answered: false,
    liveAbove: -1,
  };
}

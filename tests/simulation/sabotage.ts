import type { Outbox } from '../../edge-agent/outbox/outbox.ts';
import type { Link } from '../../edge-agent/uplink/link.ts';
import type { CountStore } from '../../gateway/store/count-store.ts';

/**
 * Bugs that a test plants to show that the simulation finds them: what the programs are made of,
 * replaced by something that does it wrong. Empty in every honest run.
 */
export interface Sabotage {
  readonly outbox?: (inner: Outbox) => Outbox;
  readonly agentLink?: (inner: Link) => Link;
  readonly randomEpoch?: () => string;
  /** `folder` holds the files that survive the gateway's death; the store may name another. */
  readonly store?: (inner: CountStore, folder: string) => CountStore & { survivingFolder(): string };
}

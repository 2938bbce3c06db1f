import type { RejectionReason } from '../../gateway/contract/count-batch.ts';
import type { Direction } from './counter.ts';

/**
 * One path that was seen, before its neighbours have been heard. `direction` is null where the
 * path alone already says that nobody passed, and `reason` tells why.
 */
export interface PathCandidate {
  /** Number of the stretch it was seen in: within one, something was always there. */
  stretch: number;
  atSeconds: number;
  startSeconds: number;
  endSeconds: number;
  direction: Direction | null;
  reason: RejectionReason | null;
  /** Probability that exactly this happened. */
  confidence: number;
  heightMm: number;
  /** Duration above half height, mean of both sides. */
  widthSeconds: number;
  lagSeconds: number;
}

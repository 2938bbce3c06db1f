import type { RejectionReason } from '../../gateway/contract/count-batch.ts';
import type { Direction } from './counter.ts';

/**
 * One path that was seen, before its neighbours have been heard. `direction` is null where the
 * path alone already says that nobody passed, and `reason` tells why.
 */
export interface PathCandidate {
  /** Lane of a wide passage in which it was seen. */
  lane: number;
  /** Seen in two lanes at once: nobody else can be the same person. */
  isShared: boolean;
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
  /** Lower peak over higher peak of the two sides: a wide flat top reads the same on both. */
  evenness: number;
  /** Duration above half height, mean of both sides. */
  widthSeconds: number;
  lagSeconds: number;
  /** Length of what is up at four fifths of the height, from lag and geometry; NaN where unknown. */
  topLengthMm: number;
  /** The same at half of the height. */
  lengthMm: number;
  speedMmPerSecond: number;
  /** Difference of the lags of fall and rise, as a share of the width. */
  asymmetry: number;
  /** How low the far side fell since the passing before, the other way, as a share of the height. */
  valleyShare: number;
  /** One of two who met under the sensor. */
  isMeeting: boolean;
  /** The way back of a path that is already on the list. */
  isEcho: boolean;
  /** Rise and fall tell the same direction. */
  isClean: boolean;
  /** How long the lower body was seen on the first side before, and on the last side after the head. */
  approachSeconds: number;
  leaveSeconds: number;
}

/** A path with nothing measured yet. */
export function emptyPath(stretch: number, atSeconds: number): PathCandidate {
  return {
    lane: 0,
    isShared: false,
    stretch,
    atSeconds,
    startSeconds: atSeconds,
    endSeconds: atSeconds,
    direction: null,
    reason: null,
    confidence: 0.95,
    heightMm: 0,
    evenness: 0,
    widthSeconds: 0,
    lagSeconds: 0,
    topLengthMm: Number.NaN,
    lengthMm: Number.NaN,
    speedMmPerSecond: Number.NaN,
    asymmetry: 0,
    isClean: false,
    isEcho: false,
    isMeeting: false,
    valleyShare: 0,
    approachSeconds: Number.NaN,
    leaveSeconds: Number.NaN,
  };
}

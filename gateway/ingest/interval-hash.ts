import { hash } from 'node:crypto';
import {
  CrossingInterval,
  type Interval,
  MotionInterval,
  PresenceInterval,
  rejectionReasons,
} from '../contract/count-batch.ts';

/** Every name of every kind but the sequence, sorted: the order in which an agent writes does not matter. */
const names = [CrossingInterval, MotionInterval, PresenceInterval]
  .flatMap(({ properties }) => Object.keys(properties))
  .filter((name) => name !== 'sequence');
const sortedNames = [...new Set([...names, ...rejectionReasons])].sort();

/**
 * The first 64 bits of the SHA-256 of an interval's contents without its sequence, as the signed
 * number that databases keep.
 */
export function intervalHash(interval: Interval): bigint {
  return hash('sha256', JSON.stringify(interval, sortedNames), 'buffer').readBigInt64BE(0);
}

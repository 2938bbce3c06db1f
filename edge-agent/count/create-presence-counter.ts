import type { WifiSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { Timeline } from '../../hardware/sensor.ts';
import type { PresenceCounter } from './counter.ts';
import { HashingPresenceCounter } from './hashing-presence-counter.ts';
import { presenceWindowSeconds } from './presence-window-seconds.ts';
import { seededRandomness, systemRandomness } from './randomness.ts';
import { RatePresenceCounter } from './rate-presence-counter.ts';

export interface PresenceOptions {
  readonly timeline: Timeline;
  /** For a live sensor: what must be added to its time to get seconds since 1970. */
  readonly calendarOffsetSeconds?: number;
  /** Makes the coins of a replay reproducible. */
  readonly seed?: number;
}

/**
 * The counter of the mode that the profile names. Throws a RangeError for a window longer than 300
 * seconds, and for a seed with a live sensor: its coins always come from the system.
 */
export function createPresenceCounter(
  profile: Pick<WifiSensorProfile, 'mode' | 'windowSeconds' | 'epsilon' | 'bits' | 'minimumSignalDbm'>,
  options: PresenceOptions,
): PresenceCounter {
  const { timeline, seed } = options;
  if (timeline.kind === 'live' && seed !== undefined) {
    throw new RangeError('a live sensor takes its coins from the system: a seed is for replays only');
  }
  const windows = {
    windowSeconds: presenceWindowSeconds(profile.windowSeconds),
    calendarOffsetSeconds:
      options.calendarOffsetSeconds ?? (timeline.kind === 'recorded' ? timeline.startedAtEpochSeconds : 0),
    minimumSignalDbm: profile.minimumSignalDbm ?? Number.NEGATIVE_INFINITY,
  };
  switch (profile.mode) {
    case 'rate':
      return new RatePresenceCounter(windows);
    case 'hashing':
      return new HashingPresenceCounter({
        ...windows,
        bits: profile.bits,
        epsilon: profile.epsilon,
        randomness: seed === undefined ? systemRandomness : seededRandomness(seed),
      });
  }
}

/** What holds where only a mode is named: the defaults of the site profile's schema. */
export const presenceDefaults = { windowSeconds: 300, epsilon: 2, bits: 256 } as const;

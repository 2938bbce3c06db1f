import type { SensorProfile } from '../../gateway/contract/site-profile.ts';
import type { SensorDescription } from '../../hardware/sensor.ts';
import type { CrossingCounter, MotionCounter, PresenceCounter } from './counter.ts';
import { countingSite } from './counting-site.ts';
import { createPresenceCounter } from './create-presence-counter.ts';
import { createCrossingEngine } from './crossing-engine.ts';
import { createMotionCounter } from './motion-counter.ts';

/** A counter with the word for what it takes, so that the loop can tell them apart. */
export type Counter =
  | { readonly kind: 'crossing'; readonly counter: CrossingCounter }
  | { readonly kind: 'motion'; readonly counter: MotionCounter }
  | { readonly kind: 'presence'; readonly counter: PresenceCounter };

/** What a presence counter needs beyond the profile; the others need nothing. */
export interface CounterOptions {
  /** For live sensors: what must be added to the sensor's time to get seconds since 1970. */
  readonly calendarOffsetSeconds?: number;
  /** Makes the coins of a replay reproducible; refused with a live sensor. */
  readonly seed?: number;
}

/**
 * The counter that fits a sensor; `profile` is what was learned on site, or null without. Throws
 * a RangeError where the profile belongs to another kind of sensor, or names no mode for a WiFi sensor.
 */
export function createCounter(
  description: SensorDescription,
  profile: SensorProfile | null,
  options: CounterOptions = {},
): Counter {
  if (profile !== null && profile.kind !== description.kind) {
    throw new RangeError(`${profile.sensor}: the profile is for ${profile.kind}, not ${description.kind}`);
  }
  switch (description.kind) {
    case 'vl53l1x':
    case 'tf-luna':
    case 'tfmini-s':
    case 'ultrasonic': {
      const distanceProfile = profile !== null && 'geometry' in profile ? profile : null;
      return { kind: 'crossing', counter: createCrossingEngine(countingSite(description, distanceProfile)) };
    }
    case 'pir': {
      const motionProfile = profile?.kind === 'pir' ? profile : null;
      return {
        kind: 'motion',
        counter: createMotionCounter({
          zones: description.zones,
          ...(motionProfile === null ? {} : { type: motionProfile.type }),
          ...(motionProfile?.holdSeconds === undefined ? {} : { holdSeconds: motionProfile.holdSeconds }),
        }),
      };
    }
    case 'wifi-probe': {
      if (profile?.kind !== 'wifi-probe') {
        throw new RangeError('wifi-probe: no profile names the mode, so nothing may be counted');
      }
      const { timeline } = description;
      return { kind: 'presence', counter: createPresenceCounter(profile, { timeline, ...options }) };
    }
  }
}

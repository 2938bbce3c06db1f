import type { SensorProfile } from '../../gateway/contract/site-profile.ts';
import type { SensorDescription } from '../../hardware/sensor.ts';
import type { CrossingCounter, MotionCounter } from './counter.ts';
import { countingSite } from './counting-site.ts';
import { createMotionCounter } from './motion-counter.ts';
import { createTwoZoneCounter } from './two-zone-counter.ts';

/** A counter with the word for what it takes, so that the loop can tell them apart. */
export type Counter =
  | { readonly kind: 'crossing'; readonly counter: CrossingCounter }
  | { readonly kind: 'motion'; readonly counter: MotionCounter };

/**
 * The counter that fits a sensor; `profile` is what was learned on site, or null without. Throws
 * a RangeError where the profile belongs to another kind of sensor or nothing counts this kind.
 */
export function createCounter(description: SensorDescription, profile: SensorProfile | null): Counter {
  if (profile !== null && profile.kind !== description.kind) {
    throw new RangeError(`${profile.sensor}: the profile is for ${profile.kind}, not ${description.kind}`);
  }
  switch (description.kind) {
    case 'vl53l1x':
    case 'tf-luna':
    case 'tfmini-s':
    case 'ultrasonic': {
      const distanceProfile = profile !== null && 'geometry' in profile ? profile : null;
      return { kind: 'crossing', counter: createTwoZoneCounter(countingSite(description, distanceProfile)) };
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
    case 'wifi-probe':
      throw new RangeError('wifi-probe: no counter takes probe requests in this build');
  }
}

import type { SensorProfile } from '../gateway/contract/site-profile.ts';
import type { FlagSpan } from './count/counter.ts';
import { WitnessCheck } from './count/witness-check.ts';
import type { FindingObserver } from './lane.ts';

/** Hands a span to the sensor that the witness is to agree with. */
type FlagSensor = (sensor: string, span: FlagSpan) => void;

/**
 * What each sensor's findings are told to, by its name: a motion detector that the profile names as the
 * witness of another sensor, and that sensor, are compared as long as both run. Both must tell their
 * times on one clock, as live sensors do.
 */
export function witnessBonds(
  sensors: readonly SensorProfile[],
  flag: FlagSensor,
): ReadonlyMap<string, FindingObserver> {
  const observers = new Map<string, FindingObserver>();
  for (const sensor of sensors) {
    if (sensor.kind !== 'pir' || sensor.witnessOf === undefined) continue;
    const watched = sensor.witnessOf;
    const check = new WitnessCheck((span) => flag(watched, span));
    const path = ({ atSeconds }: { readonly atSeconds: number }) => check.path(atSeconds);
    observers.set(sensor.sensor, { activation: ({ atSeconds }) => check.motion(atSeconds) });
    observers.set(watched, bothOf(observers.get(watched), { crossing: path, rejection: path }));
  }
  return observers;
}

/** Two detectors may watch one sensor. */
function bothOf(
  one: FindingObserver | undefined,
  other: Required<Pick<FindingObserver, 'crossing' | 'rejection'>>,
) {
  if (one === undefined) return other;
  return {
    crossing: (crossing: Parameters<typeof other.crossing>[0]) => {
      one.crossing?.(crossing);
      other.crossing(crossing);
    },
    rejection: (rejection: Parameters<typeof other.rejection>[0]) => {
      one.rejection?.(rejection);
      other.rejection(rejection);
    },
  };
}

import { countingSite } from '../../edge-agent/count/counting-site.ts';
import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { Geometry, SensorDescription, Zone } from '../../hardware/sensor.ts';

/** What a recording's header says of the place. */
export interface RecordedSite {
  readonly zones: readonly Zone[];
  readonly geometry: Geometry;
  readonly mountingHeightMm: number | null;
}

/** Zones as the sensor has them, with the sides, geometry and height that were learned on site. */
export function recordedSite(
  description: SensorDescription,
  profile: DistanceSensorProfile | null,
): RecordedSite {
  const site = countingSite(description, profile);
  const zones = description.zones.map((zone) => ({
    ...zone,
    side: site.zones.find(({ id }) => id === zone.id)!.side,
  }));
  return { zones, geometry: site.geometry, mountingHeightMm: site.mountingHeightMm };
}

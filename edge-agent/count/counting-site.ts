import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { Geometry, SensorDescription, SensorKind, Side } from '../../hardware/sensor.ts';

/** As many regions as one sensor serves (the port's `zonesMax`, which pure code may not import). */
const zonesMax = 4;

/** A zone as the counters see it; `idleMm` is null where nobody has measured the empty scene. */
export interface CountingZone {
  readonly id: number;
  readonly side: Side;
  readonly lane: number;
  readonly idleMm: number | null;
  readonly idleDeviationMm: number | null;
}

/** What a counter knows of its place before the first reading. */
export interface CountingSite {
  /** What looks; some of what the engine knows holds for one kind of optics only. */
  readonly kind?: SensorKind;
  readonly geometry: Geometry;
  /** Floor to lens, or for `side` the free width across the passage; null where nobody measured it. */
  readonly mountingHeightMm: number | null;
  readonly zones: readonly CountingZone[];
}

/**
 * Joins what the sensor says of itself with what was learned on site. The profile wins: it was
 * measured there. Throws a RangeError for more zones than a sensor can have.
 */
export function countingSite(
  description: SensorDescription,
  profile: DistanceSensorProfile | null,
): CountingSite {
  if (description.zones.length > zonesMax) {
    throw new RangeError(`${description.kind}: ${description.zones.length} zones, at most ${zonesMax} count`);
  }
  const zones = description.zones.map((zone) => {
    const learned = profile?.zones.find((candidate) => candidate.zone === zone.id);
    return {
      id: zone.id,
      side: learned?.side ?? zone.side,
      lane: zone.lane ?? 0,
      idleMm: learned?.idleMm ?? null,
      idleDeviationMm: learned?.idleDeviationMm ?? null,
    };
  });
  return {
    kind: description.kind,
    geometry: profile?.geometry ?? description.geometry,
    mountingHeightMm: profile?.mountingHeightMm ?? description.mountingHeightMm ?? null,
    zones,
  };
}

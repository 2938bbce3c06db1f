import type { DistanceChunk, Side, Zone } from '../../hardware/sensor.ts';
import { type Finding, finding } from '../scan/finding.ts';
import type { MountCode } from './mounting-advice.ts';

/** What comes so far above the floor is no draught and no shadow. */
const inViewMm = 300;
/** One wrong reading is the sensor's own; a leaf stays for several. */
const readingsMin = 3;

/** Watches whether anything comes into view while a door is opened and shut with nobody there. */
export class DoorWatch {
  readonly #idle: ReadonlyMap<number, { readonly side: Side; readonly idleMm: number }>;
  readonly #near = new Map<number, { readings: number; nearestMm: number }>();

  constructor(zones: readonly (Pick<Zone, 'id' | 'side'> & { readonly idleMm: number })[]) {
    this.#idle = new Map(zones.map(({ id, side, idleMm }) => [id, { side, idleMm }]));
  }

  take(chunk: DistanceChunk): void {
    for (let at = 0; at < chunk.length; at += 1) {
      const zone = chunk.zone[at]!;
      const idle = this.#idle.get(zone);
      const distanceMm = chunk.distanceMm[at]!;
      if (chunk.status[at] !== 0 || idle === undefined || distanceMm > idle.idleMm - inViewMm) continue;
      const before = this.#near.get(zone) ?? { readings: 0, nearestMm: Number.POSITIVE_INFINITY };
      this.#near.set(zone, {
        readings: before.readings + 1,
        nearestMm: Math.min(before.nearestMm, distanceMm),
      });
    }
  }

  /** The door's leaf in view of a zone, or a free view. */
  judge(): Finding<MountCode>[] {
    const seen = [...this.#near].filter(([, { readings }]) => readings >= readingsMin);
    if (seen.length === 0) return [finding('door-clear', 'good')];
    return seen.map(([zone, { nearestMm }]) => {
      const { side, idleMm } = this.#idle.get(zone)!;
      const details = {
        side,
        nearestMm: Math.round(nearestMm),
        aboveFloorMm: Math.round(idleMm - nearestMm),
      };
      return finding('door-in-view', 'bad', { details });
    });
  }
}

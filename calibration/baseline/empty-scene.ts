import { sunAmbientKcps } from '../../edge-agent/count/zone-watch.ts';
import type { DistanceChunk, Geometry, Zone } from '../../hardware/sensor.ts';

/** With fewer good readings a zone the spread itself is uncertain by more than a tenth. */
const readingsMin = 40;
/**
 * The engine takes somebody for gone below 300 mm above the floor: four standard deviations of an empty
 * scene must fit below it, or the floor itself looks like feet.
 */
const deviationMmMax = 75;
/** Above this share of bad readings coverage suffers for good. */
const badShareMax = 0.1;
/** A child that can be counted is 900 mm tall; a mat, a ramp or a rough height is not. */
const somethingMm = 400;
/** A door frame or lintel beside the sensor is this near, and cuts one side; a head so near fills both. */
const edgeShareMax = 0.35;
/** What comes nearer than this to the floor's own noise is no noise. */
const walkedThroughMm = 250;

/** Wrong distances of good status come alone, in less than one reading of a hundred; who passes makes four or more. */
const wrongReadingsMax = 2;

/** Why an empty scene could not be learned. `clipped-*`: the readings end where the view does. */
export type SceneFault =
  | 'too-few-readings'
  | 'somebody-there'
  | 'somebody-passed'
  | 'noisy'
  | 'clipped-by-edge'
  | 'clipped-by-range'
  | 'sunlight';

/** What was learned of one zone. */
export interface EmptyZone {
  readonly zone: number;
  readonly side: Zone['side'];
  readonly readings: number;
  readonly badShare: number;
  readonly idleMm: number;
  readonly deviationMm: number;
  readonly nearestMm: number;
  readonly ambientKcps: number | null;
}

export type EmptyScene =
  | { readonly kind: 'empty'; readonly zones: readonly EmptyZone[] }
  | {
      readonly kind: 'refused';
      readonly fault: SceneFault;
      /** The zone that shows it. */
      readonly zone: EmptyZone;
      readonly zones: readonly EmptyZone[];
    };

/** Gathers readings of a scene that ought to be empty, and judges whether it is. */
export class EmptySceneGauge {
  readonly #zones: readonly Zone[];
  readonly #expectedMm: number;
  readonly #geometry: Geometry;
  readonly #good: ReadonlyMap<number, number[]>;
  readonly #ambient: ReadonlyMap<number, number[]>;
  readonly #bad: Map<number, number>;

  /** `expectedMm`: floor to lens, or the free width for geometry `side`. */
  constructor(zones: readonly Zone[], expectedMm: number, geometry: Geometry) {
    this.#zones = zones;
    this.#expectedMm = expectedMm;
    this.#geometry = geometry;
    this.#good = new Map(zones.map(({ id }) => [id, []]));
    this.#ambient = new Map(zones.map(({ id }) => [id, []]));
    this.#bad = new Map(zones.map(({ id }) => [id, 0]));
  }

  take(chunk: DistanceChunk): void {
    for (let at = 0; at < chunk.length; at += 1) {
      const zone = chunk.zone[at]!;
      const ambient = chunk.ambientKcps?.[at];
      if (ambient !== undefined && !Number.isNaN(ambient)) this.#ambient.get(zone)?.push(ambient);
      // 255 is a range of no certain region, or none at all: it says nothing about the scene.
      if (chunk.status[at] === 0) this.#good.get(zone)?.push(chunk.distanceMm[at]!);
      else if (chunk.status[at] !== 255) this.#bad.set(zone, this.#bad.get(zone)! + 1);
    }
  }

  /** Whether every zone has given enough good readings to be learned, or enough bad ones to be refused. */
  get isEnough(): boolean {
    return this.#zones.every(
      ({ id }) => this.#good.get(id)!.length >= readingsMin || this.#bad.get(id)! >= readingsMin,
    );
  }

  /** What each zone has seen so far, whatever it means. */
  measure(): EmptyZone[] {
    return this.#zones.map((zone) => this.#zoneOf(zone));
  }

  judge(): EmptyScene {
    const zones = this.measure();
    for (const look of [this.#unreadable, this.#occupied, this.#unsteady]) {
      for (const zone of zones) {
        const fault = look.call(this, zone, zones);
        if (fault !== null) return { kind: 'refused', fault, zone, zones };
      }
    }
    return { kind: 'empty', zones };
  }

  #zoneOf({ id, side }: Zone): EmptyZone {
    const good = this.#good.get(id)!.toSorted((one, other) => one - other);
    const ambient = this.#ambient.get(id)!.toSorted((one, other) => one - other);
    const bad = this.#bad.get(id)!;
    const idleMm = quantile(good, 0.5);
    // 1.4826 · median of absolute deviations: the deviation of what is normal, whatever the outliers.
    const away = good.map((one) => Math.abs(one - idleMm)).sort((one, other) => one - other);
    return {
      zone: id,
      side,
      readings: good.length,
      badShare: good.length + bad === 0 ? 1 : bad / (good.length + bad),
      idleMm,
      deviationMm: 1.4826 * quantile(away, 0.5),
      nearestMm:
        good[Math.min(good.length - 1, Math.max(wrongReadingsMax, Math.floor(0.01 * good.length)))] ?? 0,
      ambientKcps: ambient.length === 0 ? null : quantile(ambient, 0.5),
    };
  }

  #unreadable(zone: EmptyZone): SceneFault | null {
    if (zone.badShare > badShareMax) {
      return (zone.ambientKcps ?? 0) > sunAmbientKcps ? 'sunlight' : 'clipped-by-range';
    }
    return zone.readings < readingsMin ? 'too-few-readings' : null;
  }

  #occupied(zone: EmptyZone, zones: readonly EmptyZone[]): SceneFault | null {
    const floorMm = this.#expectedMm - this.#roomMm();
    if (zone.idleMm >= floorMm) return null;
    const isEdge =
      zone.idleMm < this.#expectedMm * edgeShareMax && zones.some(({ idleMm }) => idleMm >= floorMm);
    return isEdge ? 'clipped-by-edge' : 'somebody-there';
  }

  #unsteady(zone: EmptyZone): SceneFault | null {
    if (zone.deviationMm > deviationMmMax) return 'noisy';
    if (zone.idleMm - zone.nearestMm > walkedThroughMm + 2 * zone.deviationMm) return 'somebody-passed';
    return null;
  }

  /** How much nearer than measured the empty scene may look. */
  #roomMm(): number {
    return this.#geometry === 'ceiling' ? somethingMm : Math.max(150, 0.2 * this.#expectedMm);
  }
}

function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

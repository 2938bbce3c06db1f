import type { Clock } from '../clock.ts';
import type { Geometry } from '../sensor.ts';
import type { ZoneRegion } from './region-of-interest.ts';
import type { Vl53l1xBus, Vl53l1xPlace } from './vl53l1x-bus.ts';
import type { RangingMode } from './vl53l1x-device.ts';

/** What a VL53L1X sensor is made of. */
export interface Vl53l1xSensorOptions {
  readonly bus: Vl53l1xBus;
  readonly clock: Clock;
  readonly place: Vl53l1xPlace;
  readonly mode: RangingMode;
  readonly regions: readonly ZoneRegion[];
  readonly geometry: Geometry;
  readonly mountingHeightMm: number | undefined;
  readonly simulated: boolean;
  /** Lets the bus go when the sensor closes. */
  readonly release: () => Promise<void>;
}

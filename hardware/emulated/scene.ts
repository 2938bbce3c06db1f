/**
 * What emulated distance sensors look at. A scene is computed, never measured; it knows where
 * people are at any time of its own clock, and devices ask it for what their optics would see.
 */

/**
 * Directions a measurement collects light from, in degrees off the optical axis. `along` runs with
 * the walk, negative towards outside; `across` runs across the passage.
 */
export interface FieldOfView {
  readonly alongFromDegrees: number;
  readonly alongToDegrees: number;
  readonly acrossFromDegrees: number;
  readonly acrossToDegrees: number;
}

/** What a time-of-flight device finds; `status` is the VL53L1X range status (0 is good). */
export interface SceneMeasurement {
  readonly distanceMm: number;
  readonly status: number;
  readonly signalKcps: number;
  readonly ambientKcps: number;
  readonly sigmaMm: number;
}

export interface Scene {
  /** Asked in the order of time by each device. The same questions get the same answers. */
  measure(field: FieldOfView, startSeconds: number, integrationSeconds: number): SceneMeasurement;
}

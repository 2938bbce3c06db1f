/**
 * What emulated distance sensors look at. A scene is computed, never measured; it knows where
 * people are at any time of its own clock, and devices ask it for what their optics would see.
 */

/**
 * A rectangle of a 16 × 16 field of view of about 19° a side, edges included. Rows follow the walk,
 * row 0 looks farthest outside; columns run across the passage.
 */
export interface SceneRegion {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** What a time-of-flight device finds; `status` is the VL53L1X range status (0 is good). */
export interface SceneMeasurement {
  readonly distanceMm: number;
  readonly status: number;
  readonly signalKcps: number;
  readonly ambientKcps: number;
  readonly sigmaMm: number;
  readonly spads: number;
}

export interface Scene {
  /**
   * What light collected from `startSeconds` on for `integrationSeconds` says, times of the device's
   * clock. Valid until the next question.
   */
  measure(region: SceneRegion, startSeconds: number, integrationSeconds: number): SceneMeasurement;
}

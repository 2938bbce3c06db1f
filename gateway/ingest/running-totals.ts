import type { LiveTotals } from '../contract/device-status.ts';

/** Devices say their running totals every 5 s; after this long without one they are no longer shown. */
const staleAfterMs = 30_000;

/** Devices that are remembered; as many as a gateway knows. */
const devicesMax = 10_000;

export interface RunningTotal {
  readonly in: number;
  readonly out: number;
}

/** The newest `live` message of each device, in memory only: nothing of it is ever stored. */
export class RunningTotals {
  readonly #byDevice = new Map<string, { atMs: number; sensors: Map<string, RunningTotal> }>();

  take(device: string, totals: LiveTotals, atMs: number): void {
    if (this.#byDevice.size >= devicesMax && !this.#byDevice.has(device)) return;
    const sensors = new Map(totals.sensors.map((entry) => [entry.sensor, { in: entry.in, out: entry.out }]));
    this.#byDevice.set(device, { atMs, sensors });
  }

  /** The running total of a sensor, or null where there is no fresh one. */
  of(device: string, sensor: string, nowMs: number): RunningTotal | null {
    const entry = this.#byDevice.get(device);
    if (!entry || nowMs - entry.atMs > staleAfterMs) return null;
    return entry.sensors.get(sensor) ?? null;
  }
}

import type { SensorError } from '../sensor.ts';

/** What happens at the pins that motion detectors are wired to. */
export type PinEvent =
  | { readonly kind: 'level'; readonly pin: number; readonly level: 0 | 1; readonly atSeconds: number }
  /** The pins have been watched up to this moment. */
  | { readonly kind: 'alive'; readonly atSeconds: number }
  /** Nobody watches the pins any more; it will be tried again. */
  | { readonly kind: 'lost'; readonly error: SensorError; readonly atSeconds: number };

/** Pins that are watched for ever, by whatever hardware. */
export interface PinWatch {
  /** Throws `SensorError` when the hardware cannot be had. */
  open(): Promise<void>;
  /** May be called once, after `open`. */
  events(signal: AbortSignal): AsyncIterable<PinEvent>;
  close(): Promise<void>;
}

/** A watch tells at least this often that it is alive. */
export const aliveSeconds = 1;

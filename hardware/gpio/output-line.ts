/** A pin that we drive: open drain, so `released` lets the sensor's own pull-up raise it. */
export interface OutputLine {
  /** Throws `SensorError` when the pin cannot be had. */
  set(level: 'low' | 'released'): Promise<void>;
  /** Lets the pin go. */
  close(): Promise<void>;
}

/** A message on its way. `payload` is UTF-8 JSON. */
export interface LinkMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export type LinkEvent =
  /** Connected, and subscribed to this device's topics. */
  | { readonly kind: 'up'; readonly protocol: string }
  /** The broker refused what it was asked first; `protocol` is tried at once. */
  | { readonly kind: 'fallback'; readonly protocol: string; readonly reason: string }
  /** `untrusted`: somebody answered who is not the broker that was pinned, or not at this time. */
  | { readonly kind: 'down'; readonly reason: string; readonly untrusted?: boolean }
  | {
      readonly kind: 'message';
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly retained: boolean;
    };

/**
 * The way to the broker, replaced as a whole by the simulation.
 *
 * - `events` may be called once; it connects, reconnects by itself with growing, jittered pauses
 *   until `signal` aborts, and tells what happens in order. Nothing is queued while down.
 * - `publish` resolves when the broker has taken the message (QoS 1) or it was handed over (QoS 0),
 *   and rejects when the link is down or goes down before that.
 * - `setWill` names what the broker says when this link dies, from the next connection on.
 */
export interface Link {
  events(signal: AbortSignal): AsyncIterable<LinkEvent>;
  publish(message: LinkMessage): Promise<void>;
  setWill(message: LinkMessage): void;
  close(): Promise<void>;
}

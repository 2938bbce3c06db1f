/** A message from a device. `payload` is the receiver's to keep. */
export interface IncomingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/**
 * How ingest hears and speaks, whatever broker lies between: the embedded one in this process or a
 * connection to an external one.
 *
 * `listen` is called once, after which every message of the devices' topics (counts, status, live,
 * resume) is given to `handle`, one at a time in the order of arrival; the next one waits until the
 * promise resolves. `handle` never rejects. `publish` resolves when the broker has taken the
 * message (QoS 1) and rejects when it has not; a retained message replaces the one before. It must
 * not be waited for within `handle`: its answer may come only after that.
 */
export interface MessageLink {
  readonly kind: 'embedded' | 'external';
  /** False while an external broker cannot be reached. */
  readonly connected: boolean;
  listen(handle: (message: IncomingMessage) => Promise<void>): Promise<void>;
  publish(message: { topic: string; payload: string; retain: boolean }): Promise<void>;
  close(): Promise<void>;
}

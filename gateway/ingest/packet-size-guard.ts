import { Transform, type TransformCallback } from 'node:stream';

/** Bytes of the remaining-length field at most (MQTT 3.1.1, 2.2.3). */
const lengthBytesMax = 4;

type GuardState = 'type' | 'length' | 'body';

/**
 * Passes an MQTT byte stream on and ends it when a packet says that it is longer than allowed. The
 * broker collects a packet in memory before anybody sees it, and one may claim 256 MB.
 */
export class PacketSizeGuard extends Transform {
  readonly #packetBytesMax: number;
  #state: GuardState = 'type';
  #remainingBytes = 0;
  #lengthBytes = 0;

  constructor(packetBytesMax: number) {
    super();
    this.#packetBytesMax = packetBytesMax;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let position = 0;
    while (position < chunk.length) {
      if (this.#state === 'body') {
        const step = Math.min(this.#remainingBytes, chunk.length - position);
        this.#remainingBytes -= step;
        position += step;
        if (this.#remainingBytes === 0) this.#state = 'type';
        continue;
      }
      const fault = this.#header(chunk[position]!);
      if (fault !== null) {
        done(fault);
        return;
      }
      position += 1;
    }
    done(null, chunk);
  }

  /** One byte of a fixed header: the type, then the length in groups of seven bits, lowest first. */
  #header(byte: number): Error | null {
    if (this.#state === 'type') {
      this.#state = 'length';
      this.#remainingBytes = 0;
      this.#lengthBytes = 0;
      return null;
    }
    if (this.#lengthBytes === lengthBytesMax) return new Error('not an MQTT packet');
    this.#remainingBytes += (byte & 0x7f) * 2 ** (7 * this.#lengthBytes);
    this.#lengthBytes += 1;
    if (this.#remainingBytes > this.#packetBytesMax) return new Error('an MQTT packet is too long');
    if (byte < 0x80) this.#state = this.#remainingBytes === 0 ? 'type' : 'body';
    return null;
  }
}

/**
 * The byte stream of Benewake's single-point lidars (TF-Luna manual A03/A05, TFmini-S manual): data
 * frames of nine bytes, replies to commands in between, no escape, an eight-bit sum.
 */

/** One data frame. `temperatureC` is the chip's. */
export interface LidarFrame {
  readonly kind: 'frame';
  readonly distanceCm: number;
  readonly amplitude: number;
  readonly temperatureC: number;
}

/** An answer to the command `id`. */
export interface LidarReply {
  readonly kind: 'reply';
  readonly id: number;
  readonly payload: Uint8Array;
}

const frameHead = 0x59;
const replyHead = 0x5a;
const frameLength = 9;
/** Head, length, id and sum; the longest reply we know has eight bytes. */
const replyLengthMin = 4;
const replyLengthMax = 9;

/**
 * Finds frames and replies in chunks of any size. Where the sum does not fit it moves on by one byte,
 * so no whole frame behind noise is lost. The first frame after noise is believed only when the next
 * one follows it at once, since one in 256 random sums fits.
 */
export class LidarFrameParser {
  readonly #bytes = new Uint8Array(frameLength);
  #length = 0;
  #inStep = false;
  /** Bytes that belonged to nothing. */
  noiseBytes = 0;

  /** Takes a chunk; `take` is called for each frame and reply in it, in order. */
  push(chunk: Uint8Array, take: (item: LidarFrame | LidarReply) => void): void {
    for (const byte of chunk) {
      this.#bytes[this.#length] = byte;
      this.#length += 1;
      this.#settle(take);
    }
  }

  /** Forgets what is half read. */
  reset(): void {
    this.#length = 0;
    this.#inStep = false;
  }

  #settle(take: (item: LidarFrame | LidarReply) => void): void {
    while (this.#length > 0) {
      const wanted = this.#wantedLength();
      if (wanted !== null && this.#length < wanted) return;
      if (wanted === null || !this.#sumFits(wanted)) {
        this.noiseBytes += 1;
        this.#inStep = false;
        this.#drop(1);
        continue;
      }
      if (this.#bytes[0] === replyHead) take(this.#reply(wanted));
      else if (this.#inStep) take(this.#frame());
      else this.#inStep = true;
      this.#drop(wanted);
    }
  }

  /** Length of what may begin here, null where nothing can. */
  #wantedLength(): number | null {
    const [first, second] = this.#bytes;
    if (first === frameHead) {
      if (this.#length < 2) return frameLength;
      return second === frameHead ? frameLength : null;
    }
    if (first !== replyHead) return null;
    if (this.#length < 2) return replyLengthMin;
    return second! >= replyLengthMin && second! <= replyLengthMax ? second! : null;
  }

  #sumFits(length: number): boolean {
    let sum = 0;
    for (let place = 0; place < length - 1; place += 1) sum += this.#bytes[place]!;
    return (sum & 0xff) === this.#bytes[length - 1];
  }

  #frame(): LidarFrame {
    const word = (place: number) => this.#bytes[place]! | (this.#bytes[place + 1]! << 8);
    return {
      kind: 'frame',
      distanceCm: (word(2) << 16) >> 16, // TFmini-S tells faults by negative distances
      amplitude: word(4),
      temperatureC: word(6) / 8 - 256,
    };
  }

  #reply(length: number): LidarReply {
    return { kind: 'reply', id: this.#bytes[2]!, payload: this.#bytes.slice(3, length - 1) };
  }

  #drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}

/** A command frame: `5A LEN ID payload SUM`. */
export function lidarCommand(id: number, ...payload: number[]): Uint8Array {
  const bytes = Uint8Array.of(replyHead, payload.length + 4, id, ...payload, 0);
  bytes[bytes.length - 1] = bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return bytes;
}

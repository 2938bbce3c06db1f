import { PcapFormat } from './pcap-format.ts';
import { PcapngFormat } from './pcapng-format.ts';

/** Longer captured frames than this do not occur; tcpdump's own largest snap length is the same. */
const frameBytesMax = 262_144;

/** Room for one longest frame with its headers, twice: no frame can fill the buffer for good. */
const bufferBytes = 2 * (frameBytesMax + 1024);

/** `frame`: one lies ready. `more`: bytes are missing. `damaged`: `fault` says why; nothing follows. */
export type CaptureStep = 'frame' | 'more' | 'damaged';

/** A frame as its capture format describes it; positions are in the reader's one buffer. */
export interface CapturedFrame {
  atSeconds: number;
  start: number;
  end: number;
  /** Length on the air, of which `end - start` bytes were kept. */
  wireBytes: number;
  linkType: number;
}

/**
 * One capture format. `next` looks at `bytes[from, to)` and returns how many bytes it is done with;
 * it sets `step`. With `more` and 0 bytes done it waits for more of the same.
 */
export interface CaptureFormat {
  step: CaptureStep | 'skip';
  fault: string;
  next(bytes: Uint8Array, from: number, to: number, frame: CapturedFrame): number;
}

/**
 * Reads pcap and pcapng in any split of the bytes through one buffer that is overwritten: frames
 * exist nowhere else. Never throws on what it reads and allocates nothing for a frame.
 *
 * Usage: fill `buffer` from `fillFrom()` on, say `filled(n)`, then call `next` until it is not `frame`.
 */
export class CaptureReader {
  readonly buffer = new Uint8Array(bufferBytes);
  readonly frame: CapturedFrame = { atSeconds: 0, start: 0, end: 0, wireBytes: 0, linkType: 0 };
  /** Why the capture cannot be read on; empty while it can. */
  fault = '';
  /** Frames read so far, to name the place of a fault. */
  frames = 0;
  #format: CaptureFormat | null = null;
  #from = 0;
  #to = 0;
  #skip = 0;
  #bytesBefore = 0;

  /** Moves what is left to the front, wipes the rest, and tells where to put the next bytes. */
  fillFrom(): number {
    const kept = this.#to - this.#from;
    this.buffer.copyWithin(0, this.#from, this.#to);
    this.buffer.fill(0, kept, this.#to);
    this.#bytesBefore += this.#from;
    this.#from = 0;
    this.#to = kept;
    return kept;
  }

  /** Says that `bytes` more lie in the buffer. */
  filled(bytes: number): void {
    this.#to += bytes;
  }

  /** Position in the capture, to name the place of a fault. */
  get byteOffset(): number {
    return this.#bytesBefore + this.#from;
  }

  /** Bytes that no step has used yet: at the end of a file they are a cut-off record. */
  get pendingBytes(): number {
    return this.#to - this.#from + this.#skip;
  }

  next(): CaptureStep {
    for (;;) {
      if (this.fault !== '') return 'damaged';
      const skipped = Math.min(this.#skip, this.#to - this.#from);
      this.#skip -= skipped;
      this.#from += skipped;
      if (this.#skip > 0) return 'more';
      if (this.#format === null && !this.#detect()) return this.fault === '' ? 'more' : 'damaged';
      const format = this.#format!;
      const done = format.next(this.buffer, this.#from, this.#to, this.frame);
      const here = Math.min(done, this.#to - this.#from);
      this.#from += here;
      this.#skip = done - here;
      if (format.step === 'skip') continue;
      if (format.step === 'damaged') this.fault = format.fault;
      if (format.step === 'frame') this.frames += 1;
      return format.step;
    }
  }

  /** Overwrites every byte that was ever read; the next byte begins a new capture. */
  wipe(): void {
    this.buffer.fill(0);
    this.#from = 0;
    this.#to = 0;
    this.#skip = 0;
    this.#bytesBefore = 0;
    this.#format = null;
    this.fault = '';
    this.frames = 0;
  }

  #detect(): boolean {
    if (this.#to - this.#from < 4) return false;
    const magic = new DataView(this.buffer.buffer, this.#from, 4).getUint32(0, true);
    if (isPcapMagic(magic)) this.#format = new PcapFormat();
    else if (magic === pcapngMagic) this.#format = new PcapngFormat();
    else this.fault = 'neither pcap nor pcapng by its first four bytes';
    return this.#format !== null;
  }
}

const pcapngMagic = 0x0a0d0d0a;

function isPcapMagic(magic: number): boolean {
  return magic === 0xa1b2c3d4 || magic === 0xd4c3b2a1 || magic === 0xa1b23c4d || magic === 0x4d3cb2a1;
}

/** Whether a file that begins with these bytes is a capture: pcap or pcapng, either byte order. */
export function isCapture(firstBytes: Uint8Array): boolean {
  if (firstBytes.length < 4) return false;
  const magic = new DataView(firstBytes.buffer, firstBytes.byteOffset, 4).getUint32(0, true);
  return magic === pcapngMagic || isPcapMagic(magic);
}

import { type ProbeChunk, probeChunk } from '../sensor.ts';
import type { CaptureReader } from './capture-reader.ts';
import { ProbeFrameFilter } from './probe-frame.ts';

/** Frames a chunk: 4,096 keep the cost of the iterator below a thousandth of the counting. */
const chunkFramesMax = 4096;

const addressBytes = 6;

export interface ProbeChunkWriterOptions {
  /** Only mode `hashing` ever copies an address; in mode `rate` there is no room for one. */
  readonly mode: 'rate' | 'hashing';
}

/**
 * Moves probe requests from a capture reader's buffer into the one chunk that is handed out.
 * Allocates nothing for a frame.
 */
export class ProbeChunkWriter {
  readonly chunk: ProbeChunk;
  /** Time of the frame that `add` takes next: as an argument V8 would box it on its heap. */
  atSeconds = 0;
  readonly #filter = new ProbeFrameFilter();
  readonly #address: Uint8Array | null;

  constructor(options: ProbeChunkWriterOptions) {
    this.chunk = probeChunk(chunkFramesMax, options.mode === 'hashing');
    this.#address = this.chunk.address ?? null;
  }

  get full(): boolean {
    return this.chunk.length === chunkFramesMax;
  }

  /** Judges the reader's current frame and, if it is a probe request, adds it at `atSeconds`. */
  add(reader: CaptureReader): void {
    const chunk = this.chunk;
    const frame = reader.frame;
    const filter = this.#filter;
    const verdict = filter.judge(frame.linkType, reader.buffer, frame.start, frame.end, frame.wireBytes);
    if (verdict === 'malformed') chunk.malformed += 1;
    if (verdict !== 'probe') return;
    const address = this.#address;
    if (address !== null) {
      // A frame cut before its address cannot be told from others, so it is not counted as one.
      if (filter.addressAt < 0) {
        chunk.malformed += 1;
        return;
      }
      const to = chunk.length * addressBytes;
      for (let i = 0; i < addressBytes; i += 1) address[to + i] = reader.buffer[filter.addressAt + i]!;
    }
    chunk.atSeconds[chunk.length] = this.atSeconds;
    chunk.signalDbm[chunk.length] = filter.signalDbm;
    chunk.length += 1;
  }

  /** Empties the chunk and overwrites the addresses it held. */
  clear(): void {
    this.#address?.fill(0, 0, this.chunk.length * addressBytes);
    this.chunk.length = 0;
    this.chunk.deaf = false;
    this.chunk.malformed = 0;
  }
}

import { type ProbeChunk, probeChunk } from '../../hardware/sensor.ts';

export interface Heard {
  readonly atSeconds: number;
  readonly signalDbm?: number;
  readonly address?: Uint8Array;
}

export interface ChunkTraits {
  readonly deaf?: boolean;
  /** For chunks without frames of a sensor in mode hashing. */
  readonly withAddresses?: boolean;
}

/** A chunk of frames as a sensor would hand it out. */
export function chunkOf(
  frames: readonly Heard[],
  progressSeconds: number,
  how: ChunkTraits = {},
): ProbeChunk {
  const chunk = probeChunk(
    frames.length,
    how.withAddresses ?? frames.some((frame) => frame.address !== undefined),
  );
  for (const [index, frame] of frames.entries()) {
    chunk.atSeconds[index] = frame.atSeconds;
    chunk.signalDbm[index] = frame.signalDbm ?? -50;
    if (frame.address !== undefined) chunk.address!.set(frame.address, index * 6);
  }
  chunk.length = frames.length;
  chunk.progressSeconds = progressSeconds;
  chunk.deaf = how.deaf ?? false;
  return chunk;
}

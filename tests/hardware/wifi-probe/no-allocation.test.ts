import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createPresenceCounter,
  presenceDefaults,
} from '../../../edge-agent/count/create-presence-counter.ts';
import { CaptureReader } from '../../../hardware/wifi-probe/capture-reader.ts';
import { ProbeChunkWriter } from '../../../hardware/wifi-probe/probe-chunk-writer.ts';

const capture = readFileSync(join(import.meta.dirname, '../../recordings/brno/2024-04-18.pcap'));
const headerBytes = 24;
/** Of 46 bytes each; whole records fit into the reader's buffer. */
const recordsAtOnce = 10_000;
const recordBytes = 46;
const frames = 400_000;
/** A boxed number a frame would be 6 MB, an object more. */
const growthBytesMax = 2_000_000;

test.each(['rate', 'hashing'] as const)(
  'a frame costs no allocation from its bytes to its window, mode %s',
  (mode) => {
    const reader = new CaptureReader();
    const writer = new ProbeChunkWriter({ mode });
    const timeline = { kind: 'recorded', startedAtEpochSeconds: 0 } as const;
    const counter = createPresenceCounter({ ...presenceDefaults, mode }, { timeline, seed: 1 });
    feed(reader, capture.subarray(0, headerBytes));
    const records = capture.subarray(headerBytes, headerBytes + recordsAtOnce * recordBytes);
    let atSeconds = 0;
    const play = (count: number): void => {
      for (let n = 0; n < count; n += recordsAtOnce) {
        feed(reader, records);
        while (reader.next() === 'frame') {
          // All within one window: a window's end may allocate.
          atSeconds += 0.0001;
          writer.add(reader, atSeconds);
          if (!writer.full) continue;
          writer.chunk.progressSeconds = atSeconds;
          counter.take(writer.chunk);
          writer.clear();
        }
      }
    };
    play(frames);
    // The collector may run in between and hide growth, or the test runner may cause some: the best of three.
    const growths = [1, 2, 3].map(() => {
      const before = process.memoryUsage().heapUsed;
      play(frames);
      return Math.abs(process.memoryUsage().heapUsed - before);
    });
    expect(Math.min(...growths)).toBeLessThan(growthBytesMax);
  },
);

function feed(reader: CaptureReader, bytes: Uint8Array): void {
  const at = reader.fillFrom();
  reader.buffer.set(bytes, at);
  reader.filled(bytes.length);
}

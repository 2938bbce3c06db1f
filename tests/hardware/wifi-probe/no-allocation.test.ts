import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
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
/** A boxed number a frame would be 32 MB: two or more collections of a young heap of 16 MB. */
const frames = 2_000_000;
/** What the test runner itself allocates meanwhile. */
const collectionsMax = 1;

function player(mode: 'rate' | 'hashing'): (count: number) => void {
  const reader = new CaptureReader();
  const writer = new ProbeChunkWriter({ mode });
  const timeline = { kind: 'recorded', startedAtEpochSeconds: 0 } as const;
  const counter = createPresenceCounter({ ...presenceDefaults, mode }, { timeline });
  feed(reader, capture.subarray(0, headerBytes));
  const records = capture.subarray(headerBytes, headerBytes + recordsAtOnce * recordBytes);
  let frame = 0;
  return (count) => {
    for (let n = 0; n < count; n += recordsAtOnce) {
      feed(reader, records);
      while (reader.next() === 'frame') {
        // All within one window: a window's end may allocate.
        frame += 1;
        writer.atSeconds = frame * 1e-4;
        writer.add(reader);
        if (!writer.full) continue;
        writer.chunk.progressSeconds = frame * 1e-4;
        counter.take(writer.chunk);
        writer.clear();
      }
    }
  };
}

function feed(reader: CaptureReader, bytes: Uint8Array): void {
  const at = reader.fillFrom();
  reader.buffer.set(bytes, at);
  reader.filled(bytes.length);
}

test.each(['rate', 'hashing'] as const)('a frame costs no allocation on its way, mode %s', async (mode) => {
  const play = player(mode);
  play(frames / 4);
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  play(frames);
  // Observers are told in a later turn of the loop.
  await new Promise((resolve) => setTimeout(resolve, 20));
  observer.disconnect();
  expect(collections).toBeLessThanOrEqual(collectionsMax);
});

import { describe, expect, test } from 'vitest';
import type { PresenceWindow } from '../../edge-agent/count/counter.ts';
import { createPresenceCounter, presenceDefaults } from '../../edge-agent/count/create-presence-counter.ts';
import { seededRandom } from '../../scripts/demo/seeded-random.ts';
import { chunkOf, type Heard } from '../doubles/probe-chunks.ts';

/** Somebody with a transmitter who wants the shop to look full. */
const spoofedFrames = 100_000;
const windowSeconds = 300;
const timeline = { kind: 'recorded', startedAtEpochSeconds: 1_713_444_600 } as const;

function spoofed(mode: 'rate' | 'hashing'): PresenceWindow {
  const random = seededRandom(8);
  const counter = createPresenceCounter({ ...presenceDefaults, mode }, { timeline, seed: 1 });
  const frames: Heard[] = Array.from({ length: spoofedFrames }, (_, frame) => ({
    atSeconds: (frame / spoofedFrames) * windowSeconds,
    address: Buffer.from(Array.from({ length: 6 }, () => Math.floor(random() * 256))),
  }));
  for (let at = 0; at < frames.length; at += 1000) {
    const part = frames.slice(at, at + 1000);
    counter.take(chunkOf(part, part.at(-1)!.atSeconds));
  }
  counter.finish();
  const windows: PresenceWindow[] = [];
  counter.drain({ window: (window) => windows.push(window) });
  return windows[0]!;
}

describe('a spoofer with a hundred thousand random addresses', () => {
  test('cannot push mode rate beyond one busy second a second', () => {
    const window = spoofed('rate');
    expect(window.frames).toBeGreaterThan(spoofedFrames * 0.99);
    expect(window.indicator).toBeLessThanOrEqual(windowSeconds);
  });

  test('is told by the saturation flag of mode hashing', () => {
    const window = spoofed('hashing');
    expect(window.frames).toBeGreaterThan(spoofedFrames * 0.99);
    expect(window.saturated).toBe(true);
  });
});

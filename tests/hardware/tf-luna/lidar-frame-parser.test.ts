import { describe, expect, test } from 'vitest';
import { LidarFrameParser, lidarCommand } from '../../../hardware/tf-luna/lidar-frame-parser.ts';
import { lidarModels, rateFault } from '../../../hardware/tf-luna/lidar-model.ts';
import { lidarBytes, mutatedRun } from '../../doubles/lidar-bytes.ts';

const frame = (distanceCm: number, amplitude: number) => ({
  kind: 'frame',
  distanceCm,
  amplitude,
  temperatureC: 40,
});

function parse(...chunks: Uint8Array[]) {
  const items: unknown[] = [];
  const parser = new LidarFrameParser();
  for (const chunk of chunks) parser.push(chunk, (item) => items.push(item));
  return items;
}

describe('frames of TF-Luna and TFmini-S', () => {
  test('the first frame after silence is believed by the second', () => {
    const bytes = Buffer.concat([lidarBytes(100, 500), lidarBytes(101, 501), lidarBytes(102, 502)]);
    expect(parse(bytes)).toEqual([frame(101, 501), frame(102, 502)]);
  });

  test('a frame of the manual is read as its table says', () => {
    // TFmini-S manual: 5A 06 03 E8 03 4E sets 1,000 Hz; 5A 04 11 6F saves.
    expect([...lidarCommand(0x03, 0xe8, 0x03)]).toEqual([0x5a, 0x06, 0x03, 0xe8, 0x03, 0x4e]);
    expect([...lidarCommand(0x11)]).toEqual([0x5a, 0x04, 0x11, 0x6f]);
    expect(parse(Uint8Array.of(0x5a, 0x05, 0x11, 0x01, 0x71))).toEqual([
      { kind: 'reply', id: 0x11, payload: Uint8Array.of(1) },
    ]);
  });

  test('every split of frames and replies into two or three chunks gives the same', () => {
    const bytes = Buffer.concat([
      lidarBytes(89, 0x5959), // a payload full of heads
      lidarBytes(0x5959, 0x5959),
      lidarCommand(0x03, 0x64, 0x00),
      lidarBytes(90, 0x5a5a),
      lidarBytes(0x595a, 700),
    ]);
    const whole = parse(bytes);
    expect(whole).toHaveLength(4);
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const split = parse(bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second));
        expect(split, `split at ${first} and ${second}`).toEqual(whole);
      }
    }
  });

  test('a stream joined at any byte is in step after two frames', () => {
    const frames = [lidarBytes(0x5959, 0x5959), lidarBytes(0x5959, 0x5a59), lidarBytes(300, 900)];
    const bytes = Buffer.concat([...frames, lidarBytes(301, 901), lidarBytes(302, 902)]);
    for (let start = 0; start < 27; start += 1) {
      expect(parse(bytes.subarray(start)).at(-1), `joined at ${start}`).toEqual(frame(302, 902));
    }
  });

  test('50,000 mutated bytes: no crash, in step within two frames, no frame with one changed byte believed', () => {
    const outcome = mutatedRun({ mutatedBytes: 50_000, seed: 5 });
    expect(outcome.mutated).toBeGreaterThanOrEqual(50_000);
    expect(outcome.framesToResyncMax).toBeLessThanOrEqual(2);
    // Several wrong bytes in one frame fit its eight-bit sum once in 256 times; one changed byte never does.
    expect(outcome.wrongAfterOneByte).toBe(0);
    expect(outcome.wrong / outcome.damagedFrames).toBeLessThan(1 / 128);
  });
});

describe('what a distance means', () => {
  test.each([
    ['tf-luna', 99, 250, 2],
    ['tf-luna', 0xffff, 250, 5],
    ['tf-luna', 100, 250, 0],
    ['tf-luna', 5000, 0, 4],
    ['tf-luna', 5000, 1300, 4],
    ['tfmini-s', 50, -1, 2],
    ['tfmini-s', 5000, -2, 5],
    ['tfmini-s', 5000, -4, 5],
    ['tfmini-s', 5000, 250, 0],
  ] as const)('%s with amplitude %i and %i cm has status %i', (kind, amplitude, distanceCm, status) => {
    const reading = lidarModels[kind].read({ kind: 'frame', amplitude, distanceCm, temperatureC: 40 });
    expect(reading.status).toBe(status);
    if (status === 0) expect(reading.distanceMm).toBe(distanceCm * 10);
  });

  test.each([
    ['tf-luna', 250, true],
    ['tf-luna', 100, true],
    ['tf-luna', 500, false],
    ['tf-luna', 150, false],
    ['tfmini-s', 1000, true],
    ['tfmini-s', 300, false],
  ] as const)('%s at %i Hz is possible: %s', (kind, rateHz, possible) => {
    expect(rateFault(kind, rateHz) === null).toBe(possible);
  });
});

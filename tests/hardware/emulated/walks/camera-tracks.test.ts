import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCameraTracks, trackShapes } from '../../../../hardware/emulated/walks/camera-tracks.ts';
import { truthOfPath } from '../../../../hardware/emulated/walks/truth.ts';
import { simulateWalks } from '../../../../hardware/emulated/walks/walk-simulation.ts';

const text = readFileSync(new URL('../../../recordings/sdu-camera/tracks.csv', import.meta.url), 'utf8');

test('real tracks become walks that cross the line once, at walking speed, in the direction asked for', () => {
  const shapes = trackShapes(parseCameraTracks(text));
  expect(shapes.length).toBeGreaterThan(5);
  for (const shape of shapes) {
    const outwards = truthOfPath(shape(10, -1, 0.1), 0.55);
    expect(outwards.crossings.map(({ direction }) => direction)).toEqual(['out']);
    const path = shape(10, 1, 0);
    expect(truthOfPath(path, 0.55).crossings).toHaveLength(1);
    const speed = 3.6 / (path.endsAtSeconds - path.startsAtSeconds);
    expect(speed).toBeGreaterThan(0.4);
    expect(speed).toBeLessThan(2);
  }
});

test('a simulation can take single walks from tracks', () => {
  const options = { profile: 'easy', seed: 2, mountingHeightMm: 2500, minutes: 2 } as const;
  const tracks = trackShapes(parseCameraTracks(text));
  const withTracks = simulateWalks({ ...options, tracks });
  expect(withTracks.truth.crossings.length).toBeGreaterThan(5);
  expect(withTracks.truth).not.toEqual(simulateWalks(options).truth);
});

test('a broken file is refused with its line', () => {
  expect(() => parseCameraTracks('a;b\n1;2')).toThrow('line 1: no column "time"');
  expect(() => parseCameraTracks('time;id;x;y\n1;a;2;3\n2;a;x;3')).toThrow('line 3: not a number');
});

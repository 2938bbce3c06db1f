import { expect, test } from 'vitest';
import { createCrossingEngine } from '../../../edge-agent/count/crossing-engine.ts';
import { play, type TestReading } from './finding-list.ts';

const idleMm = 1200;
const site = {
  geometry: 'side',
  mountingHeightMm: idleMm,
  zones: [
    { id: 0, side: 'outside', lane: 0, idleMm: null, idleDeviationMm: null },
    { id: 1, side: 'inside', lane: 0, idleMm: null, idleDeviationMm: null },
  ],
} as const;

/** Each zone is covered from its first to its last second; 20 readings a second a zone. */
function walk(outside: readonly [number, number] | null, inside: readonly [number, number] | null) {
  const readings: TestReading[] = [];
  for (let step = 0; step < 200; step++) {
    const t = step * 0.025;
    const covered = step % 2 === 0 ? outside : inside;
    const isCovered = covered !== null && t >= covered[0] && t <= covered[1];
    readings.push({ t, zone: step % 2, mm: isCovered ? 400 : idleMm });
  }
  return readings;
}

test('a walk from outside to inside is one in', () => {
  const found = play(createCrossingEngine(site), walk([2, 2.4], [2.2, 2.6]));
  expect(found.crossings.map((crossing) => crossing.direction)).toEqual(['in']);
  expect(found.rejections).toEqual([]);
});

test('a walk whose zones are never covered together still counts', () => {
  const found = play(createCrossingEngine(site), walk([2, 2.2], [2.225, 2.5]));
  expect(found.crossings.map((crossing) => crossing.direction)).toEqual(['in']);
});

test('a walk from inside to outside is one out', () => {
  const found = play(createCrossingEngine(site), walk([2.2, 2.6], [2, 2.4]));
  expect(found.crossings.map((crossing) => crossing.direction)).toEqual(['out']);
});

test('whoever enters and leaves on the same side has turned back', () => {
  const found = play(createCrossingEngine(site), walk([2, 3], [2.3, 2.7]));
  expect(found.crossings).toEqual([]);
  expect(found.rejections.map((rejection) => rejection.reason)).toEqual(['turned-back']);
});

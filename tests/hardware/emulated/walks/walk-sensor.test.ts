import { expect, test } from 'vitest';
import { drawArrivalScenario } from '../../../../hardware/emulated/walks/arrival-scenario.ts';
import { openWalkSensor } from '../../../../hardware/emulated/walks/walk-sensor.ts';
import type { DistanceChunk } from '../../../../hardware/sensor.ts';

const arrivals = [
  { in: 7, out: 3 },
  { in: 0, out: 5 },
];

test('as many people cross in each slot as the table says', () => {
  const { truth } = drawArrivalScenario({ seed: 3, slotSeconds: 300, arrivals });
  const count = (direction: string, from: number, to: number) =>
    truth.crossings.filter(
      (crossing) => crossing.direction === direction && crossing.atSeconds >= from && crossing.atSeconds < to,
    ).length;
  expect([count('in', 0, 300), count('out', 0, 300)]).toEqual([7, 3]);
  expect([count('in', 300, 600), count('out', 300, 600)]).toEqual([0, 5]);
});

test('readings run through the whole time, both zones in turn, and dip where somebody walks', async () => {
  const sensor = openWalkSensor({
    kind: 'walks',
    seed: 3,
    mountingHeightMm: 2500,
    startedAt: '2026-03-02T08:00:00Z',
    slotSeconds: 300,
    arrivals,
    pace: 0,
  });
  expect(sensor.description.simulated).toBe(true);
  let readings = 0;
  let near = 0;
  let lastAtSeconds = 0;
  const zones = new Set<number>();
  for await (const chunk of sensor.chunks(new AbortController().signal)) {
    const { length, atSeconds, zone, distanceMm, status } = chunk as DistanceChunk;
    for (let at = 0; at < length; at++) {
      expect(atSeconds[at]).toBeGreaterThanOrEqual(lastAtSeconds);
      lastAtSeconds = atSeconds[at]!;
      zones.add(zone[at]!);
      if (status[at] === 0 && distanceMm[at]! < 1500) near++;
    }
    readings += length;
  }
  expect(lastAtSeconds).toBeGreaterThan(598);
  expect(readings).toBeGreaterThan(600 * 38);
  expect([...zones].sort()).toEqual([0, 1]);
  // Fifteen adults give about four to ten readings a zone each (counting.md's own estimate).
  expect(near).toBeGreaterThan(15 * 4);
});

test('stops when it is told to', async () => {
  const stop = new AbortController();
  const sensor = openWalkSensor({
    kind: 'walks',
    seed: 1,
    mountingHeightMm: 2500,
    startedAt: '2026-03-02T08:00:00Z',
    slotSeconds: 3600,
    arrivals: [{ in: 1, out: 1 }],
    pace: 1,
  });
  let chunks = 0;
  for await (const _ of sensor.chunks(stop.signal)) {
    chunks++;
    stop.abort();
  }
  expect(chunks).toBe(1);
});

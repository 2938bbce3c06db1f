import { expect, test } from 'vitest';
import { createCrossingEngine } from '../../../edge-agent/count/crossing-engine.ts';
import { simulateWalks } from '../../../hardware/emulated/walks/walk-simulation.ts';
import { play, type TestReading } from './finding-list.ts';

test('two lanes that see one body count one person', () => {
  const mountingHeightMm = 2450;
  const { readings, truth, zones } = simulateWalks({
    profile: 'easy',
    seed: 31,
    mountingHeightMm,
    minutes: 8,
    zones: 'four',
    readingsPerSecond: 80,
  });
  const seen: TestReading[] = Array.from({ length: readings.length }, (_, index) => ({
    t: readings.atSeconds[index]!,
    zone: readings.zone[index]!,
    mm: readings.distanceMm[index]!,
    status: readings.status[index]!,
  }));
  const engine = createCrossingEngine({
    kind: 'vl53l1x',
    geometry: 'ceiling',
    mountingHeightMm,
    zones: zones.map((zone) => ({ lane: 0, ...zone, idleMm: null, idleDeviationMm: null })),
  });
  const { crossings } = play(engine, seen);
  expect(truth.crossings.length).toBeGreaterThan(40);
  // Counted lane by lane everybody would be two.
  expect(crossings.length / truth.crossings.length).toBeGreaterThan(0.95);
  expect(crossings.length / truth.crossings.length).toBeLessThan(1.08);
});

import { expect, test } from 'vitest';
import { run } from '../../../scripts/evidence/emulated.ts';

test('the agent runs on all emulated devices at once and counts what the scene says', async () => {
  const { truth, rows } = await run({ seconds: 40 });
  expect(truth.in + truth.out).toBeGreaterThan(2);
  const row = (sensor: string) => rows.find((one) => one.sensor === sensor)!;
  for (const sensor of ['ceiling', 'beams', 'beams-s']) {
    const counted = row(sensor);
    // One miss is granted on a machine that is busy with other tests; the doubtful are those at the ends.
    const least = truth.in + truth.out - 1;
    expect(counted.in + counted.out, sensor).toBeGreaterThanOrEqual(least);
    expect(counted.in + counted.out, sensor).toBeLessThanOrEqual(least + 2 + truth.doubtful);
    expect(counted.coverage, sensor).toBeGreaterThan(0.5);
  }
  for (const sensor of ['motion-gpio', 'motion-arduino']) {
    expect(row(sensor).motions, sensor).toBeGreaterThan(0);
    expect(row(sensor).coverage, sensor).toBeGreaterThan(0.8);
  }
  expect(row('wifi')).toMatchObject({ kind: 'wifi-probe' });
}, 120_000);

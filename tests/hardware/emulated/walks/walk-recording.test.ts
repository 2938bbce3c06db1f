import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  recordingLines,
  truthFileOf,
  writeWalkRecording,
} from '../../../../hardware/emulated/walks/walk-recording.ts';
import { simulateWalks } from '../../../../hardware/emulated/walks/walk-simulation.ts';
import { openSensor } from '../../../../hardware/open-sensor.ts';

const folder = mkdtempSync(join(tmpdir(), 'passant-walks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const startedAt = '2026-03-02T08:00:00Z';
const simulation = simulateWalks({ profile: 'linger', seed: 2, mountingHeightMm: 2500, minutes: 2 });

test('the header says what the sensor was and that it is simulated', () => {
  const [first, second] = recordingLines(simulation, startedAt);
  expect(JSON.parse(first!)).toEqual({
    format: 'passant-recording',
    version: 1,
    sensor: 'vl53l1x',
    mountingHeightMm: 2500,
    startedAt,
    geometry: 'ceiling',
    simulated: true,
    zones: [
      { id: 0, side: 'outside' },
      { id: 1, side: 'inside' },
    ],
  });
  expect(Object.keys(JSON.parse(second!))).toEqual([
    't',
    'zone',
    'mm',
    'status',
    'signalKcps',
    'ambientKcps',
    'sigmaMm',
    'spads',
  ]);
});

test('a recording is read back as the sensor it was written from', async () => {
  const file = join(folder, 'linger.ndjson');
  expect(await writeWalkRecording(simulation, { file, startedAt })).toBe(join(folder, 'linger.truth.json'));
  const sensor = await openSensor({ kind: 'recording', file, pace: 0 });
  expect(sensor.description.simulated).toBe(true);
  expect(sensor.description.mountingHeightMm).toBe(2500);
  const distances: number[] = [];
  for await (const chunk of sensor.chunks(new AbortController().signal)) {
    if (chunk.kind !== 'distance') throw new Error(`a ${chunk.kind} chunk`);
    distances.push(...chunk.distanceMm.subarray(0, chunk.length));
  }
  await sensor.close();
  expect(distances).toEqual(
    Array.from(simulation.readings.distanceMm.subarray(0, simulation.readings.length)),
  );
});

test('the truth lies beside it with every crossing and what else came', () => {
  const truth = JSON.parse(readFileSync(join(folder, 'linger.truth.json'), 'utf8'));
  expect(truth.crossings).toHaveLength(simulation.truth.crossings.length);
  expect(truth.other).toHaveLength(simulation.truth.other.length);
  truth.crossings.forEach((crossing: { t: number; direction: string; until?: number }, at: number) => {
    const { atSeconds, direction, untilSeconds } = simulation.truth.crossings[at]!;
    expect(crossing.t).toBeCloseTo(atSeconds, 2);
    expect(crossing.direction).toBe(direction);
    expect(crossing.until === undefined).toBe(untilSeconds === undefined);
  });
});

test('the name of the truth follows the name of the recording', () => {
  expect(truthFileOf('a/visit.ndjson')).toBe('a/visit.truth.json');
  expect(truthFileOf('visit')).toBe('visit.truth.json');
});

test('a folder that does not exist is an error that names the file', async () => {
  const file = join(folder, 'none', 'x.ndjson');
  await expect(writeWalkRecording(simulation, { file, startedAt })).rejects.toThrow(file);
});

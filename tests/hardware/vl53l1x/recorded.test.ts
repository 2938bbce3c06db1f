import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRecordingWriter } from '../../../hardware/recording/recording-writer.ts';
import { Vl53l1xBench } from '../../doubles/vl53l1x-bench.ts';

test('signal, ambient light, sigma and pads go from the registers into a recording', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'passant-recorded-'));
  const file = join(folder, 'door.ndjson');
  const bench = new Vl53l1xBench();
  const sensor = bench.sensor();
  const { zones, geometry } = sensor.description;
  const startSeconds = bench.clock.nowSeconds();
  const startedAt = '2026-03-02T08:00:00Z';
  const header = { sensor: 'vl53l1x' as const, startedAt, zones: [...zones], geometry };
  const writer = await openRecordingWriter({ file, header, startSeconds });
  const stop = new AbortController();
  const expected: object[] = [];
  for await (const chunk of sensor.chunks(stop.signal)) {
    if (chunk.kind !== 'distance') continue;
    await writer.write(chunk);
    expected.push({
      zone: chunk.zone[0],
      status: chunk.status[0],
      mm: chunk.distanceMm[0],
      signalKcps: chunk.signalKcps![0],
      ambientKcps: chunk.ambientKcps![0],
      sigmaMm: chunk.sigmaMm![0],
      spads: chunk.spads![0],
    });
    if (expected.length === 50) stop.abort();
  }
  await writer.close();
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(folder, { recursive: true });
  const read = lines.map((line) => {
    const { t: _, ...rest } = JSON.parse(line) as Record<string, number>;
    return rest;
  });
  expect(read).toEqual(expected);
  expect(read[10]!['signalKcps']).toBeGreaterThan(3000);
});

import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replayRecording } from '../../../edge-agent/replay.ts';
import { finishTornRecording } from '../../../hardware/recording/finish-torn-recording.ts';
import { openRecordingWriter } from '../../../hardware/recording/recording-writer.ts';
import { distanceChunk } from '../../../hardware/sensor.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-writer-'));
  file = join(folder, 'door.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const begin = () =>
  openRecordingWriter({
    file,
    header: {
      sensor: 'vl53l1x',
      startedAt: '2026-03-02T08:00:00Z',
      zones: [
        { id: 0, side: 'outside' },
        { id: 1, side: 'inside' },
      ],
      mountingHeightMm: 2500,
    },
    startSeconds: 100,
  });

function readings(count: number) {
  const chunk = distanceChunk(count);
  for (let at = 0; at < count; at++) {
    chunk.atSeconds[at] = 100 + at / 40;
    chunk.zone[at] = at % 2;
    chunk.distanceMm[at] = 2500;
  }
  chunk.length = count;
  return chunk;
}

test('a recording has its name only when it is whole', async () => {
  const writer = await begin();
  await writer.write(readings(40));
  await writer.sync();
  expect(existsSync(file)).toBe(false);
  expect(writer.readings).toBe(40);
  expect(writer.bytes).toBe(readFileSync(`${file}.part`).length);
  await writer.close();
  await writer.close();
  expect(existsSync(`${file}.part`)).toBe(false);
  expect((await replayRecording({ file })).readings).toBe(40);
});

test.each([1, 17, 40, 4000])(
  'what a killed program left with %i readings is whole up to its torn line',
  async (count) => {
    const writer = await begin();
    await writer.write(readings(count));
    await writer.sync();
    appendFileSync(`${file}.part`, '{"t":100.5,"zo');
    expect(await finishTornRecording(`${file}.part`)).toBe(file);
    expect((await replayRecording({ file })).readings).toBe(count);
    expect(existsSync(`${file}.part`)).toBe(false);
    // The killed program would not; it only frees the handle here.
    await expect(writer.close()).rejects.toThrow('ENOENT');
  },
);

test('an unfinished file without even a header goes', async () => {
  writeFileSync(`${file}.part`, '{"format":"passa');
  expect(await finishTornRecording(`${file}.part`)).toBeNull();
  expect(existsSync(`${file}.part`)).toBe(false);
});

test('a name that was taken meanwhile is not overwritten, and the readings stay', async () => {
  const writer = await begin();
  await writer.write(readings(3));
  writeFileSync(file, 'of somebody else');
  await expect(writer.close()).rejects.toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('of somebody else');
  expect(readFileSync(`${file}.part`, 'utf8').trim().split('\n')).toHaveLength(4);
});

test('two do not write one recording', async () => {
  const writer = await begin();
  await expect(begin()).rejects.toThrow('is being written');
  await writer.close();
  await expect(begin()).rejects.toThrow('exists already');
});

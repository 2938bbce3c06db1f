import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeChunk } from '../../../hardware/sensor.ts';
import { type CaptureSensorConfig, openCaptureSensor } from '../../../hardware/wifi-probe/capture-sensor.ts';
import { pcap, probeRequest, radiotap } from '../../doubles/probe-frames.ts';

const brno = join(import.meta.dirname, '../../recordings/brno/2024-04-18.pcap');
const never = new AbortController().signal;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-capture-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function play(config: Partial<CaptureSensorConfig> & { file: string }) {
  const sensor = await openCaptureSensor({ pace: 0, mode: 'rate', ...config });
  let frames = 0;
  let progressSeconds = 0;
  let last: ProbeChunk | null = null;
  for await (const chunk of sensor.chunks(never)) {
    frames += chunk.length;
    progressSeconds = (chunk as ProbeChunk).progressSeconds;
    last = chunk as ProbeChunk;
  }
  return { sensor, frames, progressSeconds, last };
}

function write(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

const packet = (n: number) => Buffer.concat([radiotap({ signalDbm: -50 }), probeRequest(Buffer.alloc(6, n))]);

describe('a capture as a sensor', () => {
  test('plays the committed afternoon: all its probe requests, over eight hours', async () => {
    const { sensor, frames, progressSeconds } = await play({ file: brno });
    expect(sensor.description).toMatchObject({
      kind: 'wifi-probe',
      timeline: { kind: 'recorded', startedAtEpochSeconds: Date.parse('2024-04-18T13:09:41Z') / 1000 },
    });
    expect(frames).toBe(24_349);
    expect(progressSeconds).toBeGreaterThan(8.4 * 3600);
  });

  test('hands out addresses in mode hashing only, and overwrites them when it is pulled on', async () => {
    const file = write('few.pcap', pcap([1, 2].map((n) => ({ atSeconds: 1000 + n, packet: packet(n) }))));
    expect((await play({ file })).last).not.toHaveProperty('address');
    const sensor = await openCaptureSensor({ file, pace: 0, mode: 'hashing' });
    const addresses: string[] = [];
    let array: Uint8Array = new Uint8Array();
    for await (const chunk of sensor.chunks(never)) {
      array = (chunk as ProbeChunk).address!;
      addresses.push(Buffer.from(array.subarray(0, 12)).toString('hex'));
    }
    expect(addresses).toEqual(['010101010101020202020202']);
    expect(array.every((byte) => byte === 0)).toBe(true);
  });

  test('keeps pace with the recording, sped up', async () => {
    const file = write(
      'paced.pcap',
      pcap([0, 1, 2].map((n) => ({ atSeconds: 1000 + n, packet: packet(n) }))),
    );
    const began = performance.now();
    const { frames, progressSeconds } = await play({ file, pace: 10 });
    expect({ frames, progressSeconds }).toEqual({ frames: 3, progressSeconds: 2 });
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  test('shifts to another start without moving the frames', async () => {
    const file = write('shift.pcap', pcap([{ atSeconds: 1000.25, packet: packet(1) }]));
    const { sensor, progressSeconds } = await play({ file, shiftSeconds: 500 });
    expect(sensor.description.timeline).toEqual({ kind: 'recorded', startedAtEpochSeconds: 1500 });
    expect(progressSeconds).toBeCloseTo(0.25, 6);
  });

  test('counts what it cannot read and goes on', async () => {
    const file = write(
      'malformed.pcap',
      pcap([
        { atSeconds: 1, packet: packet(1) },
        { atSeconds: 2, packet: Buffer.alloc(3) },
        { atSeconds: 3, packet: packet(2) },
      ]),
    );
    let malformed = 0;
    const sensor = await openCaptureSensor({ file, pace: 0, mode: 'rate' });
    for await (const chunk of sensor.chunks(never)) malformed += (chunk as ProbeChunk).malformed;
    expect(malformed).toBe(1);
  });

  test.each([
    ['is not there', 'missing.pcap', null, 'file-unreadable', 'no such file'],
    ['holds no frame', 'empty.pcap', pcap([]), 'recording-invalid', 'holds no frame'],
    [
      'is another format',
      'text.pcap',
      Buffer.from('hello world'),
      'recording-invalid',
      'neither pcap nor pcapng',
    ],
  ])('that %s is refused with one clear line', async (_what, name, bytes, code, message) => {
    const file = bytes === null ? join(folder, name) : write(name, bytes);
    const failure = openCaptureSensor({ file, pace: 0, mode: 'rate' });
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(failure).rejects.toMatchObject({ message: expect.stringContaining(file) });
  });

  test('that is cut off hands over what came before and names the place', async () => {
    const whole = readFileSync(brno);
    const file = write('cut.pcap', whole.subarray(0, 24 + 46 * 100 + 7));
    const sensor = await openCaptureSensor({ file, pace: 0, mode: 'rate' });
    let frames = 0;
    const playing = (async () => {
      for await (const chunk of sensor.chunks(never)) frames += chunk.length;
    })();
    await expect(playing).rejects.toMatchObject({
      code: 'recording-invalid',
      message: `${file}: frame 101 at byte 4624: the file is cut off within a record`,
    });
    expect(frames).toBe(100);
  });

  test('whose clock jumps by weeks is damaged, and does not become weeks of silence', async () => {
    const file = write(
      'jump.pcap',
      pcap([
        { atSeconds: 1000, packet: packet(1) },
        { atSeconds: 1000 + 30 * 86_400, packet: packet(2) },
      ]),
    );
    await expect(play({ file })).rejects.toThrow('more than a week');
  });

  test('whose clock steps back keeps the order of its frames', async () => {
    const records = [10, 12, 11, 13].map((atSeconds, n) => ({ atSeconds, packet: packet(n) }));
    const file = write('back.pcap', pcap(records));
    const sensor = await openCaptureSensor({ file, pace: 0, mode: 'rate' });
    for await (const chunk of sensor.chunks(never)) {
      expect([...(chunk as ProbeChunk).atSeconds.subarray(0, 4)]).toEqual([0, 2, 2, 3]);
    }
  });
});

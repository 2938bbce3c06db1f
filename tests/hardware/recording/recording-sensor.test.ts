import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../hardware/emulated/virtual-clock.ts';
import type { RecordingConfig } from '../../../hardware/recording/recording-config.ts';
import { openRecordingSensor } from '../../../hardware/recording/recording-sensor.ts';
import { openRecordingWriter } from '../../../hardware/recording/recording-writer.ts';
import { SensorError } from '../../../hardware/sensor.ts';

const header =
  '{"format":"passant-recording","version":1,"sensor":"vl53l1x","mountingHeightMm":2500,"startedAt":"2026-03-02T08:00:00Z","zones":[{"id":0,"side":"outside"},{"id":1,"side":"inside"}]}';
const withSignal =
  '{"t":0.0239,"zone":1,"mm":2541.5,"status":4,"signalKcps":2100,"ambientKcps":40,"sigmaMm":9,"spads":96}';
const reading = (t: number) => `{"t":${t},"zone":0,"mm":2580,"status":0}`;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-recording-'));
  file = join(folder, 'door.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that a recording of these lines says. */
async function play(lines: readonly string[], config: Partial<RecordingConfig> = {}, clock?: VirtualClock) {
  writeFileSync(file, lines.join('\n'));
  const sensor = await openRecordingSensor({ kind: 'recording', file, pace: 0, ...config }, clock);
  const readings: { t: number; zone: number; mm: number; status: number; signal: number }[] = [];
  for await (const chunk of sensor.chunks(new AbortController().signal)) {
    if (chunk.kind !== 'distance') throw new Error('not a chunk of distances');
    for (let at = 0; at < chunk.length; at += 1) {
      const [t, zone] = [chunk.atSeconds[at]!, chunk.zone[at]!];
      const [mm, status, signal] = [chunk.distanceMm[at]!, chunk.status[at]!, chunk.signalKcps![at]!];
      readings.push({ t, zone, mm, status, signal });
    }
  }
  return { description: sensor.description, readings };
}

describe('a recording', () => {
  test('says what its sensor was and what it measured', async () => {
    const { description, readings } = await play([header, reading(0), withSignal, '']);
    expect(description).toMatchObject({ kind: 'vl53l1x', geometry: 'ceiling', mountingHeightMm: 2500 });
    const startedAtEpochSeconds = Date.UTC(2026, 2, 2, 8) / 1000;
    expect(description.timeline).toEqual({ kind: 'recorded', startedAtEpochSeconds });
    expect(readings).toEqual([
      { t: 0, zone: 0, mm: 2580, status: 0, signal: Number.NaN },
      { t: 0.0239, zone: 1, mm: 2541.5, status: 4, signal: 2100 },
    ]);
  });

  test.each([
    '{ "t" : 1.5 , "zone" : 0 , "mm" : 2580 , "status" : 0 }',
    '{"status":0,"mm":2.58e3,"zone":0,"t":15e-1}',
    '{"t":1.5,"zone":0,"mm":2580,"status":0,"note":{"a":[1]}}',
    '{"t":1.5000000000000000000,"zone":0,"mm":2580,"status":0}\r',
  ])('may be written in any way that JSON allows: %s', async (line) => {
    const { readings } = await play([header, line]);
    expect(readings).toEqual([{ t: 1.5, zone: 0, mm: 2580, status: 0, signal: Number.NaN }]);
  });

  test('gives every number exactly as JSON.parse does', async () => {
    const numbers = [
      '0',
      '0.0239',
      '0.1',
      '7.000001',
      '123456.789012',
      '999999999999.999',
      '4503599627370495.5',
    ];
    const { readings } = await play([header, ...numbers.map((t) => `{"t":${t},"zone":0,"mm":1,"status":0}`)]);
    expect(readings.map(({ t }) => t)).toEqual(numbers.map((text) => JSON.parse(text) as number));
  });

  test('comes whole through any number of buffers', async () => {
    const count = 30_000;
    const { readings } = await play([
      header,
      ...Array.from({ length: count }, (_, at) => reading(at / 40)),
      '',
    ]);
    expect(readings).toHaveLength(count);
    expect(readings.every(({ t }, at) => t === at / 40)).toBe(true);
  });

  test('may be moved in time', async () => {
    const { description } = await play([header], { shiftSeconds: 86_400 });
    expect(description.timeline).toMatchObject({ startedAtEpochSeconds: Date.UTC(2026, 2, 3, 8) / 1000 });
  });

  test('of motion gives level changes', async () => {
    const rises = '{"t":1.25,"zone":0,"active":true}';
    writeFileSync(
      file,
      [header.replace('vl53l1x', 'pir'), rises, '{"t":3,"zone":0,"active":false}'].join('\n'),
    );
    const sensor = await openRecordingSensor({ kind: 'recording', file, pace: 0 });
    const told: (number | undefined)[][] = [];
    for await (const chunk of sensor.chunks(new AbortController().signal)) {
      if (chunk.kind !== 'motion') throw new Error('not a chunk of motion');
      for (let at = 0; at < chunk.length; at += 1) told.push([chunk.atSeconds[at], chunk.active[at]]);
    }
    expect(told).toEqual([
      [1.25, 1],
      [3, 0],
    ]);
  });
});

describe('a recording of serial bytes', () => {
  const lidarHeader = header.replace('vl53l1x', 'tf-luna').replace(',{"id":1,"side":"inside"}', '');
  /** A frame of the TF-Luna: distance and amplitude little-endian, 25 °C, sum. */
  const frame = (distanceCm: number, amplitude: number) => {
    const bytes = Buffer.from([0x59, 0x59, 0, 0, 0, 0, 0xc8, 0x08]);
    bytes.writeUInt16LE(distanceCm, 2);
    bytes.writeUInt16LE(amplitude, 4);
    return Buffer.concat([bytes, Buffer.from([bytes.reduce((sum, byte) => sum + byte, 0) & 0xff])]).toString(
      'hex',
    );
  };

  test('goes through the parser of the driver, however the bytes were cut', async () => {
    const hex = [frame(250, 900), frame(251, 900), frame(90, 50), frame(252, 900)].join('');
    const lines = [
      lidarHeader,
      `{"t":0,"bytes":"${hex.slice(0, 22)}"}`,
      `{"t":0.02,"bytes":"${hex.slice(22)}"}`,
    ];
    const { readings } = await play(lines);
    // The first frame is believed only with the next one; it is the parser's proof and no reading.
    expect(readings.map(({ t, mm, status }) => [t, mm, status])).toEqual([
      [0.02, 2510, 0],
      [0.02, 900, 2],
      [0.02, 2520, 0],
    ]);
  });

  test('that are no hexadecimal digits is refused', async () => {
    await expect(play([lidarHeader, '{"t":0,"bytes":"59x9"}'])).rejects.toThrow(
      'line 2: "bytes" are not pairs',
    );
  });
});

describe('a recording that cannot be used is one error that names file, line and cause:', () => {
  const broken: [name: string, lines: string[], cause: string][] = [
    ['nothing at all', [''], 'line 1: the file is empty'],
    ['no JSON', ['door at eight'], 'line 1: the header is not JSON'],
    ['another format', ['{"format":"csv"}'], 'line 1: not a recording'],
    ['another version', [header.replace('"version":1', '"version":2')], 'line 1: version 2 is not readable'],
    ['a sensor nobody knows', [header.replace('vl53l1x', 'sonar')], 'line 1: header.sensor'],
    ['a zone twice', [header.replace('"id":1', '"id":0')], 'line 1: header.zones names a zone id twice'],
    ['a broken line', [header, reading(0), '{"t":0.1,"zo', reading(0.2)], 'line 3: not JSON'],
    ['an empty line', [header, reading(0), '', reading(0.2)], 'line 3: not JSON'],
    ['a file cut short', [header, reading(0), '{"t":0.1,"zone":0,"mm":25'], 'line 3: the file is cut short'],
    [
      'time that runs backwards',
      [header, reading(2), reading(1)],
      'line 3: time runs backwards: 1 s after 2 s',
    ],
    [
      'a zone of no header',
      [header, '{"t":0,"zone":3,"mm":1,"status":0}'],
      'line 2: zone 3 is not in the header',
    ],
    ['no time', [header, '{"zone":0,"mm":1,"status":0}'], 'line 2: "t" is missing'],
    ['no distance', [header, '{"t":0,"zone":0,"status":0}'], 'line 2: "mm" is missing'],
    ['a text for a number', [header, '{"t":"0","zone":0,"mm":1,"status":0}'], 'line 2: "t" is not a number'],
    [
      'a status of 300',
      [header, '{"t":0,"zone":0,"mm":1,"status":300}'],
      'line 2: "status" is missing or not',
    ],
    ['an array', [header, '[1,2]'], 'line 2: not a JSON object'],
    ['a line without end', [header, `{"t":0,"x":"${'a'.repeat(400_000)}"}`], 'line 2: longer than'],
  ];

  test.each(broken)('%s', async (_name, lines, cause) => {
    const error: unknown = await play(lines).then(
      () => null,
      (fault: unknown) => fault,
    );
    expect(error).toBeInstanceOf(SensorError);
    expect((error as SensorError).code).toBe('recording-invalid');
    expect((error as SensorError).message).toContain(`${file}: ${cause}`);
    expect((error as SensorError).message).not.toContain('\n');
  });

  test('and the readings before it are handed over', async () => {
    writeFileSync(file, [header, reading(0), reading(1), 'broken'].join('\n'));
    const sensor = await openRecordingSensor({ kind: 'recording', file, pace: 0 });
    let readings = 0;
    const playing = (async () => {
      for await (const chunk of sensor.chunks(new AbortController().signal)) readings += chunk.length;
    })();
    await expect(playing).rejects.toThrow('line 4');
    expect(readings).toBe(2);
  });

  test('a file that is not there, and a folder', async () => {
    const open = (path: string) => openRecordingSensor({ kind: 'recording', file: path });
    await expect(open(join(folder, 'none'))).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(open(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

describe('at a pace of', () => {
  test.each([
    [1, 10],
    [10, 1],
  ])('%i ten seconds take %i', async (pace, expectedSeconds) => {
    const clock = new VirtualClock(1000);
    const lines = Array.from({ length: 401 }, (_, at) => reading(at / 40));
    const { readings } = await play([header, ...lines], { pace }, clock);
    expect(readings).toHaveLength(401);
    expect(clock.nowSeconds() - 1000).toBeCloseTo(expectedSeconds, 0);
  });

  test('1 on a live time line readings happen now', async () => {
    const config = { pace: 1, timeline: 'live' } as const;
    const { description, readings } = await play(
      [header, reading(0), reading(2)],
      config,
      new VirtualClock(500),
    );
    expect(description.timeline).toEqual({ kind: 'live' });
    expect(readings.map(({ t }) => t)).toEqual([500, 502]);
  });

  test('another value a live time line is refused, and a recorded one does not loop', async () => {
    writeFileSync(file, header);
    const open = (config: object) => openRecordingSensor({ kind: 'recording', file, ...config });
    await expect(open({ loop: true })).rejects.toMatchObject({ code: 'unsupported' });
    await expect(open({ timeline: 'live', pace: 2 })).rejects.toMatchObject({ code: 'unsupported' });
  });
});

test('what the writer writes is read again as it was, and it overwrites nothing', async () => {
  const { readings } = await play([header, reading(0), withSignal]);
  const sensor = await openRecordingSensor({ kind: 'recording', file, pace: 0 });
  const copy = join(folder, 'copy.ndjson');
  const zones = [...sensor.description.zones];
  const options = {
    file: copy,
    header: { sensor: 'vl53l1x' as const, startedAt: '2026-03-02T08:00:00Z', zones, mountingHeightMm: 2500 },
    startSeconds: 0,
  };
  const writer = await openRecordingWriter(options);
  for await (const chunk of sensor.chunks(new AbortController().signal)) await writer.write(chunk);
  await writer.close();
  const again = await play(readFileSync(copy, 'utf8').trim().split('\n'));
  expect(again.readings).toEqual(readings);
  await expect(openRecordingWriter(options)).rejects.toThrow('exists already');
});

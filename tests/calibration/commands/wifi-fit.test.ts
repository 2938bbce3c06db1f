import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Language } from '../../../calibration/command.ts';
import { wifiFit } from '../../../calibration/commands/wifi-fit.ts';
import { readSiteProfile, siteProfileHash } from '../../../edge-agent/config/site-profile-file.ts';
import { type PresenceReplay, replayPresence } from '../../../edge-agent/replay-presence.ts';
import { openCaptureSensor } from '../../../hardware/wifi-probe/capture-sensor.ts';

const brno = join(import.meta.dirname, '../../recordings/brno');
const capture = join(brno, '2024-04-18.pcap');
const truth = join(brno, '2024-04-18.truth-per-minute.csv');
let folder = '';
let profile = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-fit-'));
  profile = join(folder, 'site-profile.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: readonly string[], language: Language = 'en') {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const code = await wifiFit.run({ args, language, stdin, stdout, stderr, signal, interrupt: () => {} });
  stdout.end();
  stderr.end();
  return { code, out: await text(stdout), err: await text(stderr) };
}

const argumentsOf = (mode: string, ...more: string[]) => [
  ...['--capture', capture, '--truth', truth, '--wifi-mode', mode, '--profile', profile],
  ...more,
];

async function replay(mode: 'rate' | 'hashing'): Promise<PresenceReplay> {
  const wifi = readSiteProfile(profile).sensors.find((sensor) => sensor.kind === 'wifi-probe')!;
  const sensor = await openCaptureSensor({ file: capture, pace: 0, mode });
  return replayPresence(sensor, wifi, 5);
}

describe('wifi-fit', () => {
  test.each([
    ['rate', 2.0, 0.6],
    ['hashing', 4.0, 1.5],
  ] as const)(
    'in mode %s learns a profile with which a replay tells people',
    async (mode, errorMax, emptyMax) => {
      const { code, out } = await run(argumentsOf(mode, '--yes', '--seed', '3'));
      expect(code).toBe(0);
      expect(out).toContain('Leave-one-out: mean absolute error');
      expect(readSiteProfile(profile)).toMatchObject({ revision: 1, parent: null });
      const { windows } = await replay(mode);
      const heads = windows.filter(({ start }) => start >= '2024-04-18T13:30' && start < '2024-04-18T16:45');
      const mean = heads.reduce((sum, window) => sum + window.people!, 0) / heads.length;
      // 25.5 people were there on average.
      expect(Math.abs(mean - 25.5)).toBeLessThan(errorMax);
      const empty = windows.filter(({ start }) => start >= '2024-04-18T17:15');
      expect(empty.length).toBeGreaterThan(40);
      expect(empty.reduce((sum, window) => sum + window.people!, 0) / empty.length).toBeLessThan(emptyMax);
      expect(windows.every((window) => window.standardErrorPeople! > 0)).toBe(true);
    },
  );

  test('keeps the rest of a profile, counts its revision up and names its parent', async () => {
    const pir = { sensor: 'street', kind: 'pir', type: 'ekmc' };
    writeFileSync(profile, JSON.stringify({ version: 1, revision: 6, parent: null, sensors: [pir] }));
    const before = siteProfileHash(readSiteProfile(profile));
    const { code, out } = await run(argumentsOf('rate', '--yes', '--json', '--sensor', 'ears'));
    expect(code).toBe(0);
    const after = readSiteProfile(profile);
    expect(after).toMatchObject({ revision: 7, parent: before });
    expect(after.sensors.map(({ sensor }) => sensor)).toEqual(['street', 'ears']);
    const printed = JSON.parse(out);
    expect(printed).toMatchObject({ kind: 'fitted', revision: 7 });
    expect(printed.leaveOneOut.meanAbsoluteError).toBeLessThan(2);
    expect(printed.presenceModel).toEqual(
      after.sensors[1] && 'presenceModel' in after.sensors[1] ? after.sensors[1].presenceModel : null,
    );
  });

  test('writes nothing without a yes', async () => {
    const { code, err } = await run(argumentsOf('rate'));
    expect(code).toBe(1);
    expect(err).toContain('Nothing was written');
    expect(() => readFileSync(profile)).toThrow();
  });

  test('refuses data that cannot support a model, in the technician’s language', async () => {
    const lines = readFileSync(truth, 'utf8').split('\n');
    const short = join(folder, 'short.csv');
    writeFileSync(short, lines.slice(0, 40).join('\n'));
    const args = argumentsOf('rate', '--yes').map((arg) => (arg === truth ? short : arg));
    const { code, err } = await run(args, 'de');
    expect(code).toBe(1);
    expect(err).toContain('Abgelehnt: ');
    const constant = join(folder, 'constant.csv');
    writeFileSync(
      constant,
      lines.map((line, n) => (n === 0 ? line : line.replace(/,[^,]*,[^,]*$/, ',9,9'))).join('\n'),
    );
    const flat = await run(argumentsOf('rate', '--yes').map((arg) => (arg === truth ? constant : arg)));
    expect(flat).toMatchObject({ code: 1, err: expect.stringContaining('hardly changes') });
    expect(() => readFileSync(profile)).toThrow();
  });

  test.each([
    [['--wifi-mode', 'rate'], '--capture is missing'],
    [
      ['--capture', 'x', '--truth', 'y', '--profile', 'z', '--wifi-mode', 'both'],
      '--wifi-mode both: must be',
    ],
    [
      ['--capture', 'x', '--truth', 'y', '--profile', 'z', '--wifi-mode', 'rate', '--window', '301'],
      '--window 301',
    ],
    [['--frames'], '--frames: unknown option'],
  ])('says what is wrong with its arguments: %j', async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });

  test('explains itself in German and English', async () => {
    expect((await run(['--help'], 'de')).out).toContain('Lernt aus einer Aufzeichnung');
    expect((await run(['--help'], 'en')).out).toContain('Learns how many people');
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wifiRange } from '../../../calibration/commands/wifi-range.ts';
import { readSiteProfile } from '../../../edge-agent/config/site-profile-file.ts';
import type { SiteProfile, WifiSensorProfile } from '../../../gateway/contract/site-profile.ts';
import { SeededRandom } from '../../../hardware/emulated/walks/seeded-random.ts';
import { KeptInstallation } from '../../doubles/kept-installation.ts';
import { type CaptureRecord, pcap, probeRequest, radiotap } from '../../doubles/probe-frames.ts';

const wifi: WifiSensorProfile = {
  sensor: 'wifi',
  kind: 'wifi-probe',
  mode: 'rate',
  windowSeconds: 300,
  epsilon: 2,
  bits: 256,
};
const profile: SiteProfile = { version: 1, revision: 4, parent: null, sensors: [wifi] };
const emulated = join(import.meta.dirname, '../../../hardware/emulated/emulated-tcpdump.ts');
const captureCommand = [process.execPath, emulated, 'easy', '7', '60'];
const slot = { sensor: 'wifi', source: { kind: 'wifi-probe', interface: 'emulated0', captureCommand } };

let kept: KeptInstallation;
beforeEach(() => {
  kept = new KeptInstallation(profile, [slot]);
});
afterEach(() => kept.close());

const random = new SeededRandom(3, 'street');
/** Bursts of three frames, by a telephone heard at about so many dBm. */
function phone(meanDbm: number, bursts: number): CaptureRecord[] {
  return Array.from({ length: bursts }, (_, burst) => {
    const dbm = Math.round(meanDbm + 4 * random.normal());
    return [0, 1, 2].map((frame) => ({
      atSeconds: 1000 + burst * 2 + frame * 0.02,
      packet: Buffer.concat([
        radiotap({ signalDbm: Math.min(-1, dbm) }),
        probeRequest(Buffer.of(2, 0x5e, 0xc2, 0xe7, 1, burst)),
      ]),
    }));
  }).flat();
}

function capture(name: string, ...phones: readonly CaptureRecord[][]): string {
  const file = kept.file(name);
  writeFileSync(file, pcap(phones.flat().sort((one, next) => one.atSeconds - next.atSeconds)));
  return file;
}

const range = (near: string, far: string, ...more: string[]) =>
  kept.run(wifiRange, ['--near', near, '--far', far, '--yes', '--json', ...more]);

test('parts the near side from the far one, and writes the threshold and nothing else', async () => {
  const { code, out } = await range(capture('near', phone(-50, 60)), capture('far', phone(-78, 60)));
  expect(code).toBe(0);
  const printed = JSON.parse(out);
  expect(printed).toMatchObject({ kind: 'found', revision: 5, nearKept: { trials: 60 } });
  expect(printed.minimumSignalDbm).toBeGreaterThan(-72);
  expect(printed.minimumSignalDbm).toBeLessThan(-56);
  expect(readSiteProfile(kept.profileFile).sensors).toEqual([
    { ...wifi, minimumSignalDbm: printed.minimumSignalDbm },
  ]);
  // The telephone's address is nowhere.
  for (const written of [out, readFileSync(kept.profileFile, 'utf8')])
    expect(written.toLowerCase()).not.toMatch(/5e:?c2:?e7/);
});

test('refuses where the two sides overlap, and leaves the profile', async () => {
  const { code, out } = await range(capture('near', phone(-62, 60)), capture('far', phone(-66, 60)));
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ kind: 'refused', reason: 'overlap' });
  expect(readSiteProfile(kept.profileFile)).toEqual(profile);
});

test('takes off what others send anyway', async () => {
  const others = () => phone(-58, 40);
  const near = capture('near', phone(-45, 60), others());
  const far = capture('far', phone(-80, 60), others());
  expect((await range(near, far)).code).toBe(1);
  const { code, out } = await range(near, far, '--background', capture('background', others()));
  expect(code).toBe(0);
  expect(JSON.parse(out).minimumSignalDbm).toBeLessThan(-50);
});

test('refuses few bursts, however many frames they have', async () => {
  const { code, out } = await range(capture('near', phone(-50, 12)), capture('far', phone(-78, 60)));
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ reason: 'too-few-near', bursts: 12 });
});

test('drops a presence model that was learned with another threshold', async () => {
  const model = {
    mode: 'rate',
    fittedAt: '2026-03-01T00:00:00Z',
    windowSeconds: 300,
    floor: 0,
    factor: 1,
    exponent: 1,
    standardErrorPeople: 1,
    standardErrorGrowthPerDay: 0,
    windows: 20,
  } as const;
  kept.write('site-profile.json', {
    ...profile,
    sensors: [{ ...wifi, presenceModel: model, minimumSignalDbm: -70 }],
  });
  const args = ['--near', capture('near', phone(-50, 60)), '--far', capture('far', phone(-78, 60)), '--yes'];
  const { out } = await kept.run(wifiRange, args, 'de');
  expect(out).toContain('wifi-fit noch einmal ausführen');
  expect(readSiteProfile(kept.profileFile).sensors[0]).not.toHaveProperty('presenceModel');
});

test('listens to nothing where the profile names no mode', async () => {
  kept.write('site-profile.json', { ...profile, sensors: [] });
  expect(await kept.run(wifiRange, ['--yes'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('WiFi presence is off'),
  });
});

test('hears the real listener, and refuses what it heard of strangers only', async () => {
  const { code, err } = await kept.run(wifiRange, ['--yes', '--seconds', '5', '--no-background']);
  expect(code).toBe(1);
  expect(err).toContain('bursts of the near side');
}, 90_000);

test.each([
  [['--near', 'x'], '--near and --far go together'],
  [['--seconds', '2'], '--seconds 2'],
  [['--near', '/no', '--far', '/no'], '/no: no such file'],
])('says what is wrong with %j', async (args, message) => {
  expect(await kept.run(wifiRange, args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});

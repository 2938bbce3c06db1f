import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { verify } from '../../../calibration/commands/verify.ts';
import {
  readSiteProfile,
  siteProfileHash,
  writeSiteProfile,
} from '../../../edge-agent/config/site-profile-file.ts';
import type { SiteProfile } from '../../../gateway/contract/site-profile.ts';
import { writeWalkRecording } from '../../../hardware/emulated/walks/walk-recording.ts';
import { simulateWalks } from '../../../hardware/emulated/walks/walk-simulation.ts';
import { doorProfile, KeptInstallation } from '../../doubles/kept-installation.ts';

let kept: KeptInstallation;
const walks = mkdtempSync(join(tmpdir(), 'passant-verify-'));
beforeAll(async () => {
  for (const seed of [1, 2]) {
    const simulation = simulateWalks({ profile: 'easy', seed, minutes: 1.5, mountingHeightMm: 2500 });
    const file = join(walks, `walk-${seed}.ndjson`);
    await writeWalkRecording(simulation, { file, startedAt: '2026-03-02T08:00:00Z' });
  }
});
afterAll(() => rmSync(walks, { recursive: true }));
beforeEach(() => {
  kept = new KeptInstallation();
  cpSync(walks, kept.folder, { recursive: true });
});
afterEach(() => kept.close());

const [door] = doorProfile.sensors;
/** A sensor that is believed to hang a metre higher than it does. */
const wrongHeight: SiteProfile = {
  ...doorProfile,
  sensors: [
    {
      ...door!,
      mountingHeightMm: 3500,
      zones: [
        { zone: 0, side: 'outside', idleMm: 3500 },
        { zone: 1, side: 'inside', idleMm: 3500 },
      ],
    } as never,
  ],
};
const exchanged: SiteProfile = {
  ...doorProfile,
  sensors: [
    {
      ...door!,
      zones: [
        { zone: 0, side: 'inside', idleMm: 2500 },
        { zone: 1, side: 'outside', idleMm: 2500 },
      ],
    } as never,
  ],
};
const judge = (...args: string[]) => kept.run(verify, ['--recordings', kept.folder, ...args]);

test.each([
  ['believes in a wrong height', wrongHeight],
  ['has exchanged sides', exchanged],
])('refuses a profile that %s, and leaves the one in force', async (_name, candidate) => {
  const file = kept.write('candidate.json', candidate);
  const { code, out } = await judge('--candidate', file, '--adopt', '--yes', '--json');
  expect(code).toBe(1);
  const printed = JSON.parse(out);
  expect(printed).toMatchObject({ kind: 'refused', reason: 'counts-worse' });
  expect(printed.candidate.right).toBeLessThan(printed.reference.right);
  expect(readSiteProfile(kept.profileFile)).toEqual(doorProfile);
});

test('puts a profile in force that counts better, as a child of the one before', async () => {
  writeSiteProfile(kept.profileFile, wrongHeight);
  const file = kept.write('candidate.json', doorProfile);
  const { code, out } = await judge('--candidate', file, '--adopt', '--yes', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ verdict: 'better', revision: 2, people: expect.any(Number) });
  expect(readSiteProfile(kept.profileFile)).toMatchObject({
    revision: 2,
    parent: siteProfileHash(wrongHeight),
    sensors: doorProfile.sensors,
  });
  // The one in force against the one before: the same the other way round.
  expect(JSON.parse((await judge('--json')).out)).toMatchObject({ verdict: 'better' });
});

test('shows every recording in a table, in the technician’s language', async () => {
  const file = kept.write('candidate.json', exchanged);
  const { out, err } = await kept.run(verify, ['--recordings', kept.folder, '--candidate', file], 'de');
  expect(out).toMatch(/walk-1\.ndjson +\d+ +\d+ +0 +0 +0 +\d+ +\d+/);
  expect(out).toContain('alle mit bekannter Wahrheit');
  expect(out).toContain('candidate.json: richtig gezählt 0/');
  expect(err).toContain('Abgelehnt: Es zählt schlechter');
});

test('proves nothing without a truth, and then adopts nothing', async () => {
  const file = kept.write('candidate.json', { ...doorProfile, revision: 5 });
  for (const seed of [1, 2]) writeFileSync(kept.file(`walk-${seed}.truth.json`), '{"crossings":[]}');
  expect(JSON.parse((await judge('--candidate', file, '--json')).out).people).toBe(0);
  for (const seed of [1, 2]) rmSync(kept.file(`walk-${seed}.truth.json`));
  const { code, out } = await judge('--candidate', file, '--adopt', '--yes', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ reason: 'nothing-proved' });
});

test.each([
  [['--adopt'], '--adopt needs --candidate'],
  [['--recordings', '/nowhere'], '/nowhere: no recordings'],
  [['--candidate', '/nowhere.json'], '/nowhere.json: no such file'],
])('says what is wrong with %j', async (args, message) => {
  expect(await kept.run(verify, args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});

test('a damaged truth or recording is named with its file', async () => {
  writeFileSync(kept.file('walk-1.truth.json'), '{"crossings":[{"t":"soon"}]}');
  expect(await judge()).toMatchObject({ code: 2, err: expect.stringContaining('walk-1.truth.json') });
  writeFileSync(kept.file('walk-1.truth.json'), '{"crossings":[]}');
  writeFileSync(kept.file('walk-2.ndjson'), '{"format":"passant-recording"}\n');
  expect(await judge()).toMatchObject({ code: 2, err: expect.stringContaining('walk-2.ndjson') });
});

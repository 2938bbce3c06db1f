import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { walkTest } from '../../../calibration/commands/walk-test.ts';
import { readProfileInForce } from '../../../edge-agent/config/profile-in-force.ts';
import { writeSiteProfile } from '../../../edge-agent/config/site-profile-file.ts';
import type { DistanceSensorProfile } from '../../../gateway/contract/site-profile.ts';
import { newToken, tokenHash } from '../../../gateway/web/access/credentials.ts';
import { doorProfile, KeptInstallation } from '../../doubles/kept-installation.ts';
import { tappedWalks } from '../../doubles/tapped-walks.ts';
import { openApiBed } from '../../gateway/web/api-bed.ts';
import { requirePrograms } from '../../require-programs.ts';
import { type EmulatedDoor, emulatedDoor } from '../../terminal/emulated-door.ts';
import { Terminal } from '../../terminal/terminal.ts';

const inForce = (file: string) => {
  const { profile } = readProfileInForce(file);
  return { revision: profile?.revision, door: profile?.sensors[0] as DistanceSensorProfile };
};

describe('walk-test --again', () => {
  let kept: KeptInstallation;
  let recording: string;
  beforeEach(() => {
    kept = new KeptInstallation();
    recording = kept.file('quiet.ndjson');
  });
  afterEach(() => kept.close());

  test('judges an observer’s taps, says what they prove, and puts the correction into the profile', async () => {
    const truth = await tappedWalks(recording, { profile: 'quiet', seed: 3, minutes: 12 });
    const { code, out } = await kept.run(walkTest, ['--again', recording, '--yes', '--json']);
    expect(code).toBe(0);
    const printed = JSON.parse(out);
    expect(printed).toMatchObject({ kind: 'tested', revision: 2 });
    // The observer forgets one in a hundred; the rest are everybody.
    expect(printed.recall.trials).toBeGreaterThan(truth.crossings.length * 0.96);
    expect(printed.lagSeconds).toBeGreaterThan(0.25);
    expect(printed.lagSeconds).toBeLessThan(0.6);
    const { walkTest: record } = inForce(kept.profileFile).door;
    expect(record).toMatchObject({ at: '2026-03-02T08:20:00Z', people: printed.recall.trials });
    for (const direction of ['in', 'out'] as const) {
      const { factor, standardError, people, counted } = record![direction]!;
      expect(factor).toBeCloseTo(people / counted, 4);
      const real = truth.crossings.filter((crossing) => crossing.direction === direction).length / counted;
      expect(Math.abs(factor - real)).toBeLessThan(1.96 * standardError);
    }
  });

  test('sends the correction to the gateway for the line that this sensor counts, which applies it', async () => {
    await tappedWalks(recording, { profile: 'easy', seed: 4, minutes: 10 });
    const bed = await openApiBed();
    try {
      const token = newToken('psk');
      const key = { name: 'T', role: 'technician', sites: ['shop'], tokenSha256: tokenHash(token) };
      const body = { ...key, expiresMs: Date.parse('2030-01-01T00:00:00Z') };
      await bed.store.put([{ kind: 'api-key', id: 'technician', body }], bed.clock.nowMs);
      const gateway = await bed.app.listen({ port: 0, host: '127.0.0.1' });
      const args = ['--again', recording, '--yes', '--gateway', gateway];
      const wrong = await kept.run(walkTest, args);
      expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('401') });
      const file = kept.file('key.txt');
      writeFileSync(file, `${token}\n`);
      const { code, out, err } = await kept.run(walkTest, [...args, '--json', '--key-file', file]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const printed = JSON.parse(out);
      expect(printed.calibrations).toEqual([
        'walk-shop-door-in-202603020820',
        'walk-shop-door-out-202603020820',
      ]);
      const [first] = await bed.store.readRecords('calibration');
      expect(first!.body).toMatchObject({
        line: 'shop-door',
        direction: 'in',
        factor: printed.record.in.factor,
        from: '2026-03-02T08:00:00Z',
      });
    } finally {
      await bed.close();
    }
  });

  test('refuses to conclude from few people, and writes nothing', async () => {
    await tappedWalks(recording, { profile: 'easy', seed: 4, minutes: 1 });
    const { code, out } = await kept.run(walkTest, ['--again', recording, '--yes', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ kind: 'refused', reason: 'too-few' });
    expect(inForce(kept.profileFile)).toMatchObject({ revision: 1 });
  });

  test.each([
    [['--again', '/nowhere.ndjson'], 2, '/nowhere.taps.json: no such file'],
    [['--claim', '100'], 2, '--claim 100'],
    [['--yes'], 2, 'nobody can tap here'],
    [['--phone', '--seconds', '5', '--phone-token', 'short'], 2, '--phone-token'],
    [['--gateway', 'gateway.example'], 2, 'http:// or https://'],
  ] as const)('says what is wrong with %j', async (args, code, message) => {
    expect(await kept.run(walkTest, args)).toMatchObject({ code, err: expect.stringContaining(message) });
  });
});

describe('walk-test, played in a terminal', { timeout: 120_000 }, () => {
  let terminal: Terminal;
  let door: EmulatedDoor;
  beforeEach(async (context) => {
    requirePrograms(context, 'tmux');
    terminal = await Terminal.open();
    door = emulatedDoor(terminal);
    counted = { in: 0, out: 0 };
    mkdirSync(terminal.file('state'));
    writeSiteProfile(door.profileFile, doorProfile);
  });
  afterEach(async () => {
    await terminal?.close();
  });

  let counted = { in: 0, out: 0 };
  /** Somebody walks; the technician taps as soon as it shows, like one who looks at the door. */
  const passes = async (way: 'in' | 'out', ...keys: readonly string[]) => {
    door.stage(`walk ${way}`);
    counted = { ...counted, [way]: counted[way] + 1 };
    await terminal.waitFor(`Counter: ${counted.in} in, ${counted.out} out`);
    await terminal.press(...keys);
    await sleep(1200);
  };
  const recordings = () => readdirSync(terminal.file('state/recordings')).sort();

  test('taps become a result, a recording, and a revision of the profile', async () => {
    await terminal.calibrate(`walk-test ${door.options} --minimum-people 4 --yes`);
    await terminal.waitFor('Counter: 0 in, 0 out');
    await passes('in', 'i');
    await passes('out', 'Left', 'c');
    await passes('in', 'i', 'u');
    await passes('in', 'Right');
    await passes('out', 'o');
    const during = await terminal.waitFor('Counter: 3 in, 2 out');
    expect(during).toContain('[i →] in');
    await sleep(600);
    await terminal.press('q');
    expect(await terminal.exitCode()).toBe(0);
    const screen = await terminal.screen();
    expect(screen).toMatch(/adult +3 +3 +0 +0 +0 +0/);
    expect(screen).toMatch(/child +1 +1 +0 +0 +0 +0/);
    expect(screen).toContain('Counts with nobody near: 1');
    expect(screen).toContain('You may claim: at least 39 %');
    expect(inForce(door.profileFile)).toMatchObject({
      revision: 2,
      door: { walkTest: { people: 4, crossings: 5 } },
    });
    expect(recordings().map((name) => name.replace(/^walk-test-door-[\dTZ-]+\./, ''))).toEqual([
      'ndjson',
      'taps.json',
      'truth.json',
    ]);
    const truth = JSON.parse(readFileSync(terminal.file(`state/recordings/${recordings()[2]}`), 'utf8'));
    expect(truth.crossings.map(({ direction }: { direction: string }) => direction)).toEqual([
      'in',
      'out',
      'in',
      'out',
    ]);
  });

  test('killed in the middle it leaves the profile in force, and the next test makes its recording whole', async () => {
    await terminal.calibrate(`walk-test ${door.options}`);
    await terminal.waitFor('Counter: 0 in, 0 out');
    await passes('in', 'i');
    process.kill(await terminal.programId(), 'SIGKILL');
    await terminal.exitCode();
    expect(inForce(door.profileFile).revision).toBe(1);
    const [torn] = recordings();
    expect(torn).toMatch(/\.ndjson\.part$/);
    const long = new Date(Date.now() - 60_000);
    utimesSync(terminal.file(`state/recordings/${torn}`), long, long);
    // What is killed leaves the terminal without echo: the technician opens another.
    await terminal.hangUp();
    await terminal.reopen();
    await terminal.calibrate(`walk-test ${door.options}`);
    await terminal.waitFor('is readable now');
    await terminal.waitFor('Counter: 0 in, 0 out');
    door.stage('unplug');
    expect(await terminal.exitCode()).toBe(1);
    expect(await terminal.screen()).toContain('Is it plugged in?');
    const whole = terminal.file(`state/recordings/${torn!.replace('.part', '')}`);
    expect(existsSync(whole)).toBe(true);
    expect(existsSync(whole.replace('.ndjson', '.taps.json'))).toBe(true);
    expect(recordings().some((name) => name.endsWith('.part'))).toBe(false);
    expect(inForce(door.profileFile).revision).toBe(1);
  });
});

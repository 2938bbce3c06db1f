import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProfileInForce } from '../../../edge-agent/config/profile-in-force.ts';
import type { DistanceSensorProfile } from '../../../gateway/contract/site-profile.ts';
import { type EmulatedDoor, emulatedDoor } from '../../terminal/emulated-door.ts';
import { openBench, openTerminal } from '../../terminal/open-terminal.ts';

const zonesOf = (door: EmulatedDoor) => {
  const sensor = readProfileInForce(door.profileFile).profile?.sensors[0];
  return (sensor as DistanceSensorProfile | undefined)?.zones;
};

describe.concurrent('baseline, played in a terminal', { timeout: 120_000 }, () => {
  test('learns the empty scene and that the sides are right from one walk in', async (context) => {
    const terminal = await openTerminal(context);
    const door = emulatedDoor(terminal);
    await terminal.calibrate(`baseline ${door.options} --seconds 2`);
    await terminal.waitFor('Is nobody under the sensor');
    await terminal.press('Enter');
    await terminal.waitFor(/outside +25\d\d mm █+/);
    await terminal.waitFor('Waiting for one walk in');
    door.stage('walk in');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.screen()).toContain('was counted as in');
    expect(zonesOf(door)).toMatchObject([
      { zone: 0, side: 'outside' },
      { zone: 1, side: 'inside' },
    ]);
    for (const { idleMm } of zonesOf(door)!) expect(Math.abs(idleMm! - 2500)).toBeLessThan(60);
  });

  test('exchanges the sides of a sensor that hangs the wrong way round, in German', async (context) => {
    const terminal = await openTerminal(context);
    const door = emulatedDoor(terminal);
    await terminal.calibrate(`baseline ${door.options} --seconds 2 --yes --language de`);
    await terminal.waitFor('Warte auf einen Gang hinein');
    door.stage('walk out');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.screen()).toContain('Die Seiten werden vertauscht');
    expect(zonesOf(door)!.map(({ side }) => side)).toEqual(['inside', 'outside']);
    expect(existsSync(`${door.profileFile}.draft`)).toBe(false);
  });
});

describe.concurrent('two lidars on pseudo-terminals', { timeout: 120_000 }, () => {
  test('are measured by mount and learned by baseline through their real driver', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    const [outsidePort, insidePort] = [await bench.lidar(1600), await bench.lidar(1590)];
    const source = { kind: 'tf-luna', outsidePort, insidePort };
    const folders = { stateDir: terminal.file('state'), runDir: terminal.file('run') };
    const sensors = [{ sensor: 'beams', source }];
    const options = `--config ${terminal.write('agent.json', { device: 'gate', ...folders, sensors })} --yes`;
    await terminal.calibrate(`mount ${options} --door none --seconds 2`);
    expect(await terminal.exitCode()).toBe(0);
    expect(readFileSync(terminal.file('state/mounting-beams.svg'), 'utf8')).toContain('free width 1.60 m');
    await terminal.calibrate(`baseline ${options} --seconds 2 --no-walk`);
    expect(await terminal.exitCode()).toBe(0);
    const { profile } = readProfileInForce(terminal.file('state/site-profile.json'));
    expect(profile?.sensors[0]).toMatchObject({
      kind: 'tf-luna',
      geometry: 'side',
      mountingHeightMm: 1600,
      zones: [{ idleMm: 1600 }, { idleMm: 1590 }],
    });
  });
});

const lastGood = {
  version: 1,
  revision: 4,
  parent: null,
  sensors: [
    {
      sensor: 'door',
      kind: 'vl53l1x',
      geometry: 'ceiling',
      mountingHeightMm: 2500,
      zones: [
        { zone: 0, side: 'inside', idleMm: 2490 },
        { zone: 1, side: 'outside', idleMm: 2495 },
      ],
    },
  ],
};

describe.concurrent('baseline refuses, says why, and leaves the last good profile', {
  timeout: 120_000,
}, () => {
  test.for([
    ['stand', 'somebody-there', /somebody or something stands \d\.\d\d m under the sensor/],
    ['unrest 130', 'noisy', /is noisy: \d+ mm of standard deviation/],
    ['edge inside 500', 'clipped-by-edge', /view of zone (inside|outside) is clipped at 0\.5\d m/],
    ['lost 0.6', 'clipped-by-range', /clipped where the sensor's range ends/],
    ['sun 12000', 'sunlight', /the sun swamps zone/],
  ] as const)('after "%s": %s', async ([line, reason, said], context) => {
    const terminal = await openTerminal(context);
    const door = emulatedDoor(terminal);
    door.stage(line);
    mkdirSync(dirname(door.profileFile));
    writeFileSync(door.profileFile, JSON.stringify(lastGood));
    await terminal.calibrate(`baseline ${door.options} --json --yes --seconds 2 > ${terminal.file('out')}`);
    expect(await terminal.exitCode()).toBe(1);
    expect(JSON.parse(readFileSync(terminal.file('out'), 'utf8'))).toMatchObject({ kind: 'refused', reason });
    expect((await terminal.screen()).replaceAll('\n', ' ')).toMatch(said);
    expect(JSON.parse(readFileSync(door.profileFile, 'utf8'))).toEqual(lastGood);
    expect(existsSync(`${door.profileFile}.draft`)).toBe(false);
  });
});

import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProfileInForce } from '../../../edge-agent/config/profile-in-force.ts';
import type { DistanceSensorProfile } from '../../../gateway/contract/site-profile.ts';
import { requirePrograms } from '../../require-programs.ts';
import { type EmulatedDoor, emulatedDoor } from '../../terminal/emulated-door.ts';
import { Terminal } from '../../terminal/terminal.ts';

let terminal: Terminal;
let door: EmulatedDoor;

beforeEach(async (context) => {
  requirePrograms(context, 'tmux');
  terminal = await Terminal.open();
  door = emulatedDoor(terminal);
});
afterEach(async () => {
  await terminal?.close();
});

const zones = () => {
  const sensor = readProfileInForce(door.profileFile).profile?.sensors[0];
  return (sensor as DistanceSensorProfile | undefined)?.zones;
};

describe('baseline, played in a terminal', { timeout: 120_000 }, () => {
  test('learns the empty scene and that the sides are right from one walk in', async () => {
    await terminal.calibrate(`baseline ${door.options} --seconds 4`);
    await terminal.waitFor('Is nobody under the sensor');
    await terminal.press('Enter');
    await terminal.waitFor(/outside +25\d\d mm █+/);
    await terminal.waitFor('Waiting for one walk in');
    door.stage('walk in');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.screen()).toContain('was counted as in');
    expect(zones()).toMatchObject([
      { zone: 0, side: 'outside' },
      { zone: 1, side: 'inside' },
    ]);
    for (const { idleMm } of zones()!) expect(Math.abs(idleMm! - 2500)).toBeLessThan(60);
  });

  test('exchanges the sides of a sensor that hangs the wrong way round, in German', async () => {
    await terminal.calibrate(`baseline ${door.options} --seconds 4 --yes --language de`);
    await terminal.waitFor('Warte auf einen Gang hinein');
    door.stage('walk out');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.screen()).toContain('Die Seiten werden vertauscht');
    expect(zones()!.map(({ side }) => side)).toEqual(['inside', 'outside']);
    expect(existsSync(`${door.profileFile}.draft`)).toBe(false);
  });
});

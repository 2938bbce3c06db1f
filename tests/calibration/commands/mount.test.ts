import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readProfileInForce } from '../../../edge-agent/config/profile-in-force.ts';
import { emulatedDoor } from '../../terminal/emulated-door.ts';
import { openTerminal } from '../../terminal/open-terminal.ts';

describe.concurrent('mount, played in a terminal', { timeout: 120_000 }, () => {
  test('measures the height, draws the view, sees the door leaf, and beeps when somebody is counted', async (context) => {
    const terminal = await openTerminal(context);
    const door = emulatedDoor(terminal);
    await terminal.calibrate(`mount ${door.options}`);
    await terminal.waitFor('Is nobody under the sensor');
    await terminal.press('Enter');
    await terminal.waitFor('Height from floor to lens');
    await terminal.press('C-u');
    await terminal.type('2500');
    await terminal.press('Enter');
    await terminal.waitFor(/1\.70 m: 268 mm wide/);
    await terminal.waitFor('Height 2.50 m: good');
    await terminal.waitFor('Which door is near the sensor?');
    await terminal.press('Down', 'Enter');
    await terminal.waitFor('Watching the door');
    door.stage('edge inside 900');
    await terminal.waitFor(/inside +(8|9)\d\d mm/);
    // A leaf takes a second to come and go; a machine that is quick sees it in the very first reading.
    await setTimeout(1000);
    door.stage('calm');
    await terminal.waitFor(/inside +2[45]\d\d mm/);
    await terminal.press('Enter');
    await terminal.waitFor('The door leaf comes into view of zone inside');
    await terminal.waitFor('Live: a beep for each count');
    const before = terminal.beeps;
    door.stage('walk in');
    await terminal.waitFor(/in 1 +out 0/);
    expect(terminal.beeps - before).toBe(1);
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    expect(readProfileInForce(door.profileFile).profile?.sensors[0]).toMatchObject({
      mountingHeightMm: 2500,
      zones: [{ side: 'outside' }, { side: 'inside' }],
    });
    expect(readFileSync(terminal.file('state/mounting-door.svg'), 'utf8')).toContain('VL53L1X at 2.50 m');
  });

  test('shows at least five pictures a second, and warns of sun and reflections in one object', async (context) => {
    const terminal = await openTerminal(context);
    const door = emulatedDoor(terminal);
    door.stage('sun 4000');
    const options = `${door.options} --json --yes --live-seconds 3 --door sliding --passage 2000`;
    await terminal.calibrate(`mount ${options} > ${terminal.file('out')}`);
    expect(await terminal.exitCode()).toBe(0);
    const { kind, advice, live } = JSON.parse(readFileSync(terminal.file('out'), 'utf8'));
    expect(kind).toBe('mounted');
    expect(live.picturesPerSecond).toBeGreaterThanOrEqual(5);
    const codes = advice.map(({ code }: { code: string }) => code);
    expect(codes).toContain('sunlight');
    expect(codes).toContain('passage-wide');
    expect(codes).toContain('door-unchecked');
  });

  test('takes nobody under the sensor for a floor', async (context) => {
    const terminal = await openTerminal(context);
    const door = emulatedDoor(terminal);
    door.stage('stand');
    await terminal.calibrate(`mount ${door.options} --yes --language de`);
    expect(await terminal.exitCode()).toBe(1);
    expect(await terminal.screen()).toContain('das ist kein Boden unter einem Deckensensor');
    expect(readProfileInForce(door.profileFile).profile).toBeNull();
  });
});

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, type TestContext, test } from 'vitest';
import { readProfileInForce } from '../../edge-agent/config/profile-in-force.ts';
import { parseSiteProfile, siteProfileHash } from '../../edge-agent/config/site-profile-file.ts';
import { fakeNmcliScript } from '../doubles/fake-nmcli.ts';
import { emulatedDoor } from '../terminal/emulated-door.ts';
import { openBench, openTerminal } from '../terminal/open-terminal.ts';

const lastGood = parseSiteProfile(
  {
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
          { zone: 0, side: 'outside', idleMm: 2490 },
          { zone: 1, side: 'inside', idleMm: 2495 },
        ],
      },
    ],
  },
  'test',
);

/** An installation in force, with a gateway of WiFi networks around it, in a terminal. */
async function installation(context: TestContext) {
  const terminal = await openTerminal(context);
  const door = emulatedDoor(terminal);
  mkdirSync(dirname(door.profileFile));
  writeFileSync(door.profileFile, JSON.stringify(lastGood));
  const bench = openBench(context, terminal);
  bench.network('wlan0', { phy: 'phy0' });
  const network = { name: 'shop', address: '02:00:00:00:00:01', signal: 60, security: 'WPA2' };
  bench.program('nmcli', fakeNmcliScript([network], terminal.write('calls', '')));
  bench.i2c('/dev/i2c-1', [{ kind: 'vl53l1x' }]);
  return { terminal, door, practice: bench.option() };
}
type Installation = Awaited<ReturnType<typeof installation>>;

/** The profile that the agent would run with is the one from before. */
function isLastGood({ door }: Installation): void {
  const { hash, origin, fault } = readProfileInForce(door.profileFile);
  expect({ hash, origin, fault }).toEqual({ hash: siteProfileHash(lastGood), origin: 'newest', fault: null });
}

/** A moment within a verb: what is on the screen then, and how the technician got there. */
interface Moment {
  readonly verb: string;
  readonly shows: string;
  readonly steps?: readonly string[];
}

const moments: readonly Moment[] = [
  { verb: 'baseline', shows: 'Is nobody under the sensor' },
  { verb: 'baseline --yes --seconds 60', shows: 'Please stay away from the sensor' },
  // By now the draft with the new empty scene lies on the disk.
  { verb: 'baseline --yes --seconds 2', shows: 'Waiting for one walk in' },
  { verb: 'mount --yes --seconds 60', shows: 'Measuring the distance' },
  { verb: 'mount --seconds 2', shows: 'Height from floor to lens', steps: ['Is nobody under the sensor'] },
  {
    verb: 'mount --seconds 2 --door none --height 2300',
    shows: 'Live: a beep',
    steps: ['Is nobody under the sensor'],
  },
  { verb: 'scan --write', shows: 'What is this device to be called?' },
  { verb: 'network', shows: 'Join which WiFi network?' },
];

/** Goes to the moment. */
async function reach(
  { terminal, door, practice }: Installation,
  { verb, shows, steps = [] }: Moment,
): Promise<void> {
  const isDescribed = /^(scan|network)/.test(verb);
  const config = verb.startsWith('scan') ? `--config ${terminal.file('new-agent.json')}` : door.options;
  await terminal.calibrate(`${verb} ${config} ${isDescribed ? practice : ''}`);
  for (const step of steps) {
    await terminal.waitFor(step);
    await terminal.press('Enter');
  }
  await terminal.waitFor(shows);
}

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
};

describe.concurrent('a verb that is broken off', { timeout: 120_000 }, () => {
  test.for(moments)(
    'by Ctrl-C at "$shows" ends with 1, says so, and changes nothing',
    async (moment, context) => {
      const place = await installation(context);
      await reach(place, moment);
      await place.terminal.press('C-c');
      expect(await place.terminal.exitCode()).toBe(1);
      const screen = await place.terminal.screen();
      expect(screen).toContain('Broken off.');
      if (!/^scan/.test(moment.verb))
        expect(screen).toContain('revision 4 of the site profile stays in force');
      isLastGood(place);
      expect(existsSync(place.terminal.file('new-agent.json'))).toBe(false);
    },
  );

  test.for(moments.slice(1, 6))('by SIGKILL at "$shows" changes nothing', async (moment, context) => {
    const place = await installation(context);
    await reach(place, moment);
    process.kill(await place.terminal.programId(), 'SIGKILL');
    expect(await place.terminal.exitCode()).toBe(137);
    isLastGood(place);
  });

  test.for([moments[0]!, moments[2]!, moments[5]!])(
    'by a terminal that is closed at "$shows" ends and changes nothing',
    async (moment, context) => {
      const place = await installation(context);
      await reach(place, moment);
      const program = await place.terminal.programId();
      await place.terminal.hangUp();
      await expect.poll(() => isAlive(program)).toBe(false);
      isLastGood(place);
    },
  );

  test.for([moments[1]!, moments[2]!, moments[3]!, moments[5]!])(
    'by a sensor that is unplugged at "$shows" ends with 1, says so, and changes nothing',
    async (moment, context) => {
      const place = await installation(context);
      await reach(place, moment);
      place.door.stage('unplug');
      expect(await place.terminal.exitCode()).toBe(1);
      const screen = await place.terminal.screen();
      expect(screen).toContain('door: no reading for 6 s. Is it plugged in?');
      expect(screen).toContain('revision 4 of the site profile stays in force');
      isLastGood(place);
    },
  );

  test('goes on when the plug is put back in time', async (context) => {
    const place = await installation(context);
    await reach(place, moments[2]!);
    place.door.stage('unplug');
    await sleep(1500);
    place.door.stage('plug');
    await place.terminal.waitFor(/outside +2[45]\d\d mm/);
    place.door.stage('walk in');
    expect(await place.terminal.exitCode()).toBe(0);
    expect(readProfileInForce(place.door.profileFile).profile?.revision).toBe(5);
  });

  test('can be done again, and says what lay there unfinished', async (context) => {
    const place = await installation(context);
    await reach(place, moments[2]!);
    await place.terminal.press('C-c');
    expect(await place.terminal.exitCode()).toBe(1);
    await place.terminal.calibrate(`baseline ${place.door.options} --yes --seconds 2 --no-walk`);
    expect(await place.terminal.exitCode()).toBe(0);
    expect(await place.terminal.screen()).toContain('An unfinished draft of baseline');
    const { profile } = readProfileInForce(place.door.profileFile);
    expect(profile).toMatchObject({ revision: 5, parent: siteProfileHash(lastGood) });
    const kept = `site-profile-history/000004-${siteProfileHash(lastGood)}.json`;
    expect(
      parseSiteProfile(JSON.parse(readFileSync(place.terminal.file(`state/${kept}`), 'utf8')), kept),
    ).toEqual(lastGood);
  });
});

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enrol } from '../../../calibration/commands/enrol.ts';
import { retire } from '../../../calibration/commands/retire.ts';
import { rollback } from '../../../calibration/commands/rollback.ts';
import { show } from '../../../calibration/commands/show.ts';
import { swapDirection } from '../../../calibration/commands/swap-direction.ts';
import { readInstallation } from '../../../edge-agent/config/installation.ts';
import { readProfileInForce } from '../../../edge-agent/config/profile-in-force.ts';
import { siteProfileHash, writeSiteProfile } from '../../../edge-agent/config/site-profile-file.ts';
import { configurationNotes, readAgentConfig } from '../../../edge-agent/config.ts';
import { openAgent } from '../../../edge-agent/open-agent.ts';
import { buildEnrolmentText } from '../../../gateway/contract/enrolment.ts';
import { writeDoorRecording } from '../../doubles/door-recording.ts';
import { doorProfile, KeptInstallation } from '../../doubles/kept-installation.ts';
import { openMuteProxy } from '../../doubles/mute-proxy.ts';
import { type EnrolmentBed, openEnrolmentBed } from '../../gateway/enrolment/enrolment-bed.ts';

const main = join(import.meta.dirname, '../../../calibration/main.ts');

let bed: EnrolmentBed;
let device: KeptInstallation;
beforeEach(async () => {
  bed = await openEnrolmentBed();
  device = new KeptInstallation();
});
afterEach(async () => {
  device.close();
  await bed.close();
});

const installationFile = () => device.file('installation.json');
const passwordFile = () => device.file('uplink-password');
const inForce = () => readInstallation(installationFile())!.installation;
const json = ({ out }: { out: string }) =>
  JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, unknown>;

/** Enrols the device of the test; what was printed. */
async function enrolled(line = 'shop-door', args: readonly string[] = []) {
  const { text } = await bed.code(line);
  const run = await device.run(enrol, ['--code', text, '--yes', '--json', ...args]);
  expect(run.code, run.err).toBe(0);
  return json(run);
}
const known = async (name: string) =>
  (await bed.ask('GET', `/v1/enrolments/${name}`, { authorization: bed.technician })).body;

describe('enrol', () => {
  test('leaves a password for its owner only, and one object with configuration and profile, by hash', async () => {
    const result = await enrolled();
    expect(result).toMatchObject({ kind: 'enrolled', device: 'shop-door-1', revision: 1 });
    expect(statSync(passwordFile()).mode & 0o777).toBe(0o600);
    expect(existsSync(device.file('enrolment-pending.json'))).toBe(false);
    const { agent, profile, hash, parent, enrolment } = inForce();
    expect(agent['uplink']).toMatchObject({
      url: bed.gateway.brokerUrl,
      pin: bed.gateway.pin,
      passwordFile: passwordFile(),
    });
    expect(profile).toEqual(doorProfile);
    expect([hash, parent]).toEqual([result['hash'], null]);
    expect(enrolment).toMatchObject({ gateway: bed.gateway.url, device: 'shop-door-1', site: 'shop' });
    expect(readFileSync(installationFile(), 'utf8')).not.toContain(
      readFileSync(passwordFile(), 'utf8').trim(),
    );
    expect(readAgentConfig(device.configFile).device).toBe('shop-door-1');
  });

  test('makes an agent deliver, with the very files it left', async () => {
    const recording = device.file('door.ndjson');
    const passages = [{ atSeconds: 20, direction: 'in' }] as const;
    writeDoorRecording({
      file: recording,
      startedAt: '2026-03-02T08:00:00Z',
      durationSeconds: 100,
      passages,
    });
    const sensors = [{ sensor: 'door', source: { kind: 'recording', file: recording, pace: 0 } }];
    const place = { stateDir: device.folder, runDir: device.folder, clock: 'trusted' };
    const uplink = { url: 'mqtt://127.0.0.1:1', startDelaySecondsMax: 0, batchSecondsMax: 0 };
    device.write('agent.json', { device: 'unnamed', ...place, uplink, sensors });
    await enrolled();
    const config = readAgentConfig(device.configFile);
    const agent = await openAgent({ config, logger: pino({ level: 'silent' }) });
    await agent.drained();
    // The device is master of its profile: the gateway keeps what it tells.
    await expect
      .poll(async () => (await known('shop-door-1'))['profiles'], { timeout: 20_000, interval: 100 })
      .toEqual([
        {
          revision: 1,
          hash: siteProfileHash(doorProfile),
          parent: null,
          receivedAt: expect.any(String),
          inForce: true,
        },
      ]);
    await agent.close();
    const path = '/v1/devices/shop-door-1/completeness';
    const { body } = await bed.ask('GET', path, { authorization: bed.technician });
    expect(body).toMatchObject({ totals: { stored: 2, missing: 0 } });
  });

  test('says in one line what a used, expired or foreign code is, and leaves everything as it was', async () => {
    const { text } = await bed.code();
    const { url, pin } = (await bed.code('shop-back')) as { url: string; pin: string };
    const guessed = buildEnrolmentText({ url, code: '0'.repeat(20), pin });
    const attempts = [
      [guessed, 1, 'does not know this code'],
      ['https://gateway/elsewhere', 2, 'no enrolment code'],
      [text.replace('https:', 'http:').replace('127.0.0.1', 'gateway.example'), 2, 'HTTPS only'],
    ] as const;
    for (const [code, exit, words] of attempts) {
      const run = await device.run(enrol, ['--code', code, '--yes']);
      expect([run.code, run.err.trim().split('\n').length], run.err).toEqual([exit, 1]);
      expect(run.err).toContain(words);
    }
    expect(existsSync(installationFile())).toBe(false);
    expect(existsSync(passwordFile())).toBe(false);
    const run = await device.run(enrol, ['--code', guessed, '--yes'], 'de');
    expect(run.err).toContain('Das Gateway kennt diesen Code nicht');
  });

  test('tells a man in the middle nothing but that somebody called', async () => {
    const other = await openEnrolmentBed();
    const { code } = await bed.code();
    const text = buildEnrolmentText({ url: other.gateway.url, code, pin: bed.gateway.pin });
    const run = await device.run(enrol, ['--code', text, '--yes', '--json']);
    expect([run.code, json(run)]).toMatchObject([1, { reason: 'gateway-untrusted', fault: 'other-key' }]);
    expect(run.err).toContain('another key answers');
    // The code is as good as before: it never left.
    await other.close();
    const { text: right } = {
      text: buildEnrolmentText({ url: bed.gateway.url, code, pin: bed.gateway.pin }),
    };
    expect((await device.run(enrol, ['--code', right, '--yes'])).code).toBe(0);
  });

  test('puts no secret where others may take it', async () => {
    chmodSync(device.folder, 0o777);
    const { text } = await bed.code();
    const run = await device.run(enrol, ['--code', text, '--yes', '--json']);
    expect([run.code, json(run)['reason']]).toEqual([1, 'loose-folder']);
    chmodSync(device.folder, 0o755);
    expect((await device.run(enrol, ['--code', text, '--yes'])).code).toBe(0);
  });

  test('needs a yes', async () => {
    const { text } = await bed.code();
    const run = await device.run(enrol, ['--code', text, '--json']);
    expect([run.code, json(run)['reason']]).toEqual([1, 'not-confirmed']);
    expect(existsSync(device.file('enrolment-pending.json'))).toBe(false);
  });

  test('takes a second line along under the same name and password', async () => {
    await enrolled();
    const secret = readFileSync(passwordFile(), 'utf8');
    expect(await enrolled('shop-back')).toMatchObject({ device: 'shop-door-1', revision: 2 });
    expect(readFileSync(passwordFile(), 'utf8')).toBe(secret);
  });
});

describe('broken off', () => {
  /** The verb as a process. */
  function start(args: readonly string[]) {
    const child = spawn(process.execPath, [main, ...args, '--config', device.configFile], { stdio: 'pipe' });
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, exit };
  }

  test('by SIGKILL between claim and answer, it is finished by saying enrol again, without a code', async () => {
    const proxy = await openMuteProxy(Number(new URL(bed.gateway.url).port));
    const { code, pin } = await bed.code();
    const text = buildEnrolmentText({ url: `https://127.0.0.1:${proxy.port}`, code, pin });
    proxy.mute = true;
    const { child, exit } = start(['enrol', '--code', text, '--yes']);
    await expect
      .poll(async () => (await known('shop-door-1'))['state'], { timeout: 20_000, interval: 100 })
      .toBe('enrolled');
    child.kill('SIGKILL');
    await exit;
    // The gateway has it, the device knows nothing yet, and what was in force is in force.
    expect(existsSync(installationFile())).toBe(false);
    expect(existsSync(passwordFile())).toBe(false);
    proxy.mute = false;
    const run = await device.run(enrol, ['--yes', '--json']);
    expect([run.code, json(run)], run.err).toMatchObject([0, { device: 'shop-door-1' }]);
    expect(inForce().agent['device']).toBe('shop-door-1');
    await proxy.close();
  });

  test('at every step between, the same code finishes it, and never twice', async () => {
    const { text } = await bed.code();
    await device.run(enrol, ['--code', text, '--yes']);
    const [secret, whole] = [readFileSync(passwordFile(), 'utf8').trim(), inForce()];
    const pending = { url: bed.gateway.url, pin: bed.gateway.pin, password: secret };
    const code = text.split('#enrol.')[1]!.split('.')[0]!.replaceAll('-', '');
    for (const [password, history] of [
      [null, false],
      [secret, false],
      [secret, true],
    ] as const) {
      // What a kill leaves: the claim written down, the password or not, the version in the history or not.
      device.close();
      device = new KeptInstallation();
      writeFileSync(device.file('enrolment-pending.json'), JSON.stringify({ ...pending, code }), {
        mode: 0o600,
      });
      if (password !== null) writeFileSync(passwordFile(), `${password}\n`, { mode: 0o600 });
      if (history) writeSiteProfile(device.file('site-profile.json'), doorProfile);
      const run = await device.run(enrol, ['--code', text, '--yes', '--json']);
      expect([run.code, json(run)], run.err).toMatchObject([0, { device: 'shop-door-1' }]);
      expect(readFileSync(passwordFile(), 'utf8').trim()).toBe(secret);
      expect(inForce().enrolment).toMatchObject({ device: whole.enrolment!.device });
    }
    const { body } = await bed.ask('GET', '/v1/enrolments', { authorization: bed.technician });
    expect((body['enrolments'] as unknown[]).length).toBe(1);
  });
});

describe('the installation', () => {
  test('that is torn leaves the last good version in force, and the agent starts with it', async () => {
    await enrolled();
    writeSiteProfile(installationFile(), { ...doorProfile, revision: 2, parent: null }, 'baseline');
    expect(inForce()).toMatchObject({ revision: 2, madeBy: 'baseline' });
    writeFileSync(
      installationFile(),
      readFileSync(installationFile(), 'utf8').replace('shop-door-1', 'evil'),
    );
    const { origin, fault, profile } = readProfileInForce(installationFile());
    expect([origin, profile?.revision]).toEqual(['previous', 2]);
    expect(fault).toContain('is not what its hash says');
    expect(readAgentConfig(device.configFile).device).toBe('shop-door-1');
    expect(configurationNotes(device.configFile)).toEqual([
      expect.stringContaining('revision 2 is in force'),
    ]);
  });

  test('keeps fifty versions and no more', async () => {
    await enrolled();
    for (let revision = 2; revision <= 55; revision += 1) {
      writeSiteProfile(installationFile(), { ...doorProfile, revision, parent: null }, 'test');
    }
    const kept = readdirSync(device.file('installation-history')).sort();
    expect([kept.length, kept[0]!.slice(0, 6), kept.at(-1)!.slice(0, 6)]).toEqual([50, '000006', '000055']);
  });

  test('is told when the configuration file was changed later, and rollback takes that change over', async () => {
    await enrolled();
    const raw = JSON.parse(readFileSync(device.configFile, 'utf8')) as object;
    device.write('agent.json', { ...raw, logLevel: 'debug' });
    expect(configurationNotes(device.configFile)).toEqual([expect.stringContaining('was changed after')]);
    expect(readAgentConfig(device.configFile).logLevel).toBe('info');
    const run = await device.run(rollback, ['--to', 'configuration', '--yes']);
    expect(run.code, run.err).toBe(0);
    const config = readAgentConfig(device.configFile);
    expect(config).toMatchObject({
      logLevel: 'debug',
      device: 'shop-door-1',
      uplink: { pin: bed.gateway.pin },
    });
    expect(configurationNotes(device.configFile)).toEqual([]);
  });
});

describe('rollback', () => {
  test('brings any kept version back as a new revision, and credentials stay those of now', async () => {
    await enrolled();
    const first = inForce();
    const changed = {
      ...doorProfile.sensors[0]!,
      mountingHeightMm: 2700,
    } as (typeof doorProfile.sensors)[number];
    const parent = readProfileInForce(installationFile()).hash;
    writeSiteProfile(installationFile(), { version: 1, revision: 2, parent, sensors: [changed] }, 'baseline');
    const run = await device.run(rollback, ['--to', '1', '--yes', '--json']);
    expect([run.code, json(run)], run.err).toMatchObject([
      0,
      { kind: 'rolled-back', to: first.hash, revision: 3 },
    ]);
    const { profile } = readProfileInForce(installationFile());
    expect(profile).toMatchObject({ revision: 3, sensors: doorProfile.sensors });
    expect(inForce().parent).not.toBe(first.hash);
    expect(inForce().enrolment).toEqual(first.enrolment);
    const unknown = await device.run(rollback, ['--to', '17', '--yes']);
    expect([unknown.code, unknown.err]).toEqual([
      2,
      expect.stringContaining('no such version; there are 1, 2'),
    ]);
  });

  test('works on the profile alone before there is a gateway', async () => {
    const turned = await device.run(swapDirection, ['--sensor', 'door', '--yes', '--json']);
    expect([turned.code, json(turned)], turned.err).toMatchObject([0, { where: 'profile', revision: 2 }]);
    const sides = () =>
      (readProfileInForce(device.profileFile).profile!.sensors[0] as { zones: { side: string }[] }).zones.map(
        ({ side }) => side,
      );
    expect(sides()).toEqual(['inside', 'outside']);
    const back = await device.run(rollback, ['--to', '1', '--yes', '--json']);
    expect([back.code, json(back)], back.err).toMatchObject([0, { revision: 3 }]);
    expect(sides()).toEqual(['outside', 'inside']);
    const past = await device.run(swapDirection, ['--sensor', 'door', '--from', 'start', '--yes']);
    expect([past.code, past.err]).toEqual([1, expect.stringContaining('Without a gateway')]);
  });
});

describe('show, swap-direction and retire', () => {
  test('show says what is in force here and what the gateway knows', async () => {
    await enrolled();
    const run = await device.run(show, ['--json']);
    expect([run.code, json(run)], run.err).toMatchObject([
      0,
      {
        device: 'shop-door-1',
        inForce: { revision: 1, hash: inForce().hash },
        gateway: { state: 'enrolled', assigned: [{ line: 'shop-door', swapped: false }] },
        history: [{ revision: 1, madeBy: 'enrol', inForce: true }],
      },
    ]);
    const plain = await device.run(show, [], 'de');
    expect(plain.out + plain.err).toContain('Das Gateway sagt: enrolled');
  });

  test('swap-direction turns an enrolled counter round at the gateway and leaves its profile alone', async () => {
    await enrolled();
    const before = readProfileInForce(installationFile()).hash;
    const run = await device.run(swapDirection, ['--from', 'start', '--yes', '--json']);
    expect([run.code, json(run)], run.err).toMatchObject([
      0,
      { where: 'gateway', from: 'start', assigned: [{ swapped: true }] },
    ]);
    expect(readProfileInForce(installationFile()).hash).toBe(before);
  });

  test('enrol --replace takes over from another counter, whose password is dead', async () => {
    const other = new KeptInstallation();
    const { text } = await bed.code();
    expect((await other.run(enrol, ['--code', text, '--yes'])).code).toBe(0);
    expect(await enrolled('shop-door', ['--replace', 'shop-door-1'])).toMatchObject({
      device: 'shop-door-2',
      replaced: 'shop-door-1',
    });
    const dead = await other.run(show, ['--json']);
    expect(json(dead)['gateway']).toMatchObject({ refused: 'unauthenticated' });
    expect(await known('shop-door-1')).toMatchObject({ state: 'retired' });
    other.close();
  });

  test('retire ends it on both sides, also when it was broken off between', async () => {
    await enrolled();
    await bed.ask('DELETE', '/v1/enrolments/shop-door-1', { authorization: bed.technician });
    const run = await device.run(retire, ['--yes', '--json']);
    expect([run.code, json(run)], run.err).toMatchObject([0, { kind: 'retired', device: 'shop-door-1' }]);
    expect(existsSync(passwordFile())).toBe(false);
    expect(readAgentConfig(device.configFile).uplink).toBeUndefined();
    const again = await device.run(retire, ['--yes']);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('not enrolled')]);
    // A new code takes it in again.
    expect(await enrolled('shop-door', ['--device', 'shop-door-9'])).toMatchObject({ device: 'shop-door-9' });
  });
});

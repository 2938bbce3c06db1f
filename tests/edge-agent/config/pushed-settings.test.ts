import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProfileInForce } from '../../../edge-agent/config/profile-in-force.ts';
import { PushInbox } from '../../../edge-agent/config/push-inbox.ts';
import { judgePush, sensorProfileUnderSettings } from '../../../edge-agent/config/pushed-settings.ts';
import { siteProfileHash, writeSiteProfile } from '../../../edge-agent/config/site-profile-file.ts';
import type { SettingsPush } from '../../../gateway/contract/device-settings.ts';
import { noProfileHash, type SiteProfile } from '../../../gateway/contract/site-profile.ts';

const measured: SiteProfile = {
  version: 1,
  revision: 3,
  parent: '00000000000000aa',
  sensors: [
    { sensor: 'door', kind: 'pir', type: 'am312' },
    { sensor: 'street', kind: 'wifi-probe', mode: 'rate', windowSeconds: 300, epsilon: 2, bits: 256 },
  ],
};

const push: SettingsPush = {
  version: 1,
  id: 'a1b2c3d4e5f60718',
  parent: siteProfileHash(measured),
  settings: { name: 'Papeterie', wifiMode: 'off' },
};

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-push-'));
  file = join(folder, 'site-profile.json');
  writeSiteProfile(file, measured);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('settings that the gateway pushed', () => {
  test('become the next revision of the profile they were made for, and nothing measured changes', () => {
    const { report, profile } = judgePush(bytes(push), readProfileInForce(file));
    expect(report).toEqual({ id: push.id, outcome: 'adopted', reason: null });
    const parent = siteProfileHash(measured);
    expect(profile).toEqual({ ...measured, revision: 4, parent, settings: push.settings });
  });

  test('are adopted already when the retained message comes again, also after a new calibration', () => {
    const adopted = judgePush(bytes(push), readProfileInForce(file)).profile!;
    writeSiteProfile(file, adopted);
    expect(judgePush(bytes(push), readProfileInForce(file))).toMatchObject({
      report: { outcome: 'adopted' },
      profile: null,
    });
    writeSiteProfile(file, { ...adopted, revision: 5, parent: siteProfileHash(adopted) });
    expect(judgePush(bytes(push), readProfileInForce(file)).profile).toBeNull();
  });

  test('for another profile are a conflict that is told and changes nothing', () => {
    const stranger = { ...push, parent: '00000000000000ff' };
    const { report, profile } = judgePush(bytes(stranger), readProfileInForce(file));
    expect(profile).toBeNull();
    expect(report).toMatchObject({ id: push.id, outcome: 'conflict' });
    expect(report.reason).toContain(siteProfileHash(measured));
  });

  test('give a device without a profile its first, which says nothing of sensors', () => {
    rmSync(file);
    const { profile } = judgePush(bytes({ ...push, parent: noProfileHash }), readProfileInForce(file));
    expect(profile).toMatchObject({ revision: 1, parent: null, sensors: [], settings: push.settings });
  });

  test('that are none are told by field, and what is no JSON as well', () => {
    const inForce = readProfileInForce(file);
    const wrong = judgePush(bytes({ ...push, settings: { wifiMode: 'always' } }), inForce);
    expect(wrong).toMatchObject({ report: { id: push.id, outcome: 'unusable' }, profile: null });
    expect(wrong.report.reason).toContain('/settings/wifiMode');
    expect(judgePush(new TextEncoder().encode('{'), inForce).report).toMatchObject({
      id: null,
      outcome: 'unusable',
    });
  });

  test('decide the mode of a listener that the profile names, and switch none on that it does not', () => {
    const under = (wifiMode: 'off' | 'rate' | 'hashing', sensor: string) =>
      sensorProfileUnderSettings({ ...measured, settings: { wifiMode } }, sensor);
    expect(under('off', 'street')).toBeNull();
    expect(under('hashing', 'street')).toMatchObject({ mode: 'hashing' });
    expect(under('hashing', 'attic')).toBeNull();
    expect(under('off', 'door')).toEqual(measured.sensors[0]);
    expect(sensorProfileUnderSettings(measured, 'street')).toEqual(measured.sensors[1]);
  });
});

describe('the inbox of pushes', () => {
  const openInbox = (profileFile = file) => {
    const told: string[] = [];
    const inbox = new PushInbox({
      profileFile,
      profile: readProfileInForce(file),
      logger: pino({ level: 'silent' }),
      outdated: () => told.push('outdated'),
    });
    return { inbox, told };
  };

  test('keeps what is adopted whole on the card before anybody begins anew with it', () => {
    const { inbox, told } = openInbox();
    inbox.take(bytes(push));
    expect(told).toEqual(['outdated']);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ revision: 4, settings: push.settings });
    expect(inbox.report?.outcome).toBe('adopted');
  });

  test('says that a push could not be kept, and counting goes on as before', () => {
    writeFileSync(join(folder, 'occupied'), '');
    const { inbox, told } = openInbox(join(folder, 'occupied', 'site-profile.json'));
    inbox.take(bytes(push));
    expect(told).toEqual([]);
    expect(inbox.report).toMatchObject({ id: push.id, outcome: 'not-kept' });
    expect(inbox.report?.reason).toContain('ENOTDIR');
  });
});

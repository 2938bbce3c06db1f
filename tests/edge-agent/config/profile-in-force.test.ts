import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProfileInForce } from '../../../edge-agent/config/profile-in-force.ts';
import { judgePushedProfile } from '../../../edge-agent/config/pushed-profile.ts';
import { siteProfileHash, writeSiteProfile } from '../../../edge-agent/config/site-profile-file.ts';
import { noProfileHash, type SiteProfile } from '../../../gateway/contract/site-profile.ts';

const first: SiteProfile = {
  version: 1,
  revision: 1,
  parent: null,
  sensors: [
    {
      sensor: 'door',
      kind: 'vl53l1x',
      geometry: 'ceiling',
      mountingHeightMm: 2500,
      zones: [
        { zone: 0, side: 'outside', idleMm: 2480 },
        { zone: 1, side: 'inside', idleMm: 2490 },
      ],
    },
  ],
};
const second: SiteProfile = { ...first, revision: 2, parent: siteProfileHash(first) };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-profile-'));
  file = join(folder, 'site-profile.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the profile in force', () => {
  test('is none where nobody has written one, and that is no fault', () => {
    expect(readProfileInForce(file)).toEqual({
      profile: null,
      hash: noProfileHash,
      origin: 'none',
      fault: null,
    });
  });

  test('is the newest that can be read', () => {
    writeSiteProfile(file, first);
    expect(readProfileInForce(file)).toMatchObject({
      hash: siteProfileHash(first),
      origin: 'newest',
      fault: null,
    });
    writeSiteProfile(file, second);
    expect(readProfileInForce(file)).toMatchObject({ hash: siteProfileHash(second), origin: 'newest' });
  });

  test('stays the last good one however the newest file was cut', () => {
    writeSiteProfile(file, first);
    readProfileInForce(file);
    const bytes = readFileSync(file).length;
    for (let length = 0; length < bytes - 1; length += 17) {
      writeSiteProfile(file, first);
      truncateSync(file, length);
      const inForce = readProfileInForce(file);
      expect(inForce).toMatchObject({ hash: siteProfileHash(first), origin: 'previous' });
      expect(inForce.fault).toContain(file);
    }
  });

  test('stays the last good one when the newest file is gone, or says what no profile may', () => {
    writeSiteProfile(file, first);
    readProfileInForce(file);
    rmSync(file);
    expect(readProfileInForce(file)).toMatchObject({
      origin: 'previous',
      fault: expect.stringContaining('no such file'),
    });
    writeFileSync(file, JSON.stringify({ ...first, revision: 'two' }));
    expect(readProfileInForce(file)).toMatchObject({ origin: 'previous', hash: siteProfileHash(first) });
  });

  test('never stops counting, not even when both files are broken', () => {
    writeFileSync(file, 'half');
    writeFileSync(`${file}.last-good`, '{');
    expect(readProfileInForce(file)).toMatchObject({
      profile: null,
      origin: 'none',
      fault: expect.any(String),
    });
  });
});

describe('a pushed profile', () => {
  const push = (profile: unknown) => new TextEncoder().encode(JSON.stringify(profile));

  test('is adopted on the profile it was made from, once', () => {
    writeSiteProfile(file, first);
    expect(judgePushedProfile(push(second), readProfileInForce(file))).toEqual({
      outcome: 'adopt',
      profile: second,
    });
    writeSiteProfile(file, second);
    expect(judgePushedProfile(push(second), readProfileInForce(file))).toEqual({ outcome: 'known' });
  });

  test('is the first where there is none', () => {
    expect(judgePushedProfile(push(first), readProfileInForce(file)).outcome).toBe('adopt');
  });

  test('onto another parent, or not the next revision, is a conflict that is told', () => {
    writeSiteProfile(file, first);
    const inForce = readProfileInForce(file);
    const stranger = { ...second, parent: '00000000000000ff' };
    expect(judgePushedProfile(push(stranger), inForce)).toMatchObject({ outcome: 'conflict' });
    expect(judgePushedProfile(push({ ...second, revision: 3 }), inForce)).toMatchObject({
      outcome: 'conflict',
    });
  });

  test('that is none is told and changes nothing', () => {
    const inForce = readProfileInForce(file);
    expect(judgePushedProfile(new TextEncoder().encode('{'), inForce).outcome).toBe('unusable');
    expect(judgePushedProfile(push({ ...first, sensors: 'none' }), inForce).outcome).toBe('unusable');
  });
});

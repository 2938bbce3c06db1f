import { describe, expect, test } from 'vitest';
import { siteProfileHash } from '../../../edge-agent/config/site-profile-file.ts';
import type { SiteProfile } from '../../../gateway/contract/site-profile.ts';
import { DeviceProfiles, forkedRevisions } from '../../../gateway/ingest/device-profiles.ts';
import { doorProfile } from '../../doubles/kept-installation.ts';
import { RecordBook } from '../../doubles/record-book.ts';

function open() {
  let nowMs = 0;
  return new DeviceProfiles({ records: new RecordBook(), now: () => (nowMs += 1) });
}
const told = (profile: SiteProfile) => ({ version: 1, hash: siteProfileHash(profile), profile });
const revision = (number: number, parent: string | null = null) => ({
  ...doorProfile,
  revision: number,
  parent,
});

describe('profiles that devices tell', () => {
  test('are kept once each, in order, and apart for each device', async () => {
    const profiles = open();
    const second = revision(2, siteProfileHash(doorProfile));
    for (const profile of [doorProfile, second, doorProfile])
      expect(await profiles.take('shop-1', told(profile))).toBe(true);
    expect((await profiles.of('shop-1')).map(({ profile }) => profile.revision)).toEqual([1, 2]);
    expect(await profiles.of('shop-2')).toEqual([]);
    expect(forkedRevisions(await profiles.of('shop-1'))).toEqual([]);
  });

  test('of one revision with different contents are both kept and told', async () => {
    const profiles = open();
    const other = { ...revision(2, '0123456789abcdef'), sensors: [] };
    for (const profile of [doorProfile, revision(2), other]) await profiles.take('shop-1', told(profile));
    const kept = await profiles.of('shop-1');
    expect(kept).toHaveLength(3);
    expect(forkedRevisions(kept)).toEqual([
      { revision: 2, hashes: [siteProfileHash(revision(2)), siteProfileHash(other)] },
    ]);
  });

  test('that are not what their hash says, or no profile at all, are refused', async () => {
    const profiles = open();
    const wrong = { ...told(doorProfile), hash: '0123456789abcdef' };
    for (const poison of [wrong, { ...told(doorProfile), more: 1 }, { version: 2 }, null, 'x', undefined]) {
      expect(await profiles.take('shop-1', poison)).toBe(false);
    }
    expect(await profiles.of('shop-1')).toEqual([]);
  });

  test('are a hundred at most; the oldest make room', async () => {
    const profiles = open();
    for (let number = 1; number <= 103; number += 1) await profiles.take('shop-1', told(revision(number)));
    const kept = (await profiles.of('shop-1')).map(({ profile }) => profile.revision);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([100, 4, 103]);
  });
});

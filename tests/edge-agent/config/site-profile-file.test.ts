import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  parseSiteProfile,
  readSiteProfile,
  siteProfileHash,
  writeSiteProfile,
} from '../../../edge-agent/config/site-profile-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-profile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wifi = { sensor: 'wifi', kind: 'wifi-probe', mode: 'rate' };
const profile = (sensor: object) => ({ version: 1, revision: 1, parent: null, sensors: [sensor] });

describe('a site profile', () => {
  test('is read with its defaults and written in one step', () => {
    const file = join(folder, 'site-profile.json');
    writeSiteProfile(file, parseSiteProfile(profile(wifi), 'here'));
    expect(readSiteProfile(file).sensors[0]).toEqual({ ...wifi, windowSeconds: 300, epsilon: 2, bits: 256 });
    expect(readdirSync(folder)).toEqual(['site-profile.json']);
  });

  test('has one hash whatever the order of its fields', () => {
    const one = parseSiteProfile(profile(wifi), 'here');
    const other = parseSiteProfile(
      JSON.parse(
        '{"sensors":[{"mode":"rate","kind":"wifi-probe","sensor":"wifi"}],"parent":null,"revision":1,"version":1}',
      ),
      'here',
    );
    expect(siteProfileHash(one)).toBe(siteProfileHash(other));
    expect(siteProfileHash(one)).toMatch(/^[0-9a-f]{16}$/);
    expect(siteProfileHash({ ...one, revision: 2 })).not.toBe(siteProfileHash(one));
  });

  test('with a window longer than 300 seconds is refused, naming file and field', () => {
    const file = join(folder, 'long.json');
    writeFileSync(file, JSON.stringify(profile({ ...wifi, windowSeconds: 600 })));
    expect(() => readSiteProfile(file)).toThrow(/long\.json: .*windowSeconds/);
  });

  test('that is not there or is no JSON is one clear line', () => {
    expect(() => readSiteProfile(join(folder, 'missing.json'))).toThrow('missing.json: no such file');
    writeFileSync(join(folder, 'broken.json'), '{');
    expect(() => readSiteProfile(join(folder, 'broken.json'))).toThrow('broken.json: ');
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceSettingsState } from '../../../gateway/contract/device-settings.ts';
import type { DeviceStatus } from '../../../gateway/contract/device-status.ts';
import { newToken, tokenHash } from '../../../gateway/web/access/credentials.ts';
import { sampleEpoch } from '../sample-intervals.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';

const running = '00000000000000aa';
const url = '/v1/devices/shop-1/settings';

const birth: DeviceStatus = {
  version: 1,
  online: true,
  software: '0.1.0',
  bootId: 'b0',
  startedAt: null,
  epoch: sampleEpoch,
  profile: running,
  clock: 'synced',
  wifiMode: 'off',
  sensors: [],
  health: { outboxHeld: 0, outboxFull: false, lastSequence: 120, epochReason: 'first' },
};

let bed: ApiBed;
let headers: { authorization: string };
beforeEach(async () => {
  bed = await openApiBed();
  const token = newToken('psk');
  const expiresMs = Date.parse('2030-01-01T00:00:00Z');
  const body = { name: 'Lange', role: 'operator', sites: 'all', tokenSha256: tokenHash(token), expiresMs };
  await bed.store.put([{ kind: 'api-key', id: 'operator', body }], bed.clock.nowMs);
  headers = { authorization: `Bearer ${token}` };
  await bed.store.recordStatus('shop-1', birth, bed.clock.nowMs);
});
afterEach(() => bed.close());

const put = (payload: object) => bed.app.inject({ method: 'PUT', url, headers, payload });
const state = async () => (await bed.app.inject({ url, headers })).json() as DeviceSettingsState;

describe('settings of a device', () => {
  test('are pushed onto the profile it runs, pending until it says what it made of them', async () => {
    const answer = await put({ settings: { name: 'Papeterie', wifiMode: 'off' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ parent: running, state: 'pending', runningProfile: running });
    const [record] = await bed.store.readRecords('device-settings');
    const { id } = record!.body as { id: string };
    const push = { id, outcome: 'adopted' as const, reason: null };
    await bed.store.recordStatus('shop-1', { ...birth, push }, bed.clock.nowMs);
    expect(await state()).toMatchObject({ state: 'adopted', reason: null, settings: { name: 'Papeterie' } });
    const { entries } = (await bed.app.inject({ url: '/v1/audit', headers })).json();
    expect(entries.map(({ action }: { action: string }) => action)).toContain('settings-pushed');
  });

  test('onto another profile are a conflict, shown with the device and with the push', async () => {
    await put({ settings: { name: 'Papeterie' }, parent: '00000000000000bb' });
    const [record] = await bed.store.readRecords('device-settings');
    const { id } = record!.body as { id: string };
    const push = { id, outcome: 'conflict' as const, reason: 'made for another profile' };
    await bed.store.recordStatus('shop-1', { ...birth, push }, bed.clock.nowMs);
    expect(await state()).toMatchObject({ state: 'conflict', reason: 'made for another profile' });
    const { devices } = (await bed.app.inject({ url: '/v1/devices', headers })).json();
    expect(devices.find(({ device }: { device: string }) => device === 'shop-1').push).toEqual(push);
    // What the device said of an older push says nothing of this one.
    await put({ settings: { name: 'Papeterie Lange' } });
    expect(await state()).toMatchObject({ state: 'pending', parent: running });
  });

  test('nobody without a key may push, and what is no setting is refused by its field', async () => {
    const stranger = await bed.app.inject({ method: 'PUT', url, payload: { settings: {} } });
    expect(stranger.statusCode).toBe(401);
    const wrong = await put({ settings: { wifiMode: 'always' } });
    expect(wrong.statusCode).toBe(400);
    expect(await state()).toMatchObject({ state: 'none', settings: {}, pushedAt: null });
    expect((await bed.app.inject({ url: '/v1/devices/nobody/settings', headers })).statusCode).toBe(404);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { terseFields } from '../../../hardware/uplink/terse-fields.ts';
import { WifiUplink, WifiUplinkError } from '../../../hardware/uplink/wifi-uplink.ts';
import { type FakeNetwork, FakeNmcli } from '../../doubles/fake-nmcli.ts';

const networks: readonly FakeNetwork[] = [
  { name: 'Rathaus', address: 'AA:BB:CC:00:00:01', signal: 70, security: 'WPA2', active: true },
  { name: 'Café: Zum\\Ochsen', address: 'AA:BB:CC:00:00:02', signal: 90, security: 'WPA2' },
  { name: '', address: 'AA:BB:CC:00:00:03', signal: 30, security: 'WPA3' },
  { name: 'Gäste', address: 'AA:BB:CC:00:00:04', signal: 50, security: '' },
];

let nmcli: FakeNmcli | null = null;
const pathBefore = process.env['PATH'];
afterEach(() => {
  nmcli?.remove();
  nmcli = null;
  process.env['PATH'] = pathBefore;
});
const install = (known: readonly FakeNetwork[], refusal?: string) => {
  nmcli = new FakeNmcli(known, refusal);
  return nmcli;
};

describe('the WiFi uplink', () => {
  test('lists networks by strength, with colons in names and hidden ones as such', async () => {
    install(networks);
    const list = await new WifiUplink().list();
    expect(list.map(({ name, qualityPercent, security }) => [name, qualityPercent, security])).toEqual([
      ['Café: Zum\\Ochsen', 90, 'WPA2'],
      ['Rathaus', 70, 'WPA2'],
      ['Gäste', 50, ''],
      [null, 30, 'WPA3'],
    ]);
    for (const { channel, address } of list) {
      expect(channel).toBe(6);
      expect(address).toMatch(/^AA:BB:CC:00:00:0\d$/);
    }
  });

  test('tells the network it is in', async () => {
    install(networks);
    expect(await new WifiUplink().state()).toEqual({
      kind: 'connected',
      name: 'Rathaus',
      interface: 'wlan0',
      qualityPercent: 70,
    });
  });

  test('tells a name with colon and ampersands as it is', async () => {
    install([{ name: 'a&&b:c', address: 'AA:BB:CC:00:00:09', signal: 60, security: 'WPA2', active: true }]);
    expect(await new WifiUplink().state()).toMatchObject({ name: 'a&&b:c' });
  });

  test('tells when it is in none', async () => {
    install(networks.slice(1));
    expect(await new WifiUplink().state()).toEqual({ kind: 'disconnected' });
  });

  test('joins with and without a password, on the interface it is told', async () => {
    const fake = install(networks);
    const uplink = new WifiUplink({ interface: 'wlan0' });
    await uplink.join({ name: 'Rathaus', password: 'geheim: 1' });
    await uplink.join({ name: 'Gäste' });
    const connecting = ['-w', '10', 'device', 'wifi', 'connect'];
    expect(fake.calls).toEqual([
      [...connecting, 'Rathaus', 'password', 'geheim: 1', 'ifname', 'wlan0'],
      [...connecting, 'Gäste', 'ifname', 'wlan0'],
    ]);
  });

  test.each([
    ['Error: NetworkManager is not running.', 'not-running'],
    ["Error: No network with SSID 'Rathaus' found.", 'not-found'],
    ['Error: Connection activation failed: (7) Secrets were required, but not provided.', 'wrong-password'],
    ['Error: No Wi-Fi device found.', 'no-wifi'],
    ['Error: something else with geheim1', 'failed'],
  ] as const)('%s is an error with its code and without the password', async (refusal, code) => {
    install(networks, refusal);
    const joining = new WifiUplink().join({ name: 'Rathaus', password: 'geheim1' });
    await expect(joining).rejects.toMatchObject({ code });
    await expect(joining).rejects.not.toThrow(/geheim1/);
  });

  test('a missing nmcli is said in one line, with what to install', async () => {
    process.env['PATH'] = '/nowhere';
    const uplink = new WifiUplink();
    for (const failing of [uplink.list(), uplink.state(), uplink.join({ name: 'x', password: 'y' })]) {
      await expect(failing).rejects.toMatchObject({ code: 'program-missing' });
    }
    await expect(uplink.list()).rejects.toBeInstanceOf(WifiUplinkError);
    await expect(uplink.list()).rejects.toThrow(/^nmcli is missing: install network-manager/);
  });

  test.each(['', '-w', 'x'.repeat(33)])('"%s" is refused as a network name', async (name) => {
    await expect(new WifiUplink().join({ name })).rejects.toThrow(/no network name/);
  });
});

test('escaped fields are taken apart and put together right', () => {
  expect(terseFields('a\\:b:c\\\\:d::')).toEqual(['a:b', 'c\\', 'd', '', '']);
});

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openServerCertificate } from '../gateway/certificate/server-certificate.ts';
import { parseGatewayConfig } from '../gateway/config.ts';
import { freePort } from './doubles/mosquitto-process.ts';
import { programPath, requirePrograms } from './require-programs.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-deploy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the configuration of the compose file is one that the gateway takes, with TLS and closed to strangers', () => {
  const config = parseGatewayConfig(JSON.parse(read('deploy/compose/gateway.json')), 'gateway.json');
  expect(config).toMatchObject({
    http: { tls: true },
    broker: { kind: 'embedded', tls: true },
    access: 'closed',
    devices: 'known',
  });
  const compose = read('deploy/compose/compose.yaml');
  for (const port of [config.http.port, 8883]) expect(compose).toContain(`"${port}:${port}"`);
  expect(compose).toContain(`PASSANT_PORT: "${config.http.port}"`);
});

describe('the configuration for Mosquitto', () => {
  /** The two files as they are, with other places for what belongs to the machine. */
  async function start() {
    const { current } = await openServerCertificate(
      { kind: 'self-made', folder: join(folder, 'tls'), names: [] },
      Date.now,
    );
    writeFileSync(join(folder, 'server.crt'), current.cert);
    writeFileSync(join(folder, 'server.key'), current.key);
    copyFileSync(join(root, 'deploy/mosquitto/passant.acl'), join(folder, 'passant.acl'));
    for (const [at, user] of ['passant-gateway', 'shop-1', 'shop-2'].entries()) {
      const create = at === 0 ? ['-c'] : [];
      spawnSync(programPath('mosquitto_passwd')!, [
        ...create,
        '-b',
        join(folder, 'passwords'),
        user,
        `of ${user}`,
      ]);
    }
    const [plain, secure] = [await freePort(), await freePort()];
    const settings = read('deploy/mosquitto/mosquitto.conf')
      .replace('/etc/mosquitto/passant.passwords\nacl_file', `${folder}/passwords\nacl_file`)
      .replace('acl_file /etc/mosquitto/', `acl_file ${folder}/`)
      .replace('/var/lib/mosquitto/', `${folder}/`)
      .replaceAll('/etc/mosquitto/certs', folder)
      .replace('listener 1883 ', `listener ${plain} `)
      .replace('listener 8883', `listener ${secure} 127.0.0.1`);
    // Started as root Mosquitto becomes somebody who may not read a folder of ours.
    writeFileSync(join(folder, 'mosquitto.conf'), `user root\n${settings}`);
    const child = spawn(programPath('mosquitto')!, ['-c', join(folder, 'mosquitto.conf')], {
      stdio: 'ignore',
    });
    const ca = Buffer.from(current.cert);
    return { child, ca, gateway: `mqtt://127.0.0.1:${plain}`, devices: `mqtts://127.0.0.1:${secure}` };
  }

  test('gives each counter its own topics over TLS, under its own client id, and the gateway all', async (context) => {
    requirePrograms(context, 'mosquitto', 'mosquitto_passwd');
    const { child, ca, gateway, devices } = await start();
    const connect = (url: string, username: string, changes: object = {}) =>
      connectAsync(url, { username, password: `of ${username}`, ca, reconnectPeriod: 0, ...changes });
    try {
      await expect
        .poll(
          () =>
            connect(gateway, 'passant-gateway')
              .then((c) => c.endAsync())
              .then(
                () => 'up',
                () => 'down',
              ),
          {
            timeout: 10_000,
          },
        )
        .toBe('up');
      const ours = await connect(gateway, 'passant-gateway');
      const heard: string[] = [];
      ours.on('message', (topic) => heard.push(topic));
      await ours.subscribeAsync('passant/v1/#', { qos: 1 });
      const [one, two] = [
        await connect(devices, 'shop-1'),
        await connect(devices, 'shop-2', { clientId: 'shop-1' }),
      ];
      const told: string[] = [];
      two.on('message', (topic) => told.push(topic));
      await two
        .subscribeAsync(['#', 'passant/v1/shop-1/receipt', 'passant/v1/shop-2/receipt'], { qos: 1 })
        .catch(() => {});
      for (const leaf of ['counts', 'status', 'live', 'resume', 'in-force', 'receipt']) {
        await one.publishAsync(`passant/v1/shop-1/${leaf}`, leaf, { qos: 1 });
        await one.publishAsync(`passant/v1/shop-2/${leaf}`, 'forged', { qos: 1 });
      }
      for (const device of ['shop-1', 'shop-2'])
        await ours.publishAsync(`passant/v1/${device}/receipt`, '{}', { qos: 1 });
      await expect.poll(() => told).toEqual(['passant/v1/shop-2/receipt']);
      const own = ['counts', 'status', 'live', 'resume', 'in-force'].map(
        (leaf) => `passant/v1/shop-1/${leaf}`,
      );
      await expect.poll(() => heard.length).toBeGreaterThanOrEqual(7);
      expect(heard.filter((topic) => !topic.endsWith('/receipt'))).toEqual(own);
      // Its client id was its name whatever it said, so nobody was thrown out.
      expect(one.connected).toBe(true);
      await expect(connect(devices, 'shop-1', { password: 'wrong' })).rejects.toThrow(/not authori[sz]ed/i);
      for (const client of [ours, one, two]) await client.endAsync(true);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

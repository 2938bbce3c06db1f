import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const agentMain = join(import.meta.dirname, '../../edge-agent/main.ts');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-off-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the agent on a listener whose program leaves a mark, until `enough` of its log was seen. */
async function agentLog(profile: object | null, enough: (log: string) => boolean): Promise<string> {
  for (const name of ['state', 'run']) mkdirSync(join(folder, name));
  const siteProfile = join(folder, 'site-profile.json');
  if (profile !== null) writeFileSync(siteProfile, JSON.stringify(profile));
  const captureCommand = [
    'sh',
    '-c',
    `touch ${folder}/started; echo "listening on it" >&2; sleep 20`,
    'tcpdump',
  ];
  const config = {
    device: 'listener',
    stateDir: join(folder, 'state'),
    runDir: join(folder, 'run'),
    ...(profile === null ? {} : { siteProfile }),
    clock: 'trusted',
    sensors: [{ sensor: 'wifi', source: { kind: 'wifi-probe', interface: 'wlan9', captureCommand } }],
  };
  const file = join(folder, 'agent.json');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(process.execPath, [agentMain, '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  for (const end = performance.now() + 10_000; performance.now() < end && !enough(log); ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGTERM');
  await exited;
  return log;
}

const wifi = (mode: string) => ({
  version: 1,
  revision: 1,
  parent: null,
  sensors: [{ sensor: 'wifi', kind: 'wifi-probe', mode }],
});
const elsewhere = {
  ...wifi('rate'),
  sensors: [{ sensor: 'street', kind: 'wifi-probe', mode: 'rate' }],
};

describe('an agent', () => {
  test.each([
    ['without a site profile', null],
    ['whose profile names a mode for another sensor', elsewhere],
  ])('%s does not start to listen, and says why', async (_what, profile) => {
    const log = await agentLog(profile, (text) => text.includes('names no WiFi mode'));
    expect(log).toContain('names no WiFi mode');
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  test('listens where its profile names the mode', async () => {
    await agentLog(wifi('rate'), () => existsSync(join(folder, 'started')));
    expect(existsSync(join(folder, 'started'))).toBe(true);
  });
});

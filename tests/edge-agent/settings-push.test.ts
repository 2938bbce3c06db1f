import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Agent } from '../../edge-agent/agent.ts';
import { readProfileInForce } from '../../edge-agent/config/profile-in-force.ts';
import { parseAgentConfig } from '../../edge-agent/config.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import { openDeviceCredentials } from '../../gateway/enrolment/device-credentials.ts';
import { openEmbeddedBroker } from '../../gateway/ingest/embedded-broker.ts';
import { SettingsPushes } from '../../gateway/ingest/settings-pushes.ts';
import { openSqliteCountStore } from '../../gateway/store/sqlite/sqlite-count-store.ts';
import { writeDoorRecording } from '../doubles/door-recording.ts';
import { RecordBook } from '../doubles/record-book.ts';

const logger = pino({ level: 'silent' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-settings-'));
  writeDoorRecording({
    file: join(folder, 'door.ndjson'),
    startedAt: '2026-03-02T08:00:00Z',
    durationSeconds: 3600,
    passages: [{ atSeconds: 20, direction: 'in' }],
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a pushed setting reaches the device once, is kept on its card, and a foreign one is a conflict', async () => {
  const store = await openSqliteCountStore(join(folder, 'counts.sqlite'));
  const credentials = await openDeviceCredentials(new RecordBook(), []);
  const broker = await openEmbeddedBroker({ host: '127.0.0.1', port: 0, credentials });
  const failed = (_device: string, cause: unknown) => expect.unreachable(String(cause));
  const pushes = new SettingsPushes({ records: store, link: broker, now: Date.now, failed });
  await broker.listen(async () => {});
  const config = parseAgentConfig(
    {
      device: 'shop-1',
      stateDir: join(folder, 'state'),
      runDir: join(folder, 'run'),
      clock: 'trusted',
      uplink: { url: broker.url, startDelaySecondsMax: 0 },
      sensors: [
        { sensor: 'door', source: { kind: 'recording', file: join(folder, 'door.ndjson'), pace: 1 } },
      ],
    },
    'test',
  );
  let agent: Agent = await openAgent({ config, logger });
  const outcome = () => expect.poll(() => agent.status.push?.outcome, { timeout: 20_000 });
  try {
    await pushes.push('shop-1', { parent: agent.status.profile, settings: { name: 'Papeterie' } });
    await agent.profileOutdated;
    await agent.close();
    agent = await openAgent({ config, logger });
    // The retained message comes again, and is no news.
    await outcome().toBe('adopted');
    const kept = readProfileInForce(join(folder, 'state', 'site-profile.json'));
    expect(kept.profile).toMatchObject({ revision: 1, settings: { name: 'Papeterie' } });
    expect(agent.status.profile).toBe(kept.hash);
    await pushes.push('shop-1', { parent: '00000000000000bb', settings: { name: 'Konditorei' } });
    await outcome().toBe('conflict');
    expect(agent.status).toMatchObject({ profile: kept.hash, push: { reason: expect.any(String) } });
    expect(await pushes.stateOf('shop-1', agent.status)).toMatchObject({ state: 'conflict' });
  } finally {
    await agent.close();
    await broker.close();
    await store.close();
  }
}, 60_000);

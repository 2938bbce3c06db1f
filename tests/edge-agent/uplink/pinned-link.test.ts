import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, parseAgentConfig } from '../../../edge-agent/config.ts';
import { openAgent } from '../../../edge-agent/open-agent.ts';
import { openPinnedSocket } from '../../../edge-agent/uplink/pinned-socket.ts';
import { openServerCertificate } from '../../../gateway/certificate/server-certificate.ts';
import { writeDoorRecording } from '../../doubles/door-recording.ts';
import {
  claimOf,
  type EnrolmentBed,
  openEnrolmentBed,
  password,
} from '../../gateway/enrolment/enrolment-bed.ts';
import { requirePrograms } from '../../require-programs.ts';

const dayMs = 86_400_000;
let folder: string;
let opened: { close(): Promise<unknown> }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-pinned-'));
  writeDoorRecording({
    file: join(folder, 'door.ndjson'),
    startedAt: '2026-03-02T08:00:00Z',
    durationSeconds: 200,
    passages: [{ atSeconds: 20, direction: 'in' }],
  });
});
afterEach(async () => {
  for (const part of opened.reverse()) await part.close();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});
function keep<T extends { close(): Promise<unknown> }>(part: T): T {
  opened.push(part);
  return part;
}

/** A gateway with one counter enrolled; its password. */
async function enrolled(options: Parameters<typeof openEnrolmentBed>[0] = {}) {
  const bed: EnrolmentBed = keep(await openEnrolmentBed(options));
  const secret = password();
  const { code } = await bed.code();
  const body = claimOf(code, secret, { device: 'shop-1' });
  expect((await bed.ask('POST', '/v1/enrolments', { body })).status).toBe(200);
  const passwordFile = join(folder, 'uplink-password');
  writeFileSync(passwordFile, `${secret}\n`, { mode: 0o600 });
  return { bed, secret, passwordFile, url: bed.gateway.brokerUrl, pin: bed.gateway.pin! };
}

/** An agent that plays its recording and delivers; what it logs. */
async function agentWith(uplink: object) {
  const config = parseAgentConfig(
    {
      device: 'shop-1',
      stateDir: join(folder, 'state'),
      runDir: join(folder, 'run'),
      clock: 'trusted',
      uplink: { startDelaySecondsMax: 0, batchSecondsMax: 0, ...uplink },
      sensors: [
        { sensor: 'door', source: { kind: 'recording', file: join(folder, 'door.ndjson'), pace: 0 } },
      ],
    },
    'test',
  );
  const lines: { level: number; msg: string; reason?: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const agent = keep(await openAgent({ config, logger }));
  return { agent, lines };
}

/** A server of its own with a key of its own, which keeps what it is sent after the handshake. */
async function openImpostor(): Promise<{
  server: Server;
  url: string;
  heard: Buffer[];
  close(): Promise<void>;
}> {
  const made = await openServerCertificate(
    { kind: 'self-made', folder: join(folder, 'impostor'), names: ['127.0.0.1'] },
    Date.now,
  );
  const heard: Buffer[] = [];
  const server = createServer(made.current, (socket) => {
    socket.on('data', (bytes) => heard.push(bytes)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { server, url: `mqtts://127.0.0.1:${port}`, heard, close };
}

describe('an agent that has pinned its gateway', () => {
  test('delivers over TLS with name and password', async () => {
    const { bed, url, pin, passwordFile } = await enrolled();
    const { agent } = await agentWith({ url, pin, passwordFile });
    await agent.drained();
    const { body } = await bed.ask('GET', '/v1/devices/shop-1/completeness', {
      authorization: bed.technician,
    });
    expect(body).toMatchObject({ totals: { sent: 4, stored: 4, missing: 0 } });
  });

  test('tells a man in the middle nothing, says so, counts on, and its outbox fills', async () => {
    const { pin, passwordFile } = await enrolled();
    const impostor = keep(await openImpostor());
    const { agent, lines } = await agentWith({ url: impostor.url, pin, passwordFile });
    await expect
      .poll(() => lines.find(({ level }) => level === 50)?.reason, { timeout: 10_000 })
      .toContain('the key that answers is not the pinned one');
    await expect.poll(() => agent.status.health.outboxHeld, { timeout: 10_000 }).toBe(4);
    expect(Buffer.concat(impostor.heard).length).toBe(0);
  });

  test('takes no certificate that has expired or is not valid yet, and counts on', async () => {
    for (const [days, words, held] of [
      [-400, 'certificate ended on', 4],
      [+30, 'certificate begins on', 8],
    ] as const) {
      const nowMs = Date.now() + days * dayMs;
      const { url, pin, passwordFile } = await enrolled({ now: () => nowMs });
      const { agent, lines } = await agentWith({ url, pin, passwordFile });
      await expect
        .poll(() => lines.find(({ level }) => level === 50)?.reason, { timeout: 10_000 })
        .toContain(words);
      await expect.poll(() => agent.status.health.outboxHeld, { timeout: 10_000 }).toBe(held);
      await agent.close();
    }
  });

  test('refuses a password that others can read, and a pin without TLS', async () => {
    const { url, pin, passwordFile } = await enrolled();
    chmodSync(passwordFile, 0o644);
    const fault = await agentWith({ url, pin, passwordFile }).catch((cause: unknown) => cause);
    expect(fault).toBeInstanceOf(ConfigError);
    expect((fault as Error).message).toContain('others may read it (mode 0644)');
    await expect(agentWith({ url: 'mqtt://127.0.0.1:1', pin })).rejects.toThrow('mqtts://');
  });
});

describe('a pinned connection', () => {
  test('judges no date while nobody knows the time, and the key always', async () => {
    const nowMs = Date.now() - 400 * dayMs;
    const bed = keep(await openEnrolmentBed({ now: () => nowMs }));
    const { hostname, port } = new URL(bed.gateway.brokerUrl);
    const server = { host: hostname, port: Number(port), timeoutMs: 5_000 };
    const socket = await openPinnedSocket({ ...server, pin: bed.gateway.pin!, nowMs: null });
    expect(socket.encrypted).toBe(true);
    socket.destroy();
    const other = openPinnedSocket({ ...server, pin: 'A'.repeat(43), nowMs: null });
    await expect(other).rejects.toMatchObject({ fault: 'other-key' });
  });
});

describe('somebody else’s MQTT client', () => {
  /** Runs a program of Mosquitto's to its end. */
  function run(program: string, args: readonly string[]) {
    const child = spawn(program, args);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)));
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, exit, said: () => said };
  }

  test('connects with the self-made certificate as its authority, and keeps to its topics', async (context) => {
    requirePrograms(context, 'mosquitto_pub', 'mosquitto_sub');
    const { bed, secret, url } = await enrolled();
    const { hostname, port } = new URL(url);
    const ca = join(bed.dataDirectory, 'tls', 'certificate.pem');
    const as = (user: string, word: string) => [
      ...['-h', hostname, '-p', port, '--cafile', ca, '-u', user, '-P', word, '-q', '1', '-V', 'mqttv311'],
    ];
    const mine = run('mosquitto_sub', [
      ...as('shop-1', secret),
      '-t',
      'passant/v1/shop-1/receipt',
      '-C',
      '1',
      '-W',
      '15',
    ]);
    const all = run('mosquitto_sub', [...as('shop-1', secret), '-t', '#', '-C', '1', '-W', '4']);
    const resume = JSON.stringify({ version: 1, epoch: '0123456789abcdef', nonce: '00000001' });
    await expect
      .poll(
        async () => {
          await run('mosquitto_pub', [
            ...as('shop-1', secret),
            '-t',
            'passant/v1/shop-1/resume',
            '-m',
            resume,
          ]).exit;
          return mine.said();
        },
        { timeout: 15_000, interval: 300 },
      )
      .toContain('"epoch":"0123456789abcdef"');
    expect(await mine.exit).toBe(0);
    await all.exit;
    expect(all.said()).toMatch(/denied/i);
    expect(all.said()).not.toContain('epoch');
    const wrong = run('mosquitto_pub', [
      ...as('shop-1', 'wrong'),
      '-t',
      'passant/v1/shop-1/live',
      '-m',
      '{}',
    ]);
    expect(await wrong.exit).not.toBe(0);
    // Without the certificate nothing of ours is believed, and without TLS nothing is understood.
    const strange = run('mosquitto_pub', [
      ...['-h', hostname, '-p', port, '--capath', folder, '-u', 'shop-1', '-P', secret, '-t', 'x', '-m', 'x'],
    ]);
    expect(await strange.exit).not.toBe(0);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAgentConfig } from '../../edge-agent/config.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import { replayRecording } from '../../edge-agent/replay.ts';
import { parseGatewayConfig } from '../../gateway/config.ts';
import type { Completeness, CrossingCounts, SiteList } from '../../gateway/contract/http-api.ts';
import { openGateway } from '../../gateway/open-gateway.ts';
import { writeWalkRecording } from '../../hardware/emulated/walks/walk-recording.ts';
import { simulateWalks } from '../../hardware/emulated/walks/walk-simulation.ts';
import { openMosquitto } from '../doubles/mosquitto-process.ts';
import { requirePrograms } from '../require-programs.ts';

/**
 * The README's path, step by step: a recording plays, the agent counts, minutes travel over MQTT, the
 * gateway stores them, and a partner reads them over HTTP.
 */

const logger = pino({ level: 'silent' });
const minutes = 6;
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await part.close();
});

function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'passant-readme-'));
  opened.push({ close: () => rmSync(folder, { recursive: true, force: true }) });
  return folder;
}

/** A recording of walkers, with how many came in and went out. */
async function recordWalkers(folder: string) {
  const simulation = simulateWalks({ profile: 'easy', seed: 11, mountingHeightMm: 2500, minutes });
  const file = join(folder, 'walkers.ndjson');
  await writeWalkRecording(simulation, { file, startedAt: '2026-03-02T08:00:00Z' });
  const count = (direction: string) =>
    simulation.truth.crossings.filter((crossing) => crossing.direction === direction).length;
  return { file, truth: { in: count('in'), out: count('out') } };
}

async function startGateway(folder: string, broker: object) {
  const config = parseGatewayConfig(
    {
      http: { port: 0 },
      broker,
      dataDirectory: join(folder, 'gateway'),
      sites: [
        {
          id: 'buchhandlung',
          name: 'Buchhandlung am Markt',
          town: 'Iserlohn',
          timeZone: 'Europe/Berlin',
          lines: [{ id: 'ladentuer', name: 'Ladentür', sensors: [{ device: 'zaehler-1', sensor: 'door' }] }],
        },
      ],
    },
    'readme',
  );
  const gateway = await openGateway({ config, logger });
  opened.push(gateway);
  return gateway;
}

async function playOnAgent(folder: string, played: { file: string; brokerUrl: string }) {
  const config = parseAgentConfig(
    {
      device: 'zaehler-1',
      stateDir: join(folder, 'state'),
      runDir: join(folder, 'run'),
      clock: 'trusted',
      uplink: { url: played.brokerUrl, startDelaySecondsMax: 0, backfillIntervalsPerSecond: 10_000 },
      sensors: [{ sensor: 'door', source: { kind: 'recording', file: played.file, pace: 0 } }],
    },
    'readme',
  );
  const agent = await openAgent({ config, logger });
  opened.push(agent);
  await agent.drained();
  return agent;
}

async function get<Answer>(url: string, path: string): Promise<Answer> {
  const response = await fetch(new URL(path, url));
  expect(response.status, path).toBe(200);
  return (await response.json()) as Answer;
}

async function followOneCount(folder: string, broker: object, agentBrokerUrl?: string) {
  const { file, truth } = await recordWalkers(folder);
  const replay = await replayRecording({ file });
  if (!('crossings' in replay)) throw new Error('a distance recording gives crossings');
  const gateway = await startGateway(folder, broker);
  const agent = await playOnAgent(folder, { file, brokerUrl: agentBrokerUrl ?? gateway.brokerUrl });

  // The birth may come a moment after the first counts: it says that these walkers are simulated.
  const simulatedLines = async () => {
    const { sites } = await get<SiteList>(gateway.url, '/v1/sites');
    return sites.flatMap((site) => site.lines).map((line) => [line.id, line.simulated]);
  };
  await expect.poll(simulatedLines, { timeout: 10_000 }).toEqual([['ladentuer', true]]);

  const range = 'from=2026-03-02T08:00:00Z&to=2026-03-02T09:00:00Z&resolution=5m';
  const counts = await get<CrossingCounts>(gateway.url, `/v1/lines/ladentuer/counts?${range}`);
  // What arrives is what the counter said, to the last person …
  expect({ in: counts.total.in, out: counts.total.out }).toEqual(replay.totals);
  // … and the counter is near the truth: one person of doubt each way in six easy minutes.
  expect(Math.abs(replay.totals.in - truth.in)).toBeLessThanOrEqual(1);
  expect(Math.abs(replay.totals.out - truth.out)).toBeLessThanOrEqual(1);
  // The recording covers the first six minutes of the hour; nobody looked at the rest.
  expect(counts.cells).toHaveLength(12);
  expect(counts.cells[0]!.coverage).toBeGreaterThan(0.95);
  expect(counts.cells.slice(2).map((cell) => [cell.coverage, cell.in])).toEqual(
    Array.from({ length: 10 }, () => [0, null]),
  );

  const { totals } = await get<Completeness>(gateway.url, '/v1/devices/zaehler-1/completeness');
  expect(totals).toMatchObject({ sent: minutes, stored: minutes, missing: 0, refused: 0, reused: 0 });
  expect(agent.status.health).toMatchObject({ lastSequence: minutes, outboxHeld: 0 });

  const page = await fetch(gateway.url);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('Passant');
}

describe('one count travels from a recording to an API answer and a page', () => {
  test('through the embedded broker', async () => {
    await followOneCount(scratchFolder(), { kind: 'embedded', port: 0 });
  });

  test('through Mosquitto', async (context) => {
    requirePrograms(context, 'mosquitto');
    const mosquitto = await openMosquitto();
    opened.push(mosquitto);
    await followOneCount(scratchFolder(), { kind: 'external', url: mosquitto.url }, mosquitto.url);
  });
});

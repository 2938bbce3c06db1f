import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAgentConfig } from '../../edge-agent/config.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import { writeDoorRecording } from '../doubles/door-recording.ts';
import { openMosquitto } from '../doubles/mosquitto-process.ts';
import { openGatewayBed } from '../gateway/gateway-bed.ts';
import { requirePrograms } from '../require-programs.ts';

const logger = pino({ level: 'silent' });
const passages = [
  { atSeconds: 20, direction: 'in' },
  { atSeconds: 75, direction: 'in' },
  { atSeconds: 80, direction: 'out' },
  { atSeconds: 170, direction: 'out' },
] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-agent-gateway-'));
  writeDoorRecording({
    file: join(folder, 'door.ndjson'),
    startedAt: '2026-03-02T08:00:00Z',
    durationSeconds: 200,
    passages,
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const site = {
  id: 'shop',
  name: 'Shop',
  lines: [{ id: 'door', name: 'Door', sensors: [{ device: 'shop-1', sensor: 'door' }] }],
};

/** Plays the recording against a gateway and returns what the gateway says it has. */
async function playInto(broker: object, brokerUrl?: string) {
  const bed = await openGatewayBed({ config: { broker, sites: [site] } });
  const config = parseAgentConfig(
    {
      device: 'shop-1',
      stateDir: join(folder, 'state'),
      runDir: join(folder, 'run'),
      clock: 'trusted',
      uplink: { url: brokerUrl ?? bed.gateway.brokerUrl, startDelaySecondsMax: 0, batchSecondsMax: 0 },
      sensors: [
        { sensor: 'door', source: { kind: 'recording', file: join(folder, 'door.ndjson'), pace: 0 } },
      ],
    },
    'test',
  );
  const agent = await openAgent({ config, logger });
  try {
    await agent.drained();
    const window = 'from=2026-03-02T08:00:00Z&to=2026-03-02T09:00:00Z&resolution=1h';
    return {
      status: agent.status,
      counts: await bed.get<unknown>(`/v1/lines/door/counts?${window}`),
      completeness: await bed.get<{ totals: object }>('/v1/devices/shop-1/completeness'),
    };
  } finally {
    await agent.close();
    await bed.close();
  }
}

describe('agent and gateway', () => {
  test('a recording’s passages arrive through the embedded broker, each interval once', async () => {
    const { status, counts, completeness } = await playInto({ kind: 'embedded', port: 0 });
    expect(status.health).toMatchObject({ outboxHeld: 0, lastSequence: 4, epochReason: 'first' });
    expect(completeness.totals).toMatchObject({ sent: 4, stored: 4, missing: 0, reused: 0 });
    expect(JSON.stringify(counts)).toContain('"in":2,"out":2');
  });

  test('the same through Mosquitto, with MQTT 5', async (context) => {
    requirePrograms(context, 'mosquitto');
    const mosquitto = await openMosquitto();
    try {
      const { completeness } = await playInto({ kind: 'external', url: mosquitto.url }, mosquitto.url);
      expect(completeness.totals).toMatchObject({ sent: 4, stored: 4, missing: 0, reused: 0 });
    } finally {
      await mosquitto.close();
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAgentConfig } from '../../edge-agent/config.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import type { SiteProfile } from '../../gateway/contract/site-profile.ts';
import { LiveDoorSensor } from '../doubles/live-door-sensor.ts';
import { ScriptedLink } from '../doubles/scripted-link.ts';
import { StillMotionSensor } from '../doubles/still-motion-sensor.ts';
import { VirtualAgentClock } from '../doubles/virtual-agent-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-witness-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function profileWith(witnessOf: string | null): SiteProfile {
  const pir = { sensor: 'motion', kind: 'pir', type: 'hc-sr501' } as const;
  return {
    version: 1,
    revision: 1,
    parent: null,
    sensors: [witnessOf === null ? pir : { ...pir, witnessOf }],
  };
}

/** An agent at a door through which fifteen people come, beside a detector that sees none of them. */
async function flagsAfterTheDay(profile: SiteProfile): Promise<readonly string[]> {
  const clock = new VirtualAgentClock();
  writeFileSync(join(folder, 'profile.json'), JSON.stringify(profile));
  const passages = Array.from({ length: 15 }, (_, walker) => ({
    atSeconds: 120 + 30 * walker,
    direction: 'in' as const,
  }));
  const agent = await openAgent({
    config: parseAgentConfig(
      {
        device: 'shop-1',
        stateDir: join(folder, 'state'),
        runDir: join(folder, 'run'),
        siteProfile: join(folder, 'profile.json'),
        sensors: [
          { sensor: 'door', source: { kind: 'vl53l1x' } },
          { sensor: 'motion', source: { kind: 'pir', outsidePin: 17 } },
        ],
      },
      'test',
    ),
    logger: pino({ level: 'silent' }),
    clock,
    link: new ScriptedLink(),
    random: () => 0.5,
    machineId: 'machine-a',
    openSensor: async (source) =>
      source.kind === 'vl53l1x' ? new LiveDoorSensor(clock, passages) : new StillMotionSensor(clock),
  });
  await clock.sleep(120 + 30 * 15 + 30);
  const { flags } = agent.status.sensors.find(({ sensor }) => sensor === 'door')!;
  await agent.close();
  return flags;
}

test('a door whose witness stays silent while many pass says so in its status', async () => {
  expect(await flagsAfterTheDay(profileWith('door'))).toContain('witness-disagrees');
});

test('a detector that is nobody’s witness disagrees with nobody', async () => {
  expect(await flagsAfterTheDay(profileWith(null))).not.toContain('witness-disagrees');
});

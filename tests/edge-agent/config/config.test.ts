import { describe, expect, test } from 'vitest';
import { ConfigError, parseAgentConfig } from '../../../edge-agent/config.ts';

const door = { sensor: 'door', source: { kind: 'recording', file: 'door.ndjson' } };

function faultsOf(value: unknown): readonly string[] {
  try {
    parseAgentConfig(value, 'agent.json');
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('a configuration', () => {
  test('needs a device and a sensor; the rest has its defaults', () => {
    const config = parseAgentConfig({ device: 'shop-1', sensors: [door] }, 'agent.json');
    expect(config).toMatchObject({
      stateDir: '/var/lib/passant',
      runDir: '/run/passant',
      clock: 'system',
      outbox: { capacityDays: 400, deliveredDays: 35 },
    });
    expect(config.uplink).toBeUndefined();
  });

  test('fills in the uplink where one is named', () => {
    const uplink = { url: 'mqtts://counts.example.org:8883' };
    const config = parseAgentConfig({ device: 'shop-1', uplink, sensors: [door] }, 'agent.json');
    expect(config.uplink).toMatchObject({ ...uplink, protocol: 'auto', backfillOrder: 'newest-first' });
  });

  test('is frozen to its last part', () => {
    const config = parseAgentConfig({ device: 'shop-1', sensors: [door] }, 'agent.json');
    expect(() => Object.assign(config.sensors[0]!, { sensor: 'window' })).toThrow(TypeError);
    expect(() => Object.assign(config.outbox, { capacityDays: 1 })).toThrow(TypeError);
  });

  test('reports all its faults together, by field', () => {
    const faults = faultsOf({
      device: 'Shop 1',
      clock: 'sundial',
      uplink: { url: 'http://x' },
      sensors: [door],
    });
    for (const field of ['device', 'clock', 'uplink.url']) {
      expect(
        faults.some((fault) => fault.startsWith(field)),
        `${field} in ${faults.join('; ')}`,
      ).toBe(true);
    }
  });

  test.each([
    ['an unknown setting', { device: 'a', sensors: [door], speed: 1 }],
    ['no sensor', { device: 'a', sensors: [] }],
    ['a slot twice', { device: 'a', sensors: [door, door] }],
    ['a time zone nobody knows', { device: 'a', sensors: [door], timeZone: 'Europe/Iserlohn' }],
    ['no object', 'door'],
  ])('with %s is refused', (_name, value) => {
    expect(faultsOf(value).length).toBeGreaterThan(0);
  });
});

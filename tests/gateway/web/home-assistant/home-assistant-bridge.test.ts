import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RunningTotals } from '../../../../gateway/ingest/running-totals.ts';
import { CountsReader } from '../../../../gateway/web/api/counts-reader.ts';
import {
  type HomeAssistantBridge,
  openHomeAssistantBridge,
} from '../../../../gateway/web/home-assistant/home-assistant-bridge.ts';
import { type MosquittoProcess, openMosquitto } from '../../../doubles/mosquitto-process.ts';
import { programPath, requirePrograms } from '../../../require-programs.ts';
import { admitted, crossing } from '../../sample-intervals.ts';
import { type ApiBed, openApiBed } from '../api-bed.ts';

const run = promisify(execFile);
const there = programPath('mosquitto') !== null && programPath('mosquitto_sub') !== null;

test('Mosquitto is there to be tried', (context) => {
  requirePrograms(context, 'mosquitto', 'mosquitto_sub');
  expect(there).toBe(true);
});

describe.runIf(there)('what Home Assistant is told', () => {
  let bed: ApiBed;
  let broker: MosquittoProcess;
  let bridge: HomeAssistantBridge;
  beforeEach(async () => {
    bed = await openApiBed();
    // Nobody at the third line's sensor, and nobody who looks at the fourth's.
    const { sites, lines, assignments } = await bed.store.readDirectory();
    const more = ['yard', 'attic'].map((id) => ({ ...lines[0]!, id: `${id}-door`, name: id }));
    const sensors = more.map(({ id }) => ({
      ...assignments[0]!,
      line: id,
      device: id.replace('-door', '-1'),
    }));
    await bed.store.applySetup({
      sites,
      lines: [...lines, ...more],
      assignments: [...assignments, ...sensors],
    });
    await bed.store.commitBatch(admitted([crossing(1, { in: 0, out: 0 })], { device: 'yard-1' }));
    broker = await openMosquitto();
    const now = () => bed.clock.nowMs;
    const parts = { store: bed.store, running: new RunningTotals(), timeZone: 'Europe/Berlin', now };
    const settings = { url: broker.url, prefix: 'homeassistant' };
    bridge = openHomeAssistantBridge(settings, { reader: new CountsReader(parts), failed: () => {} });
  });
  afterEach(async () => {
    await bridge.close();
    await broker.close();
    await bed.close();
  });

  /** What lies retained at the broker, by topic, as another program reads it. */
  async function retained(): Promise<Map<string, string>> {
    const found = await run(programPath('mosquitto_sub')!, [
      ...['-p', String(broker.port), '-t', '#', '--retained-only', '-W', '1', '-F', '%t %p'],
    ]).catch((cause: { stdout: string }) => cause);
    return new Map(
      found.stdout
        .trim()
        .split('\n')
        .filter((line) => line.includes(' '))
        .map((line): [string, string] => [
          line.slice(0, line.indexOf(' ')),
          line.slice(line.indexOf(' ') + 1),
        ]),
    );
  }
  const announced = async () => {
    await expect
      .poll(async () => (await retained()).get('passant/home-assistant/availability'), { timeout: 20_000 })
      .toBe('online');
    return retained();
  };

  test('is every line as two sensors whose states are the API’s numbers of today, 0 as 0 and missing as null', async () => {
    const messages = await announced();
    const configs = [...messages].filter(([topic]) => topic.startsWith('homeassistant/sensor/'));
    expect(configs.map(([topic]) => topic).sort()).toEqual(
      ['attic', 'cafe', 'shop', 'yard'].flatMap((line) => [
        `homeassistant/sensor/${line}-door/in/config`,
        `homeassistant/sensor/${line}-door/out/config`,
      ]),
    );
    for (const [topic, payload] of configs) {
      const [, , line, direction] = topic.split('/') as [string, string, string, 'in' | 'out'];
      const config = JSON.parse(payload);
      expect(config).toMatchObject({
        unique_id: `passant-${line}-${direction}`,
        state_class: 'total_increasing',
        value_template: `{{ value_json.${direction} }}`,
        availability_topic: 'passant/home-assistant/availability',
        device: { identifiers: [`passant-${line}`] },
      });
      const state = JSON.parse(messages.get(config.state_topic)!);
      const day = 'from=2026-03-01T23:00:00Z&to=2026-03-02T23:00:00Z&resolution=1d';
      const told = (await bed.app.inject(`/v1/lines/${line}/counts?${day}`)).json();
      expect(state[direction], topic).toBe(told.total[direction]);
    }
    const stateOf = (line: string) => JSON.parse(messages.get(`passant/home-assistant/${line}/state`)!);
    expect([stateOf('yard-door').in, stateOf('attic-door').in]).toEqual([0, null]);
  });

  test('is told again to a broker that has forgotten it, and when Home Assistant says that it is online', async () => {
    await announced();
    await broker.restart();
    expect((await announced()).has('homeassistant/sensor/shop-door/in/config')).toBe(true);
    const other = await connectAsync(broker.url);
    for (const topic of ['homeassistant/sensor/shop-door/in/config', 'passant/home-assistant/availability']) {
      await other.publishAsync(topic, '', { qos: 1, retain: true });
    }
    await other.publishAsync('homeassistant/status', 'online', { qos: 1 });
    expect((await announced()).has('homeassistant/sensor/shop-door/in/config')).toBe(true);
    await other.endAsync();
  });

  test('is taken back when the gateway goes', async () => {
    await announced();
    await bridge.close();
    expect((await retained()).get('passant/home-assistant/availability')).toBe('offline');
  });
});

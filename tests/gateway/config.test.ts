import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  ConfigError,
  type GatewayConfig,
  parseGatewayConfig,
  readGatewayConfig,
} from '../../gateway/config.ts';
import { setupOf } from '../../gateway/setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'passant-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(file, text);
  return file;
}

function faultsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (cause) {
    expect(cause).toBeInstanceOf(ConfigError);
    return (cause as Error).message.split('\n');
  }
  return [];
}

describe('without a file', () => {
  test('everything has a default that a newcomer can use', () => {
    expect(readGatewayConfig([])).toEqual({
      http: { host: '127.0.0.1', port: 8080, tls: false },
      broker: { kind: 'embedded', host: '127.0.0.1', port: 1883, tls: false, credentials: [] },
      certificate: { names: [] },
      enrolment: {},
      dataDirectory: './var/gateway',
      devices: 'open',
      knownDevices: [],
      timeZone: 'Europe/Berlin',
      retention: { minutesDays: 400, quartersDays: 1_100, hoursDays: null, daysDays: null },
      access: 'auto',
      logLevel: 'info',
    });
  });

  test('help is only asked for', () => {
    expect(readGatewayConfig(['--help'])).toBe('help');
  });
});

describe('flags', () => {
  test('win over the file', () => {
    const file = fileWith('{"http":{"port":1},"broker":{"kind":"embedded","port":2},"dataDirectory":"a"}');
    const flags = ['--config', file, '--port', '0', '--broker-port', '4', '--data', 'b', '--host', '::1'];
    expect(readGatewayConfig(flags)).toMatchObject({
      http: { host: '::1', port: 0 },
      broker: { port: 4 },
      dataDirectory: 'b',
    });
  });

  test('one flag turns TLS on for page, API and broker', () => {
    const { http, broker } = readGatewayConfig(['--tls', '--port', '8443']) as GatewayConfig;
    expect([http, broker]).toMatchObject([
      { port: 8443, tls: true },
      { tls: true, port: 1883 },
    ]);
  });

  test.each([[['--prot', '1']], [['8080']], [['--port']]])('%j are named in one line', (argv) => {
    expect(faultsOf(() => readGatewayConfig(argv))).toHaveLength(1);
  });

  test('a port that is no number is named', () => {
    expect(faultsOf(() => readGatewayConfig(['--port', 'http']))).toEqual([
      expect.stringContaining('/http/port'),
    ]);
  });
});

describe('a file', () => {
  test('with several faults names them all at once, with file and field', () => {
    const broker = { kind: 'external', url: 'http://x' };
    const file = fileWith(JSON.stringify({ http: { port: 99999 }, broker, devices: 'some', colour: 1 }));
    const faults = faultsOf(() => readGatewayConfig(['--config', file]));
    for (const fault of faults) expect(fault).toContain(file);
    for (const field of ['/http/port', '/broker/url', '/devices']) {
      expect(faults.join('\n')).toContain(field);
    }
    expect(faults.length).toBe(4);
  });

  test.each([
    ['that is missing', () => join(folder, 'nowhere.json'), /nowhere.json: ENOENT/],
    ['that is no JSON', () => fileWith('{"http":'), /json: .*JSON/],
    ['that is a list', () => fileWith('[]'), /not a JSON object/],
  ])('%s is one clear line', (_name, open, message) => {
    const faults = faultsOf(() => readGatewayConfig(['--config', open()]));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });
});

describe('sites', () => {
  const sensor = (changes: object = {}) => ({ device: 'shop-1', sensor: 'door', ...changes });
  const site = (sensors: object[], changes: object = {}) => ({
    id: 'shop',
    name: 'Shop',
    lines: [{ id: 'shop-door', name: 'Door', sensors }],
    ...changes,
  });
  const parse = (...sites: object[]) => parseGatewayConfig({ sites }, 'test');

  test('become rows of the store', () => {
    const from = '2026-03-02T08:00:00Z';
    const { sites } = parse(site([sensor({ swapped: true, until: from }), sensor({ sensor: 'new', from })]));
    expect(setupOf(sites!)).toEqual({
      sites: [{ id: 'shop', name: 'Shop', organisation: '', town: '', timeZone: 'Europe/Berlin' }],
      lines: [{ id: 'shop-door', site: 'shop', name: 'Door', role: 'entrance', kind: 'crossing' }],
      assignments: [
        {
          line: 'shop-door',
          ...sensor(),
          role: 'counts',
          lane: 0,
          sign: -1,
          fromMs: null,
          untilMs: Date.parse(from),
        },
        {
          line: 'shop-door',
          device: 'shop-1',
          sensor: 'new',
          role: 'counts',
          lane: 0,
          sign: 1,
          fromMs: Date.parse(from),
          untilMs: null,
        },
      ],
    });
  });

  test.each([
    ['two sites of one name', [site([]), site([], { lines: [] })], /site "shop" is there twice/],
    ['two lines of one name', [site([]), site([], { id: 'other' })], /line "shop-door" is there twice/],
    [
      'a zone that is none',
      [site([], { timeZone: 'Europe/Iserlohn' })],
      /"Europe\/Iserlohn" is not a time zone/,
    ],
    ['the automatic site', [site([], { id: 'unassigned' })], /automatic site/],
    ['a lane without number', [site([sensor({ role: 'lane' })])], /a lane has a number/],
    [
      'a time that runs backwards',
      [site([sensor({ from: '2026-03-02T08:00:00Z', until: '2026-03-01T08:00:00Z' })])],
      /from is not before until/,
    ],
    ['two sensors that count at once', [site([sensor(), sensor({ sensor: 'b' })])], /count at the same time/],
  ])('with %s are refused', (_name, sites, message) => {
    expect(faultsOf(() => parse(...sites)).join('\n')).toMatch(message);
  });

  test('may have a witness, lanes, and a device that follows another', () => {
    const at = '2026-03-02T08:00:00Z';
    const lanes = [1, 2].map((lane) => sensor({ sensor: `lane-${lane}`, role: 'lane', lane }));
    expect(parse(site([...lanes, sensor({ sensor: 'pir', role: 'witness' })]))).toBeTruthy();
    expect(parse(site([sensor({ until: at }), sensor({ device: 'shop-2', from: at })]))).toBeTruthy();
  });
});

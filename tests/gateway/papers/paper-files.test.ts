import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../gateway/commands/run-command.ts';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import type { DeviceStatus } from '../../../gateway/contract/device-status.ts';
import { noProfileHash } from '../../../gateway/contract/site-profile.ts';
import { openStore } from '../../../gateway/open-store.ts';
import { paperAsHtml, paperAsPdf, paperNames } from '../../../gateway/papers/paper-files.ts';
import { programPath, requirePrograms } from '../../require-programs.ts';
import { sampleEpoch, sampleStart } from '../sample-intervals.ts';
import { type ApiBed, openApiBed } from '../web/api-bed.ts';
import { sampleDevice, sampleFacts } from './sample-facts.ts';

const kinds = ['vl53l1x', 'tf-luna', 'ultrasonic', 'pir', 'wifi-probe'] as const;
/** As much as a sign may have to say. */
const longFacts = sampleFacts({
  site: {
    id: 'shop',
    name: 'Buchhandlung und Schreibwaren am Alten Markt',
    organisation: 'x',
    town: 'Iserlohn-Letmathe',
  },
  privacy: {
    controller: 'Buchhandlung und Schreibwaren Lange und Töchter GmbH & Co. KG',
    contact: 'datenschutz@buchhandlung-lange.example',
  },
  devices: [
    sampleDevice({
      wifiMode: 'hashing',
      sensors: kinds.map((kind) => ({ sensor: kind, kind, simulated: false })),
    }),
    sampleDevice({ device: 'a-device-with-a-long-name-2', wifiMode: 'rate' }),
    ...[3, 4, 5, 6].map((number) =>
      sampleDevice({ device: `a-device-with-a-long-name-${number}`, standing: 'silent' }),
    ),
  ],
  shares: (['partner', 'public'] as const).map((audience) => ({
    line: 'Tür',
    audience,
    partner: null,
    resolution: '1h',
    fromMs: sampleStart,
    untilMs: null,
  })),
  noticeUrl: 'https://zaehler.iserlohn.example/v1/sites/buchhandlung-am-markt/papers/notice.html',
});

/** What a PDF says and how many pages it has, by poppler's programs. */
function readPdf(file: Buffer): { text: string; pages: number; size: string } {
  const run = (program: string, ...args: string[]) =>
    spawnSync(programPath(program)!, args, { input: file, encoding: 'utf8', maxBuffer: 1e8 });
  const text = run('pdftotext', '-layout', '-', '-');
  expect([text.status, text.stderr]).toEqual([0, '']);
  const info = run('pdfinfo', '-').stdout;
  return {
    text: text.stdout.replace(/\s+/g, ' '),
    pages: Number(/^Pages:\s+(\d+)/m.exec(info)?.[1]),
    size: /^Page size:\s+(.*)$/m.exec(info)?.[1] ?? '',
  };
}

describe('papers as files', () => {
  test.for([...paperNames])('%s says the same as HTML and as PDF', async (name, context) => {
    requirePrograms(context, 'pdftotext');
    for (const language of ['de', 'en'] as const) {
      const { text } = readPdf(await paperAsPdf(name, longFacts, language));
      const html = paperAsHtml(name, longFacts, language)
        .replace(/<title>.*?<\/title>|<style>.*?<\/style>|<svg.*?<\/svg>/gs, ' ')
        .replace(/<[^>]+>/g, '\n');
      const sentences = html
        .split('\n')
        .map((line) => line.trim().replaceAll('&amp;', '&'))
        .filter((line) => line.length > 25);
      expect(sentences.length).toBeGreaterThan(5);
      // Lines of a PDF break where they must, also within a compound at its hyphen, and a table's columns stand beside each other.
      const words = new Set(text.replaceAll('- ', '-').split(/[\s-]+/));
      for (const word of sentences.flatMap((line) => line.split(/[\s-]+/)))
        expect(words, word).toContain(word);
    }
  });

  test.for([
    ['sign-a4', '595.28 x 841.89 pts (A4)'],
    ['sign-a6', '297.64 x 419.53 pts'],
  ] as const)('%s is one page of its size, however much there is to say', async ([name, size], context) => {
    requirePrograms(context, 'pdfinfo');
    for (const language of ['de', 'en'] as const) {
      const { pages, size: found } = readPdf(await paperAsPdf(name, longFacts, language));
      expect([pages, found.slice(0, size.length)]).toEqual([1, size]);
    }
  });

  test('load nothing from anywhere', () => {
    for (const name of paperNames) {
      const html = paperAsHtml(name, longFacts, 'de');
      expect(html).not.toMatch(/<script|<link|<img|@import|url\(/);
    }
  });
});

describe('papers over HTTP', () => {
  let bed: ApiBed;
  beforeAll(async () => {
    bed = await openApiBed();
    await bed.store.recordStatus('shop-1', status, sampleStart);
  });
  afterAll(() => bed.close());
  const get = (path: string) => bed.app.inject(`/v1/sites/shop/papers${path}`);

  test('say what the device has reported, and name it once it has been silent for 24 hours', async () => {
    bed.clock.nowMs = sampleStart + 23 * 3_600_000;
    const fresh = await get('/notice.html?language=en');
    expect(fresh.headers['content-type']).toMatch(/^text\/html/);
    expect(fresh.body).toContain('mode “rate”');
    expect(fresh.body).toContain('9.9.9');
    expect(fresh.body).not.toContain('Unverified');
    bed.clock.nowMs = sampleStart + 25 * 3_600_000;
    const late = await get('/notice.html?language=en');
    expect(late.body).toContain('Unverified: “shop-1” (last heard on 2 March 2026 at 09:00)');
    expect((await get('')).json()).toMatchObject({ unverified: ['shop-1'] });
  });

  test('a device that only counts has never said what it runs', async () => {
    const { body } = await bed.app.inject('/v1/sites/cafe/papers/notice.html?language=en');
    expect(body).toContain('“cafe-1” (has never reported what it runs)');
  });

  test('come as PDF, in German unless asked otherwise, and not for a site that is not there', async () => {
    const answer = await get('/sign-a6.pdf');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(answer.headers['content-disposition']).toContain('shop-sign-a6-de.pdf');
    expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
    expect((await bed.app.inject('/v1/sites/nowhere/papers/notice.html')).statusCode).toBe(404);
    expect((await get('/notice.html?language=fr')).statusCode).toBe(400);
  });

  test('the list says what the configuration still lacks', async () => {
    const { missing, papers } = (await get('')).json();
    expect(missing).toContain('details.privacy.controller');
    for (const paper of papers as string[]) expect((await get(`/${paper}`)).statusCode, paper).toBe(200);
  });

  test('the command writes them all, and refuses a site that is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'passant-papers-'));
    const lines: string[] = [];
    const streams = {
      stdin: (async function* () {})(),
      stdout: { write: (text: string) => lines.push(text) },
      stderr: { write: (text: string) => lines.push(text) },
    };
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ dataDirectory: folder, sites: [] }));
    const store = await openStore(parseGatewayConfig({ dataDirectory: folder }, 'test'));
    const { sites, lines: setupLines, assignments } = await bed.store.readDirectory();
    await store.applySetup({ sites, lines: setupLines, assignments });
    await store.close();
    const out = join(folder, 'out');
    expect(
      await runCommand(['papers', 'shop', '--config', config, '--language', 'en', '--out', out], streams),
    ).toBe(0);
    expect(readdirSync(out)).toHaveLength(paperNames.length * 2);
    expect(lines.join('')).toContain('unverified, named so in every paper: shop-1');
    expect(await runCommand(['papers', 'nowhere', '--config', config, '--out', out], streams)).toBe(2);
    expect(await runCommand(['papers', 'shop', '--language', 'fr', '--config', config], streams)).toBe(2);
    expect(existsSync('papers-shop')).toBe(false);
    rmSync(folder, { recursive: true });
  });
});

const status: DeviceStatus = {
  version: 1,
  online: true,
  software: '9.9.9',
  bootId: 'b',
  startedAt: null,
  epoch: sampleEpoch,
  profile: noProfileHash,
  clock: 'synced',
  wifiMode: 'rate',
  sensors: [{ sensor: 'wifi', kind: 'wifi-probe', simulated: false, state: 'counting', flags: [] }],
  health: { outboxHeld: 0, outboxFull: false, epochReason: 'first' },
};

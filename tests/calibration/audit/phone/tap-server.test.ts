import { chromium } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTapServer, type TapServer } from '../../../../calibration/audit/phone/tap-server.ts';
import { TapBook } from '../../../../calibration/audit/tap-book.ts';
import { walkTestMessages } from '../../../../calibration/messages/walk-test.ts';
import { programPath, requirePrograms } from '../../../require-programs.ts';

let book: TapBook;
let server: TapServer;
let begun: boolean;
const now = () => performance.now() / 1000;

beforeEach(async () => {
  book = new TapBook();
  begun = true;
  const intake = {
    take: (event: Parameters<TapBook['take']>[0]) => book.take(event),
    standing: () => 'standing',
  };
  server = await openTapServer({
    host: '127.0.0.1',
    port: 0,
    words: walkTestMessages.de.phone,
    nowSeconds: now,
    intake: () => (begun ? intake : null),
  });
});
afterEach(() => server.close());

const post = (body: unknown, url = server.url) =>
  fetch(`${url}taps`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
const tap = (id: string, atMs: number, more: object = {}) => ({
  type: 'tap',
  id,
  atMs,
  direction: 'in',
  kind: 'adult',
  ...more,
});

describe('the telephone’s server', () => {
  test('places a tap by how long ago it was, whatever the telephone’s clock says', async () => {
    const wrongClockMs = 12_000;
    const sent = now();
    const answer = await post({
      sentAtMs: wrongClockMs,
      roundTripMs: 0,
      events: [tap('a', wrongClockMs - 4000)],
    });
    expect(await answer.json()).toEqual({ standing: 'standing' });
    expect(book.taps[0]!.atSeconds).toBeGreaterThanOrEqual(sent - 4);
    expect(book.taps[0]!.atSeconds).toBeLessThanOrEqual(now() - 4);
  });

  test('counts what comes twice once, and takes kinds and undo', async () => {
    const events = [tap('a', 0), tap('b', 1), { type: 'kind', id: 'k', of: 'a', kind: 'child' }];
    for (let time = 0; time < 2; time++) await post({ sentAtMs: 10, roundTripMs: 0, events });
    await post({ sentAtMs: 10, roundTripMs: 0, events: [{ type: 'undo', id: 'u', of: 'b' }] });
    expect(book.taps.map(({ kind }) => kind)).toEqual(['child']);
  });

  test.each([
    ['no JSON', '{'],
    ['another form', { taps: [] }],
    ['a kind that does not exist', { sentAtMs: 1, roundTripMs: 0, events: [tap('a', 0, { kind: 'dog' })] }],
    ['more than anybody taps', 'x'.repeat(300 * 1024)],
  ])('refuses %s and takes nothing', async (_name, body) => {
    expect((await post(body)).status).toBe(400);
    expect(book.taps).toEqual([]);
  });

  test('ignores taps from the future, from yesterday, and with a direction that does not fit', async () => {
    const events = [tap('a', 2000), tap('b', 0, { kind: 'turned-back' }), tap('c', 0, { direction: null })];
    await post({ sentAtMs: 1000, roundTripMs: 0, events });
    await post({ sentAtMs: 90_000_000, roundTripMs: 0, events: [tap('d', 0)] });
    expect(book.taps).toEqual([]);
  });

  test('knows nobody without the token, and answers nothing else', async () => {
    const foreign = new URL('/aaaaaaaaaaaaaaaaaaaaaa/', server.url).href;
    expect((await fetch(foreign)).status).toBe(404);
    expect((await post({ sentAtMs: 1, roundTripMs: 0, events: [tap('a', 0)] }, foreign)).status).toBe(404);
    expect((await fetch(new URL('/', server.url))).status).toBe(404);
    expect((await fetch(server.url, { method: 'DELETE' })).status).toBe(405);
    expect(new URL(server.url).pathname.length).toBeGreaterThanOrEqual(24);
    expect(book.taps).toEqual([]);
  });

  test('lets telephones wait until the test has begun', async () => {
    begun = false;
    expect((await post({ sentAtMs: 1, roundTripMs: 0, events: [] })).status).toBe(503);
  });
});

describe('the telephone’s page', { timeout: 60_000 }, () => {
  test('keeps taps without a connection, also over a reload, and delivers each once', async (context) => {
    requirePrograms(context, 'chromium');
    const browser = await chromium.launch({
      executablePath: programPath('chromium')!,
      args: ['--no-sandbox'],
    });
    try {
      const phone = await browser.newContext({ viewport: { width: 390, height: 780 }, hasTouch: true });
      const page = await phone.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(server.url);
      await expect.poll(() => page.locator('#link').textContent()).toBe('verbunden');
      await page.locator('#in').tap();
      await page.getByText('Kind', { exact: true }).tap();
      await expect.poll(() => book.taps.map(({ kind }) => kind)).toEqual(['child']);
      begun = false;
      await page.locator('#out').tap();
      await page.locator('#turned-back').tap();
      await expect.poll(() => page.locator('#link').textContent()).toContain('2 hier aufgehoben');
      await page.reload();
      await page.locator('#in').tap();
      await page.locator('#undo').tap();
      begun = true;
      await expect.poll(() => page.locator('#link').textContent()).toBe('verbunden');
      await expect.poll(() => book.taps.length).toBe(3);
      expect(book.taps.map(({ direction }) => direction)).toEqual(['in', 'out', null]);
      expect(await page.locator('#standing').textContent()).toBe('standing');
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
